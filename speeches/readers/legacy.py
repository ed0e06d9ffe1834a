"""doc and wps: Word 97 to 2003 and what WPS writes under its own name ([MS-DOC], [MS-CFB])."""

import io
import re
import struct
from datetime import datetime
from itertools import pairwise

import olefile

from .document import Limits, Raw
from .errors import ReadError

MAGIC = 0xA5EC
ENCRYPTED, SECOND_TABLE = 0x0100, 0x0200
COMPRESSED = 0x40000000
# The text of a document is followed by that of its notes, headers and boxes; only the first is read.
BODY_LENGTH = 0x4C
PIECES = 0x01A2
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
    return kind, Raw(_plain(_text(document, table, limits)), metadata=metadata)


def _text(document: bytes, table: bytes, limits: Limits) -> str:
    """Put the pieces together that the text was saved in ([MS-DOC] 2.4.1)."""
    (length,) = struct.unpack_from("<i", document, BODY_LENGTH)
    at, size = struct.unpack_from("<II", document, PIECES)
    pieces = _piece_table(table[at : at + size])
    count = (len(pieces) - 4) // 12
    if not 0 <= length <= limits.max_chars * 2 or count < 1:
        raise ReadError("damaged")
    edges = struct.unpack_from(f"<{count + 1}I", pieces)
    parts = []
    for index, (first, last) in enumerate(pairwise(edges)):
        last = min(last, length)
        if first >= last:
            continue
        (place,) = struct.unpack_from("<I", pieces, 4 * (count + 1) + 8 * index + 2)
        if place & COMPRESSED:
            begin = (place & ~COMPRESSED) // 2
            parts.append(document[begin : begin + last - first].decode("cp1252", "replace"))
        else:
            parts.append(document[place : place + 2 * (last - first)].decode("utf-16-le", "replace"))
    return "".join(parts)


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
