"""What reading yields, and the limits it keeps to."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import islice
from typing import NamedTuple

from .errors import gettext_noop

MEBIBYTE = 1024 * 1024

# What may have been done on the way from the file to the text, as it is told to the user.
NOTES = {
    "numbered": gettext_noop("The numbers that Word draws before headings and lists were written out."),
    "cut_off": gettext_noop("The end of the file seems to be missing; what is there was read."),
    "running_heads": gettext_noop("Page headers, footers and page numbers were left out."),
    "columns": gettext_noop("Text in columns was put in reading order."),
    "stray_marks": gettext_noop("Stray marks at the edges of lines were removed."),
    "page_furniture": gettext_noop("Page numbers and buttons of web pages were left out."),
    "advert": gettext_noop("Adverts of a document site were left out."),
    "joined_lines": gettext_noop("Sentences broken over several lines were put together."),
    "repeated": gettext_noop("Paragraphs that stood there twice were kept once."),
}
# What was done, as keys of NOTES, each with the lines that it was done to (``shown``).
Notes = dict[str, list[str]]
MOST_SHOWN, LONGEST_SHOWN = 200, 100


def shown(lines: Iterable[str]) -> list[str]:
    """Return ``lines`` for a note: each once, cut to a length, and only so many that a page can show them."""
    cut = (line if len(line) <= LONGEST_SHOWN else line[: LONGEST_SHOWN - 1] + "…" for line in lines)
    return list(islice(dict.fromkeys(cut), MOST_SHOWN))


@dataclass(frozen=True)
class Limits:
    """How much a single file may ask for. Beyond any of them reading ends with a ``ReadError``."""

    max_bytes: int = 50 * MEBIBYTE
    """Size of the file as it was uploaded."""
    max_unpacked: int = 400 * MEBIBYTE
    """Bytes that may be unpacked out of it, all its members together."""
    max_ratio: int = 200
    """How many times its packed size a member of more than a mebibyte may unpack to."""
    max_members: int = 10_000
    """Members of a packed document."""
    max_depth: int = 200
    """How deep the elements of an XML or HTML document may be nested."""
    max_pages: int = 3_000
    """Pages of a PDF or an OFD document."""
    max_chars: int = 1_000_000
    """Characters of text."""


@dataclass(frozen=True)
class Document:
    """The text of one file.

    ``text`` is cleaned and final: every offset anywhere refers to it. Paragraphs are single lines,
    ended by ``\\n``; an empty line stands where the document sets its parts apart.
    """

    text: str
    format: str
    """``txt``, ``docx``, ``doc``, ``wps``, ``pdf``, ``odt``, ``rtf``, ``html``, ``mhtml`` or ``ofd``."""
    encoding: str | None = None
    """The character set of the bytes, where the format leaves that open."""
    metadata: dict[str, str] = field(default_factory=dict)
    """What the file says of itself: ``title``, ``author``, ``created`` (ISO 8601) …, where present."""
    notes: Notes = field(default_factory=dict)
    """What was cleaned, joined or left out on the way, and the lines that it happened to."""


class Raw(NamedTuple):
    """What the reader of one format found, before it is cleaned."""

    text: str
    encoding: str | None = None
    metadata: dict[str, str] = {}
    notes: Notes = {}
