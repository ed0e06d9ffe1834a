"""The automatic numbers of doc and wps: which paragraph stands in which list, and how that list counts ([MS-DOC])."""

import struct
from bisect import bisect_right
from collections import defaultdict
from functools import cache
from typing import NamedTuple

from . import numbering

# Where the FIB tells the place of a table: the styles, the properties of paragraphs, the lists and their uses.
STYLES, PARAGRAPHS, LISTS, USES = 0xA2, 0x102, 0x2E2, 0x2EA
PAGE = 512
DEPTH_OF_PARAGRAPH, LIST_OF_PARAGRAPH = 0x260A, 0x460B
# The size of what follows a property, by the upper three bits of its name; 6 says it itself.
OPERANDS = {0: 1, 1: 1, 2: 2, 3: 4, 4: 2, 5: 2, 7: 3}
LONG_OPERAND, TABS = 0xD608, 0xC615
NO_STYLE = 0xFFF
# [MS-OSHARED] 2.2.1.3, the numbers that FORMATS can write.
NAMES = {
    0x00: "decimal", 0x01: "upperRoman", 0x02: "lowerRoman", 0x03: "upperLetter", 0x04: "lowerLetter",
    0x0A: "ideographDigital", 0x0B: "japaneseCounting", 0x10: "chineseLegalSimplified",
    0x11: "japaneseDigitalTenThousand", 0x12: "decimalEnclosedCircle", 0x16: "decimalZero", 0x17: "bullet",
    0x1C: "decimalEnclosedCircleChinese", 0x1E: "ideographTraditional", 0x21: "taiwaneseCounting",
    0x23: "taiwaneseCountingThousand", 0x24: "taiwaneseDigital", 0x25: "chineseCounting",
    0x26: "chineseLegalSimplified", 0x27: "chineseCountingThousand", 0xFF: "none",
}  # fmt: skip


class Use(NamedTuple):
    """A list as paragraphs refer to it: the list itself, and the levels that begin anew here, with their number."""

    key: int
    fresh: dict[int, int]


class Lists:
    """The automatic numbers of a document, counted as its paragraphs come by."""

    def __init__(self, document: bytes, table: bytes) -> None:
        self._document = document
        self.used = False
        self._levels = _levels(_part(document, table, LISTS, whole=False))
        self._uses = _uses(_part(document, table, USES))
        self._styles = _styles(_part(document, table, STYLES)) if self._uses else []
        plc = _part(document, table, PARAGRAPHS) if self._uses else b""
        count = max(0, (len(plc) - 4) // 8)
        self._edges = struct.unpack_from(f"<{count + 1}I", plc) if count else ()
        self._pages = struct.unpack_from(f"<{count}I", plc, 4 * (count + 1)) if count else ()
        self._page = cache(self._read_page)
        self._counts: dict[int, dict[int, int]] = defaultdict(dict)

    def marker(self, place: int) -> str:
        """Count the paragraph whose last character lies at ``place`` of the file; return what is drawn before it."""
        number, depth = self._place(place)
        if not 0 < number <= len(self._uses):
            return ""
        use = self._uses[number - 1]
        levels = self._levels.get(use.key, {})
        if depth not in levels:
            return ""
        marker = numbering.count_on(self._counts[use.key], levels, depth, use.fresh.pop(depth, None))
        self.used = self.used or bool(marker)
        return marker

    def _place(self, place: int) -> tuple[int, int]:
        """Return the list and the depth in it, as the paragraph or its style says."""
        index = bisect_right(self._edges, place) - 1
        if not 0 <= index < len(self._pages):
            return 0, 0
        edges, properties = self._page(self._pages[index] & 0x3FFFFF)
        row = bisect_right(edges, place) - 1
        if not 0 <= row < len(properties):
            return 0, 0
        style, said = properties[row]
        for _ in range(10):  # a style may stand on another, and that on a third; never in a circle
            if LIST_OF_PARAGRAPH in said or style >= len(self._styles):
                break
            style, inherited = self._styles[style]
            said = inherited | said
        return said.get(LIST_OF_PARAGRAPH, 0), said.get(DEPTH_OF_PARAGRAPH, 0)

    def _read_page(self, number: int) -> tuple[tuple[int, ...], list[tuple[int, dict[int, int]]]]:
        """Return the edges of the paragraphs that a page describes, and of each its style and properties."""
        page = self._document[number * PAGE : (number + 1) * PAGE]
        if len(page) < PAGE:
            return (), []
        count = min(page[PAGE - 1], 29)
        found = []
        for index in range(count):
            at = 2 * page[4 * (count + 1) + 13 * index]
            size = 2 * page[at] - 1
            if not page[at]:
                at, size = at + 1, 2 * page[at + 1]
            words = page[at + 1 : at + 1 + size] if at else b""
            style = struct.unpack_from("<H", words)[0] if len(words) >= 2 else 0
            found.append((style, _properties(words[2:])))
        return struct.unpack_from(f"<{count + 1}I", page), found


def _part(document: bytes, table: bytes, at: int, *, whole: bool = True) -> bytes:
    """Return a part of the table stream; all that follows too where its size does not count everything."""
    begin, size = struct.unpack_from("<II", document, at)
    if not size:
        return b""
    return table[begin : begin + size] if whole else table[begin:]


def _properties(words: bytes) -> dict[int, int]:
    """Return what a list of properties says of lists; it ends where something stands that cannot be measured."""
    said, at = {}, 0
    while at + 2 < len(words):
        (name,) = struct.unpack_from("<H", words, at)
        at += 2
        if name == DEPTH_OF_PARAGRAPH:
            said[name] = words[at]
        elif name == LIST_OF_PARAGRAPH and at + 2 <= len(words):
            (said[name],) = struct.unpack_from("<h", words, at)
        kind = name >> 13
        if kind != 6:
            at += OPERANDS[kind]
        elif name == LONG_OPERAND:
            at += 1 + int.from_bytes(words[at : at + 2], "little")
        elif name == TABS and words[at] == 255:
            break
        else:
            at += 1 + words[at]
    return said


def _styles(words: bytes) -> list[tuple[int, dict[int, int]]]:
    """Return of each style the one it stands on and what it says of lists."""
    if len(words) < 6:
        return []
    size, count, base = struct.unpack_from("<HHH", words)
    at, found = 2 + size, []
    for _ in range(count):
        if at + 2 > len(words):
            break
        (length,) = struct.unpack_from("<H", words, at)
        style = words[at + 2 : at + 2 + length]
        at += 2 + length + length % 2
        found.append(_style(style, base) if length > base + 4 else (NO_STYLE, {}))
    return found


def _style(style: bytes, base: int) -> tuple[int, dict[int, int]]:
    _, kinds = struct.unpack_from("<HH", style)
    parent = kinds >> 4
    if kinds & 0xF != 1:
        return parent, {}
    (name,) = struct.unpack_from("<H", style, base)
    at = base + 2 + 2 * name + 2
    size = int.from_bytes(style[at : at + 2], "little")
    return parent, _properties(style[at + 4 : at + 2 + size])


def _levels(words: bytes) -> dict[int, dict[int, numbering.Level]]:
    """Return how each list counts, level by level."""
    if len(words) < 2:
        return {}
    (count,) = struct.unpack_from("<H", words)
    at = 2 + 28 * count
    found = {}
    for index in range(count):
        key, simple = struct.unpack_from("<i22xB", words, 2 + 28 * index)
        levels = {}
        for depth in range(1 if simple & 1 else 9):
            levels[depth], at = _level(words, at)
        found[key] = levels
    return found


def _level(words: bytes, at: int) -> tuple[numbering.Level, int]:
    start, format = struct.unpack_from("<iB", words, at)
    characters, paragraph = words[at + 24], words[at + 25]
    at += 28 + characters + paragraph
    (length,) = struct.unpack_from("<H", words, at)
    text = words[at + 2 : at + 2 + 2 * length].decode("utf-16-le", "replace")
    template = "".join(f"%{ord(char) + 1}" if ord(char) < 9 else char for char in text)
    return numbering.Level(template, NAMES.get(format, "decimal"), start), at + 2 + 2 * length


def _uses(words: bytes) -> list[Use]:
    if len(words) < 4:
        return []
    (count,) = struct.unpack_from("<I", words)
    count = min(count, (len(words) - 4) // 16)
    at, found = 4 + 16 * count, []
    for index in range(count):
        key, overrides = struct.unpack_from("<i8xB", words, 4 + 16 * index)
        use = Use(key, {})
        at += 4
        for _ in range(overrides):
            if at + 8 > len(words):
                break
            start, flags = struct.unpack_from("<iI", words, at)
            at += 8
            if flags & 0x20:
                level, at = _level(words, at)
                start = level.start
            if flags & 0x10:
                use.fresh[flags & 0xF] = start
        found.append(use)
    return found
