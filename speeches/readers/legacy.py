"""doc and wps: Word 97 to 2003 and what WPS writes under its own name ([MS-DOC], [MS-CFB])."""

import io
import re
import struct
from bisect import bisect_right
from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise
from typing import NamedTuple

import olefile

from . import numbering
from .document import Limits, Raw
from .errors import ReadError
from .legacy_lists import Lists

MAGIC = 0xA5EC
ENCRYPTED, SECOND_TABLE = 0x0100, 0x0200
COMPRESSED = 0x40000000
# The text of a document is followed by that of its notes, headers and boxes; only the first is read.
BODY_LENGTH = 0x4C
PIECES = 0x01A2
# A paragraph with the mark that ends it, a cell's among them.
PARAGRAPH = re.compile("[^\r\x07]*[\r\x07]|[^\r\x07]+")
FIELD_MARKS = re.compile("([\x13\x14\x15])")
CELL_ENDS = re.compile("\x07{2,}")
OTHERS = {"Workbook": "xls", "Book": "xls", "PowerPoint Document": "ppt"}


def read_legacy(data: bytes, limits: Limits) -> tuple[str, Raw]:
    """Return the format (``doc`` or ``wps``) and the text of the body."""
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as container:
            return _read(container, limits)
    except (OSError, struct.error, ValueError, IndexError, TypeError, AttributeError, RecursionError) as error:
        raise ReadError("truncated" if "incomplete" in str(error) else "damaged") from error


def _read(container: olefile.OleFileIO, limits: Limits) -> tuple[str, Raw]:
    names = {entry[0] for entry in container.listdir(streams=True, storages=True)}
    if "EncryptedPackage" in names:
        raise ReadError("encrypted")
    if "WordDocument" not in names:
        raise ReadError("unsupported", format=next((OTHERS[n] for n in OTHERS if n in names), "OLE"))
    if "Macros" in names or "_VBA_PROJECT_CUR" in names:
        raise ReadError("macro")
    document = container.openstream("WordDocument").read()
    magic, flags = struct.unpack_from("<H8xH", document)
    if magic != MAGIC:
        raise ReadError("unsupported", format="Word 95")
    if flags & ENCRYPTED:
        raise ReadError("encrypted")
    table = container.openstream("1Table" if flags & SECOND_TABLE else "0Table").read()
    metadata = _metadata(container)
    kind = "wps" if "WPS" in metadata.get("program", "") or "WpsCustomData" in names else "doc"
    pieces = list(_pieces(document, table, limits))
    text = "".join(piece.text for piece in pieces)
    try:
        text, numbered = _with_numbers(text, pieces, Lists(document, table))
    except (struct.error, IndexError):  # the numbers are spoilt, the text is not
        numbered = False
    return kind, Raw(_plain(text), metadata=metadata, notes={"numbered": []} if numbered else {})


class Piece(NamedTuple):
    """A stretch of the text, with where it lies in the file."""

    text: str
    start: int
    """Offset of its first character in the text."""
    place: int
    """Offset of its first byte in the file."""
    width: int
    """Bytes for a character."""


def _pieces(document: bytes, table: bytes, limits: Limits) -> Iterator[Piece]:
    """Yield the pieces that the text was saved in, in order ([MS-DOC] 2.4.1)."""
    (length,) = struct.unpack_from("<i", document, BODY_LENGTH)
    at, size = struct.unpack_from("<II", document, PIECES)
    pieces = _piece_table(table[at : at + size])
    count = (len(pieces) - 4) // 12
    if not 0 <= length <= limits.max_chars * 2 or count < 1:
        raise ReadError("damaged")
    edges = struct.unpack_from(f"<{count + 1}I", pieces)
    at = 0
    for index, (first, last) in enumerate(pairwise(edges)):
        last = min(last, length)
        if first >= last:
            continue
        (place,) = struct.unpack_from("<I", pieces, 4 * (count + 1) + 8 * index + 2)
        if place & COMPRESSED:
            width, place, encoding = 1, (place & ~COMPRESSED) // 2, "cp1252"
        else:
            width, encoding = 2, "utf-16-le"
        text = document[place : place + width * (last - first)].decode(encoding, "replace")
        yield Piece(text, at, place, width)
        at += len(text)


def _with_numbers(text: str, pieces: list[Piece], lists: Lists) -> tuple[str, bool]:
    """Return ``text`` with the automatic numbers of its paragraphs written out, and whether there are any."""
    starts = [piece.start for piece in pieces]
    written = []
    for match in PARAGRAPH.finditer(text):
        words = match[0]
        if words[:-1].strip():
            piece = pieces[bisect_right(starts, match.end() - 1) - 1]
            marker = lists.marker(piece.place + (match.end() - 1 - piece.start) * piece.width)
            words = numbering.joined(marker, words) if marker else words
        written.append(words)
    return "".join(written), lists.used


def _piece_table(clx: bytes) -> bytes:
    """Pass over the properties (type 1) that may stand before the table of pieces (type 2)."""
    at = 0
    while at < len(clx) and clx[at] == 1:
        (size,) = struct.unpack_from("<H", clx, at + 1)
        at += 3 + size
    if at >= len(clx) or clx[at] != 2:
        raise ReadError("damaged")
    (size,) = struct.unpack_from("<I", clx, at + 1)
    return clx[at + 5 : at + 5 + size]


def _plain(text: str) -> str:
    text = CELL_ENDS.sub("\n", _without_field_codes(text))
    return text.translate(
        {0x07: "\t", 0x0B: "\n", 0x0C: "\n", 0x0D: "\n", 0x1E: "-", 0x1F: None, 0x01: None, 0x08: None}
    )


def _without_field_codes(text: str) -> str:
    """Keep what a field shows and drop its instruction: \\x13 PAGE \\x14 3 \\x15. Fields stand in fields."""
    kept = []
    in_code: list[bool] = []
    for part in FIELD_MARKS.split(text):
        if part == "\x13":
            in_code.append(True)
        elif part in {"\x14", "\x15"}:
            if in_code:
                in_code.pop()
            if part == "\x14":
                in_code.append(False)
        elif not any(in_code[-9:]):
            kept.append(part)
    return "".join(kept)


def _metadata(container: olefile.OleFileIO) -> dict[str, str]:
    found = container.get_metadata()
    code_page = f"cp{found.codepage}" if (found.codepage or 0) > 0 else "utf-8"
    named = {
        "title": found.title,
        "author": found.author,
        "created": found.create_time,
        "modified": found.last_saved_time,
        "program": found.creating_application,
        "pages": found.num_pages,
    }
    return {key: words for key, value in named.items() if (words := _words(value, code_page))}


def _words(value: bytes | datetime | int | None, code_page: str) -> str:
    if isinstance(value, bytes):
        try:
            return value.decode(code_page, "replace").strip("\0 ")
        except LookupError:
            return value.decode("gb18030", "replace").strip("\0 ")
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value) if value else ""
