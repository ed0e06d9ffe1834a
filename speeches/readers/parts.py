"""One speech within a text, and what the text says of it."""

from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

Value = TypeVar("Value")


@dataclass(frozen=True)
class Stated(Generic[Value]):
    """Something that the text says of itself, with the words that say so.

    ``evidence`` is ``Document.text[start:end]``; ``value`` is what it comes to.
    """

    value: Value
    evidence: str
    start: int
    end: int


@dataclass(frozen=True)
class SpeechPart:
    """One speech: ``text`` is ``Document.text[start:end]``. What the text does not say is None."""

    start: int
    end: int
    text: str
    title: Stated[str] | None = None
    speaker: Stated[str] | None = None
    post: Stated[str] | None = None
    occasion: Stated[str] | None = None
    issuing_body: Stated[str] | None = None
    delivered_on: Stated[date] | None = None
