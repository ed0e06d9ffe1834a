"""From the bytes of a file to its cleaned text."""

from collections.abc import Callable
from importlib import import_module
from typing import Any

from .cleaning import cleaned
from .document import MEBIBYTE, Document, Limits, Raw
from .errors import ReadError
from .plain import decode
from .sniffing import format_of

DEFAULT_LIMITS = Limits()
# The module that reads each format. It is imported when the first file of its kind comes: a process that is
# started for one file has no time for the libraries of the others.
READERS = {
    "docx": "word",
    "odt": "odt",
    "pdf": "pdf",
    "ofd": "ofd",
    "rtf": "rtf",
    "html": "web",
    "mhtml": "web",
    "legacy": "legacy",
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
    check_size(len(data), limits)
    kind = format_of(data, limits)
    if kind == "ole":
        kind, raw = _reader("legacy")(data, limits)
        kind = "wps" if name.lower().endswith(".wps") else kind
    elif kind == "txt":
        raw = Raw(*decode(data))
    else:
        raw = _reader(kind)(data, limits)
    if len(raw.text) > limits.max_chars:
        raise ReadError("too_long", limit=limits.max_chars)
    text, notes = cleaned(raw.text)
    if not text:
        raise ReadError("no_text")
    return Document(text, kind, raw.encoding, raw.metadata, raw.notes | notes)


def _reader(kind: str) -> Callable[[bytes, Limits], Any]:
    """Return the function that reads a format."""
    return getattr(import_module(f".{READERS[kind]}", __package__), f"read_{kind}")


def check_size(size: int, limits: Limits) -> None:
    """Refuse a file without a byte, and one over the limit."""
    if not size:
        raise ReadError("empty")
    if size > limits.max_bytes:
        raise ReadError(
            "too_large",
            size_mb=round(size / MEBIBYTE, 1),
            limit_mb=round(limits.max_bytes / MEBIBYTE, 1),
        )
