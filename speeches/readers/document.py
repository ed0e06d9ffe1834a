"""What reading yields, and the limits it keeps to."""

from dataclasses import dataclass, field

MEBIBYTE = 1024 * 1024


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
    max_chars: int = 5_000_000
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
    notes: tuple[str, ...] = ()
    """Codes of what was cleaned, joined or left out, in the order of ``NOTES``."""
