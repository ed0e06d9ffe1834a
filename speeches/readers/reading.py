"""From the bytes of a file to its cleaned text."""

from .cleaning import clean
from .document import MEBIBYTE, Document, Limits
from .errors import ReadError
from .plain import decode

DEFAULT_LIMITS = Limits()


def read(data: bytes, *, name: str = "", limits: Limits = DEFAULT_LIMITS) -> Document:
    """Read the text out of ``data``; its format is told by its content, ``name`` decides nothing.

    Raises ``ReadError`` and nothing else.
    """
    check_size(data, limits)
    raw, encoding = decode(data)
    text = clean(raw)
    if not text.strip():
        raise ReadError("no_text")
    if len(text) > limits.max_chars:
        raise ReadError("too_long", limit=limits.max_chars)
    return Document(text, "txt", encoding)


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
