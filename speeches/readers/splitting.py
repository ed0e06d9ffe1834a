"""One file, several speeches: where each begins and ends."""

import re
from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator
from itertools import pairwise

from .lines import (
    HEADING,
    NUMBERED,
    SALUTATION,
    SPEECH_GIVEN,
    TITLE,
    Line,
    is_finished,
    is_prose,
    lines_of,
    number_of,
)
from .parts import SpeechPart
from .statements import part_of

# A part of fewer characters is no speech: a title repeated at the end of a web page, say.
SHORTEST = 200
# How many lines of title, speaker and date may stand above a salutation.
HEAD = 8
# What comes after a bare salutation is a speech of its own if it is this long.
LONG = 600
# The signs of a speech without a title that are enough where one is known to be missing.
LIKELY = 3
THANKS = re.compile("谢谢|讲完|讲这些|讲这么多|散会")
# Units after digits at the beginning of a line that make them a figure, not a stray page number.
FIGURES = "年月日号时点分秒个名位人户家项条件种类亿万千百十元吨亩米公里岁天周季度届次级期多余来至到、.．—%％"


def split(text: str) -> list[SpeechPart]:
    """Cut cleaned ``text`` into its speeches, in order; at least one.

    A speech begins at a numbered title (第一篇：…讲话, 讲话稿1), at a title of its own (在…会上的讲话), or
    at a salutation that stands alone on its line, with the title, speaker and date above it. Where the
    numbers of the titles leave some out, the likeliest places between them are taken.
    """
    lines = list(lines_of(text))
    if not lines:
        return [SpeechPart(0, len(text), text)]
    edges = [*_Beginnings(lines).found, len(lines)]
    return [part_of(text, lines[first].start, lines[last - 1].end) for first, last in pairwise(edges)]


class _Beginnings:
    """Where speeches begin among ``lines``: ``found`` holds the indexes, in order."""

    def __init__(self, lines: list[Line]) -> None:
        self.lines = lines
        self.tops = [
            (index, number_of(mark["top"]))
            for index, line in enumerate(lines)
            if (mark := HEADING.match(line.text)) and mark["top"]
        ]
        self.numbered = self._numbered()
        self.found = sorted({0} | self.numbered.keys())
        for index in self._unnumbered():
            if index not in self.numbered and self._stands_apart(index):
                insort(self.found, index)
        self._add_missing()

    def _numbered(self) -> dict[int, int]:
        """Return the number that each numbered title bears, by the index of its line."""
        found = {}
        for index, line in enumerate(self.lines):
            if mark := NUMBERED.match(line.text):
                below = self.lines[index + 1 : index + 5]
                if TITLE.match(line.text) or any(SALUTATION.match(other.text) for other in below):
                    found[index] = number_of(mark["a"] or mark["b"])
            elif (mark := TITLE.match(line.text)) and mark["number"] and not is_prose(line.text):
                found[index] = number_of(mark["number"])
        return found

    def _unnumbered(self) -> Iterator[int]:
        """Yield where the heads of speeches begin that a salutation or a title of their own betrays."""
        for index, line in enumerate(self.lines):
            greeted = SALUTATION.match(line.text) is not None
            if not greeted and (is_finished(line.text) or not SPEECH_GIVEN.match(line.text)):
                continue
            first = index
            while first and index - first < HEAD and _is_of_head(self.lines[first - 1].text):
                first -= 1
            if first < index or not greeted or self._opens(index):
                yield first

    def _opens(self, index: int) -> bool:
        """Tell whether a bare salutation opens a speech rather than its last words."""
        thanked = index > 0 and THANKS.search(self.lines[index - 1].text) is not None
        long = self.lines[-1].end - self.lines[index].start >= LONG
        after = bisect_left(self.tops, (index,))
        return thanked or long or (after < len(self.tops) and self.tops[after][1] == 1)

    def _stands_apart(self, at: int) -> bool:
        """Tell whether a new speech can begin at ``at``, after what begins before it and before what follows."""
        place = bisect_right(self.found, at)
        before = self.found[place - 1]
        after = self.found[place] if place < len(self.found) else len(self.lines)
        if self.lines[at].start - self.lines[before].start < SHORTEST:
            return False
        if self.lines[after - 1].end - self.lines[at].start < SHORTEST:
            return False
        # A salutation in the middle of a speech: its headings simply go on counting.
        below = bisect_left(self.tops, (at,))
        counts_on = 0 < below < len(self.tops) and self.tops[below][1] == self.tops[below - 1][1] + 1
        return not (counts_on and self.tops[below - 1][0] >= before and self.tops[below][0] < after)

    def _add_missing(self) -> None:
        """Add as many likely beginnings as the numbers of the titles say are still missing between them."""
        marks = sorted(self.numbered.items())
        if marks and marks[0][0] > 0 and self.lines[marks[0][0]].start >= SHORTEST:
            marks.insert(0, (0, 1))
        for (first, low), (last, high) in pairwise(marks):
            inside = bisect_left(self.found, last) - bisect_right(self.found, first)
            wanted = high - low - 1 - inside
            if wanted <= 0:
                continue
            weights = {index: self._likelihood(index) for index in range(first + 1, last)}
            likely = [index for index, weight in weights.items() if weight >= LIKELY]
            for index in sorted(likely, key=lambda index: (-weights[index], index)):
                if wanted and self._stands_apart(index):
                    insort(self.found, index)
                    wanted -= 1

    def _likelihood(self, index: int) -> int:
        """Weigh the signs that a speech without a title begins at the line."""
        line, above = self.lines[index].text, self.lines[index - 1].text
        broken_off = is_prose(above) and not is_finished(above)
        digits = len(line) - len(line.lstrip("0123456789"))
        stray = 0 < digits < len(line) and line[digits] not in FIGURES and not HEADING.match(line)
        noted = "录音整理" in line[:40] or "记录整理" in line[:40]
        titled = TITLE.match(line) is not None and not is_prose(line)
        return 3 * broken_off + 2 * stray + 4 * noted + 4 * titled


def _is_of_head(line: str) -> bool:
    return not (is_finished(line) or is_prose(line) or HEADING.match(line))
