"""From characters placed on pages to paragraphs: lines, columns, running heads, words broken over lines.

Lengths are in the unit of the page, whatever it is; y grows downwards.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby, pairwise
from statistics import median
from typing import NamedTuple

from .document import Notes, shown
from .furniture import BARE_NUMBER, PAGE_NUMBER
from .joining import cells_of
from .lines import HEADING, LIST_WORD, NUMBERED, SALUTATION, TITLE, is_finished, is_prose

# The part of a page, above and below, where running heads and page numbers stand, and how many lines of it.
MARGIN, MARGIN_LINES = 0.14, 3
# On how many of the pages a line must stand again to be a running head (they may differ left and right).
REPEATED = 0.3
# The smallest column: so many lines, of so many characters.
COLUMN_LINES, COLUMN_CHARS = 6, 8
INDENT = 0.2
LONG_LINE = 10
# Edges of two columns that are closer than this, in characters, are taken for the same.
NEAR_EDGE = 5
# Lines further apart than this are two paragraphs: in steps from line to line, and in heights of a line.
BIG_GAP, BIGGEST_GAP = 1.5, 3.2
ROMAN = re.compile(r"[ivxIVXⅰ-ⅻⅠ-Ⅻ]{1,6}")
# What is never parted at the end of a line: a number or word, with the marks that cling to it. Some programs part
# no numbers that follow each other, and nothing from a quotation mark.
PIECE = r"[“‘（《〈「『【(]*(?:[\x21-\x7e]+|—+|…+|.)[”’）》〉」』】，。、；：？！％)]*"
UNIT = re.compile(rf"{PIECE}(?:(?:(?<=[，。、；：])(?=[\x21-\x7e])|(?=[“‘])|(?<=[”’])){PIECE})*")
# A line of a few characters that was stretched to the edge.
STRETCHED = re.compile(r"(?:[\u3001-\u9fff\uff01-\uffef]\s){3,}[\u3001-\u9fff\uff01-\uffef]")
HANGING = re.compile(r"[，。、；：？！”’）》,.;:]$")
# How much room at the end of a line is still no sign that a paragraph ended there, in characters.
SLACK, SLACK_IN_SENTENCE = 0.5, 3.5
# Of how many paragraphs that surely begin anew it takes how many indented ones to say that all are.
SURE_BEGINNINGS, INDENTED = 5, 0.9


class Glyph(NamedTuple):
    """A character and the box it fills."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float


class Strip(NamedTuple):
    """Characters that stand in one line, side by side."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    page: int = 0

    @property
    def size(self) -> float:
        return self.bottom - self.top


class Column(NamedTuple):
    """Lines that stand below each other, with the edges that most of them keep to."""

    strips: list[Strip]
    left: float
    right: float


def strips_of(glyphs: Iterable[Glyph], page: int) -> list[Strip]:
    """Put the characters of one page together to lines, parted where a gap is wider than two characters."""
    strips: list[Strip] = []
    for _, run in groupby(_runs(glyphs, page), key=_LineCounter()):
        whole: list[Strip] = []
        for strip in sorted(run, key=lambda strip: strip.x0):
            if whole and _drawn_again(whole[-1], strip):
                continue
            if whole and strip.x0 - whole[-1].x1 <= 2 * strip.size:
                whole[-1] = _side_by_side(whole[-1], strip)
            else:
                whole.append(strip)
        strips += [strip._replace(text=strip.text.rstrip()) for strip in whole if strip.text.strip()]
    return strips


def _drawn_again(one: Strip, other: Strip) -> bool:
    """Tell the second of two drawings that make letters bold."""
    return one.text == other.text and abs(one.x0 - other.x0) < 0.3 * one.size


def _runs(glyphs: Iterable[Glyph], page: int) -> Iterator[Strip]:
    """Yield characters that follow each other without a gap, in the order in which they were drawn.

    A run that a space ended bears it.
    """
    last: Strip | None = None
    for glyph in glyphs:
        strip = Strip(*glyph, page)
        if last and _level(last, strip) and abs(strip.x0 - last.x1) <= 0.5 * last.size:
            last = _side_by_side(last, strip)
        else:
            space = glyph.text.isspace()
            if last:
                yield last._replace(text=last.text + " ") if space else last
            last = None if space else strip
    if last:
        yield last


class _LineCounter:
    """Gives every strip the number of its line, where they come line by line."""

    def __init__(self) -> None:
        self._number = 0
        self._last: Strip | None = None

    def __call__(self, strip: Strip) -> int:
        if self._last and not _level(self._last, strip):
            self._number += 1
        self._last = strip
        return self._number


def _side_by_side(one: Strip, other: Strip) -> Strip:
    apart = other.x0 - one.x1
    words = one.text.rstrip()
    ascii_sides = words[-1:].isascii() + other.text[:1].isascii()
    # Spaces between Chinese characters only stretch the line, unless they are wide.
    said = ascii_sides and words != one.text
    gap = " " if said or apart > (0.2 if ascii_sides == 2 else 0.8) * one.size else ""
    return Strip(
        words + gap + other.text,
        one.x0,
        max(one.x1, other.x1),
        min(one.top, other.top),
        max(one.bottom, other.bottom),
        one.page,
    )


def _level(one: Strip, other: Strip) -> bool:
    return min(one.bottom, other.bottom) - max(one.top, other.top) > 0.5 * min(one.size, other.size)


def paragraphs_of(pages: list[list[Strip]], height: float) -> tuple[str, Notes]:
    """Return the text of ``pages``, each ``height`` high, and the notes on what was done.

    Paragraphs begin with as many spaces as they are indented on the page.
    """
    bodies = without_running_heads(pages, height)
    heads = [strip.text for page, body in zip(pages, bodies, strict=True) for strip in _left_out(page, body)]
    notes: Notes = {"running_heads": shown(heads)} if heads else {}
    columns = [column for body in bodies for column in columns_of(body)]
    if len(columns) > len(bodies):
        notes["columns"] = []
    return "\n".join(_paragraphs(columns)), notes


def _left_out(page: list[Strip], body: list[Strip]) -> list[Strip]:
    kept = set(body)
    return [strip for strip in page if strip not in kept]


def without_running_heads(pages: list[list[Strip]], height: float) -> list[list[Strip]]:
    """Drop page numbers, and what stands again and again at the head or the foot of the pages."""
    edges = [_edge_of(page, height) for page in pages]
    seen = Counter(key for edge in edges for key in {_look(strip) for strip in edge})
    often = max(3, len(pages) * REPEATED)
    return [
        [
            strip
            for strip in page
            if strip not in edge or not (seen[_look(strip)] >= often or _is_page_number(strip.text))
        ]
        for page, edge in zip(pages, edges, strict=True)
    ]


def _edge_of(page: list[Strip], height: float) -> set[Strip]:
    """Return the outermost lines of a page, as far as they stand in its margins."""
    tops = sorted({round(strip.top) for strip in page})
    first, last = set(tops[:MARGIN_LINES]), set(tops[-MARGIN_LINES:])
    return {
        strip
        for strip in page
        if (strip.bottom < height * MARGIN and round(strip.top) in first)
        or (strip.top > height * (1 - MARGIN) and round(strip.top) in last)
    }


def _look(strip: Strip) -> tuple[str, int]:
    return re.sub(r"\d+", "#", "".join(strip.text.split())), round(strip.top / 10)


def _is_page_number(text: str) -> bool:
    words = text.strip()
    return any(form.fullmatch(words) for form in (PAGE_NUMBER, BARE_NUMBER, ROMAN))


def columns_of(strips: list[Strip]) -> list[Column]:
    """Part a page into its columns, in reading order; what crosses them parts them above and below."""
    if not strips:
        return []
    gutter = _gutter(strips)
    if gutter is None:
        return [_column(_whole_lines(strips))]
    columns: list[Column] = []
    sides: tuple[list[Strip], list[Strip]] = ([], [])
    across: list[Strip] = []
    for strip in sorted(strips, key=lambda strip: strip.top):
        if strip.x0 < gutter < strip.x1:
            columns += [column for side in sides for column in columns_of(side)]
            sides = ([], [])
            across.append(strip)
        else:
            columns += [_across(across, strips)] if across else []
            across = []
            sides[strip.x0 >= gutter].append(strip)
    columns += [_across(across, strips)] if across else []
    return columns + [column for side in sides for column in columns_of(side)]


def _across(strips: list[Strip], page: list[Strip]) -> Column:
    """Return what crosses the columns of a page; its edges are those of the whole page."""
    whole = _column(page)
    return Column(_whole_lines(strips), whole.left, whole.right)


def _gutter(strips: list[Strip]) -> float | None:
    """Return where the empty band between two columns of running text lies, if there is one."""
    left, right = min(strip.x0 for strip in strips), max(strip.x1 for strip in strips)
    candidates = [left + (right - left) * part / 100 for part in range(25, 76)]
    place = min(candidates, key=lambda x: (sum(s.x0 < x < s.x1 for s in strips), abs(x - (left + right) / 2)))
    before = [strip for strip in strips if strip.x1 <= place]
    after = [strip for strip in strips if strip.x0 >= place]
    crossing = len(strips) - len(before) - len(after)
    if min(len(before), len(after)) < COLUMN_LINES or crossing > len(strips) * 0.2:
        return None
    return place if _is_running_text(before) and _is_running_text(after) else None


def _is_running_text(strips: list[Strip]) -> bool:
    """Tell lines that fill their column from the cells of a table."""
    edge = max(strip.x1 for strip in strips)
    size = median(strip.size for strip in strips)
    if median(len(strip.text) for strip in strips) < COLUMN_CHARS:
        return False
    return sum(edge - strip.x1 < 2 * size for strip in strips) >= len(strips) * 0.5


def _whole_lines(strips: list[Strip]) -> list[Strip]:
    """Put strips that stand on one line together, from left to right, and the lines in order."""
    lines: list[list[Strip]] = []
    for strip in sorted(strips, key=lambda strip: strip.top + strip.bottom):
        if lines and _level(lines[-1][-1], strip):
            lines[-1].append(strip)
        else:
            lines.append([strip])
    return [_merged(sorted(line, key=lambda strip: strip.x0)) for line in lines]


def _merged(line: list[Strip]) -> Strip:
    text = line[0].text
    for before, after in pairwise(line):
        text += ("\t" if after.x0 - before.x1 > before.size else "") + after.text
    return Strip(
        re.sub(r"\s", "", text) if STRETCHED.fullmatch(text) else text,
        line[0].x0,
        max(strip.x1 for strip in line),
        min(strip.top for strip in line),
        max(strip.bottom for strip in line),
        line[0].page,
    )


def _column(strips: list[Strip]) -> Column:
    long = [strip for strip in strips if len(strip.text) >= LONG_LINE] or strips
    # A mark at the end of a line may hang over the edge.
    rights = [strip.x1 for strip in strips if not HANGING.search(strip.text)] or [strip.x1 for strip in strips]
    return Column(strips, min(strip.x0 for strip in long), max(rights))


def _paragraphs(columns: list[Column]) -> Iterator[str]:
    """Put lines together to paragraphs, over the ends of columns and pages too."""
    every = [strip for column in columns for strip in column.strips]
    if not every:
        return
    size = median(strip.size for strip in every)
    pitches = [
        below.top - above.top for above, below in pairwise(every) if above.page == below.page and below.top > above.top
    ]
    pitch = median(pitches) if pitches else size * BIG_GAP
    places = list(_places(columns, size, pitch))
    by_indent = _tells_by_indent(places)
    paragraph, last = "", None
    for place in places:
        if last is not None and _goes_on(last, place, by_indent=by_indent):
            paragraph = _continued(paragraph, place.strip.text)
        else:
            if last is not None:
                yield paragraph + "\n" * _is_apart(last, place)
            paragraph = _indent(place.offset, size) + place.strip.text.strip()
        last = place
    yield paragraph


def _places(columns: list[Column], size: float, pitch: float) -> Iterator["_Place"]:
    widest = max(columns, key=lambda column: len(column.strips))
    for column in columns:
        # A page of short lines, or of first lines alone, tells too little of its edges.
        begin = widest.left if 0 < column.left - widest.left < NEAR_EDGE * size else column.left
        end = widest.right if 0 < widest.right - column.right < NEAR_EDGE * size else column.right
        for index, strip in enumerate(column.strips):
            yield _Place(strip, strip.x0 - begin, end - begin, end, size, pitch, new_column=index == 0)


def _tells_by_indent(places: list["_Place"]) -> bool:
    """Tell whether every paragraph is indented, so that a line which is not goes on with the one before it."""
    sure = [
        below
        for above, below in pairwise(places)
        if not above.is_large and not below.is_large and above.room >= _room_needed(above, below)
    ]
    return len(sure) >= SURE_BEGINNINGS and sum(place.indented for place in sure) >= INDENTED * len(sure)


def _indent(offset: float, size: float) -> str:
    """Return the spaces that stand for an indent of ``offset``: a wide one for a character, a narrow one for half."""
    cells = max(0, math.ceil(2 * (offset / size - INDENT / 2)))
    return "\u3000" * (cells // 2) + " " * (cells % 2)


class _Place(NamedTuple):
    """A line and what its surroundings say of it."""

    strip: Strip
    offset: float
    """How far it is indented."""
    width: float
    edge: float
    size: float
    pitch: float
    new_column: bool

    @property
    def indented(self) -> bool:
        return self.offset > INDENT * self.size

    @property
    def room(self) -> float:
        """What is left free behind it."""
        return self.edge - self.strip.x1

    @property
    def is_large(self) -> bool:
        return self.strip.size > 1.15 * self.size


def _goes_on(above: _Place, below: _Place, *, by_indent: bool) -> bool:
    """Tell whether the line ``below`` goes on with the paragraph of the line ``above``."""
    if abs(above.strip.size - below.strip.size) > 0.25 * above.size:
        return False
    if _is_title(above) and below.is_large and below.indented and not below.new_column:
        return not TITLE.match(above.strip.text.strip())
    if below.indented or "\t" in above.strip.text + below.strip.text:
        return False
    if _is_apart(above, below):
        return False
    if (
        below.new_column
        and above.strip.page == below.strip.page
        and abs(above.width - below.width) > NEAR_EDGE * below.size
    ):
        return False
    if above.room >= _room_needed(above, below):
        return False
    if by_indent:
        return True
    words = below.strip.text.strip()
    anew = any(form.match(words) for form in (HEADING, LIST_WORD, SALUTATION, NUMBERED))
    return not (anew and is_finished(above.strip.text))


def _is_apart(above: _Place, below: _Place) -> bool:
    """Tell a gap between two lines as an empty line leaves it."""
    step = below.strip.top - above.strip.top
    return not below.new_column and (step > BIG_GAP * below.pitch or step > BIGGEST_GAP * below.size)


def _is_title(place: _Place) -> bool:
    """Tell large type that is set in the middle, or that fills its line."""
    return place.is_large and (place.indented or place.room < place.strip.size)


def _room_needed(above: _Place, below: _Place) -> float:
    """Return how much room the first words of a line would have needed at the end of the line before it."""
    unit = UNIT.match(below.strip.text.strip())
    words = above.strip.text.strip()
    in_sentence = is_prose(words) and not is_finished(words)
    cells = cells_of(unit.group()) if unit else 2
    return (cells / 2 + (SLACK_IN_SENTENCE if in_sentence else SLACK)) * below.size


def _continued(above: str, below: str) -> str:
    below = below.strip()
    if above[-1:].isascii() and above[-1:].isalpha() and below[:1].isascii() and below[:1].isalpha():
        return f"{above} {below}"
    if above.endswith("-") and above[-2:-1].isascii() and above[-2:-1].isalpha() and below[:1].islower():
        return above[:-1] + below
    return above.rstrip() + below
