"""From the bytes of a file to its cleaned text."""

from .cleaning import cleaned
from .document import MEBIBYTE, Document, Limits, Raw
from .errors import ReadError
from .legacy import read_legacy
from .odt import read_odt
from .ofd import read_ofd
from .pdf import read_pdf
from .plain import decode
from .rtf import read_rtf
from .sniffing import format_of
from .web import read_html, read_mhtml
from .word import read_docx

DEFAULT_LIMITS = Limits()
READERS = {
    "docx": read_docx,
    "odt": read_odt,
    "pdf": read_pdf,
    "ofd": read_ofd,
    "rtf": read_rtf,
    "html": read_html,
    "mhtml": read_mhtml,
}


def read(data: bytes, *, name: str = "", limits: Limits = DEFAULT_LIMITS) -> Document:
    """Read the text out of ``data``; its format is told by its content.

    ``name`` decides only between doc and wps, which are one format under two names. It is no path.

    Raises ``ReadError`` and nothing else.
    """
    try:
        return read_strictly(data, name, limits)
    except ReadError:
        raise
    except MemoryError as error:
        raise ReadError("too_complex") from error
    except Exception as error:
        # A parser met what its author had not thought of. The cause is kept for the log.
        raise ReadError("damaged") from error


def read_strictly(data: bytes, name: str, limits: Limits) -> Document:
    """Do what ``read`` does, but let a fault of a parser through, so that tests can find it."""
    check_size(data, limits)
    kind = format_of(data, limits)
    if kind == "ole":
        kind, raw = read_legacy(data, limits)
        kind = "wps" if name.lower().endswith(".wps") else kind
    elif kind == "txt":
        raw = Raw(*decode(data))
    else:
        raw = READERS[kind](data, limits)
    if len(raw.text) > limits.max_chars:
        raise ReadError("too_long", limit=limits.max_chars)
    text, notes = cleaned(raw.text)
    if not text:
        raise ReadError("no_text")
    return Document(text, kind, raw.encoding, raw.metadata, (*raw.notes, *notes))


def check_size(data: bytes, limits: Limits) -> None:
    """Refuse a file without a byte, and one over the limit."""
    if not data:
        raise ReadError("empty")
    if len(data) > limits.max_bytes:
        raise ReadError(
            "too_large",
            size_mb=round(len(data) / MEBIBYTE, 1),
            limit_mb=round(limits.max_bytes / MEBIBYTE, 1),
        )
