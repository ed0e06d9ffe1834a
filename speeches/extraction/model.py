"""What the extractor hands out, and the office's own words that it is given.

Everything here is frozen data. `dataclasses.asdict(commitment)` is the whole of a finding; `last_day` in it
is a `datetime.date` or None.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Tier = Literal["hard", "assigned", "named"]
Op = Literal[">=", "<=", "==", "~", "in"]


@dataclass(frozen=True)
class OfficeDate:
    """A date that offices define for themselves: 汛期, 供暖期, 两会. Month and day, both ends inclusive.

    A period that runs over the new year (供暖期, 11-15 to 03-15) has its end before its start.
    """

    name: str
    start: tuple[int, int]
    end: tuple[int, int]


@dataclass(frozen=True)
class Lexicon:
    """The words of one office, as pure data. Every part may be left out.

    units             every name that a unit goes by: official names, short names, aliases
    groups            names that stand for several units (各乡镇, 各部门)
    people            names of persons that may be charged, with or without title
    dates             office-defined dates
    before_includes   whether "5月1日前" still allows the first of May; offices differ, the default is no
    """

    units: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()
    dates: tuple[OfficeDate, ...] = ()
    before_includes: bool = False

    def office_date(self, name: str) -> OfficeDate | None:
        """The office date of that name, or None where the office has not defined it."""
        return next((d for d in self.dates if d.name == name), None)


@dataclass(frozen=True)
class Deadline:
    """The words that bound an action.

    text       the words, as in the text
    last_day   the last day that is still on time; None where none follows or no speech date is known
    inherited  the words stand in a lead-in or trailer, outside the item's own segment
    start, end offsets of the words in the whole text
    value      the same as a symbol that does not depend on the speech's date; `values.py` has its grammar
    flags      before_speech, no_year, blank_year, unresolved
    """

    text: str
    last_day: date | None
    inherited: bool
    start: int
    end: int
    value: str
    flags: tuple[str, ...] = ()


@dataclass(frozen=True)
class Recurrence:
    """How often; `rrule` is the value of an RFC 5545 RRULE, without DTSTART. Offsets in the whole text."""

    text: str
    rrule: str
    start: int
    end: int


@dataclass(frozen=True)
class Target:
    """A number to reach or a limit to keep. `value` has 万 and 亿 multiplied out; `high` only with op "in".

    metric  what is measured, in the text's own words (路基宽度), "" where they do not say
    """

    text: str
    op: Op
    value: float
    unit: str
    start: int
    end: int
    high: float | None = None
    metric: str = ""


@dataclass(frozen=True)
class UnitMention:
    """A unit, body, group or person standing in the text.

    name  the name with a shared ending put back: 县计划 in "县计划、财政等部门" is 县计划部门
    kind  unit, group or person
    role  responsible, supporting, or "" where it is only mentioned
    """

    text: str
    name: str
    kind: Literal["unit", "group", "person"]
    role: Literal["responsible", "supporting", ""]
    start: int
    end: int


@dataclass(frozen=True)
class Commitment:
    """One action that the speaker directs, plans or promises.

    tier        hard (a date, frequency or number), assigned (a unit or person), named (a definite end state)
    start, end  offsets in the whole text: text[start:end] == quote
    heading     the headings above it, outermost first
    confidence  0 to 1, calibrated: of those at 0.9 about nine in ten are right
    reasons     short names of the rules that decided
    """

    tier: Tier
    deadline: Deadline | None
    recurrence: Recurrence | None
    targets: tuple[Target, ...]
    responsible: tuple[str, ...]
    supporting: tuple[str, ...]
    people: tuple[str, ...]
    start: int
    end: int
    quote: str
    heading: tuple[str, ...] = ()
    confidence: float = 0.0
    reasons: tuple[str, ...] = field(default=())
