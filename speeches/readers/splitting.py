"""One file, several speeches: where each begins and ends."""

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
    numbered = _numbered(lines)
    begins = {0} | numbered.keys()
    for at in _unnumbered(lines):
        if _stands_apart(lines, at, begins):
            begins.add(at)
    begins |= _missing(lines, begins, numbered)
    edges = [*sorted(begins), len(lines)]
    return [part_of(text, lines[first].start, lines[last - 1].end) for first, last in pairwise(edges)]


def _numbered(lines: list[Line]) -> dict[int, int]:
    """Return the number that each numbered title bears, by the index of its line."""
    found = {}
    for index, line in enumerate(lines):
        if mark := NUMBERED.match(line.text):
            below = lines[index + 1 : index + 5]
            if TITLE.match(line.text) or any(SALUTATION.match(other.text) for other in below):
                found[index] = number_of(mark["a"] or mark["b"])
        elif (mark := TITLE.match(line.text)) and mark["number"] and not is_prose(line.text):
            found[index] = number_of(mark["number"])
    return found


def _unnumbered(lines: list[Line]) -> list[int]:
    """Return where the heads of speeches begin that a salutation or a title of their own betrays."""
    begins = []
    for index, line in enumerate(lines):
        if SALUTATION.match(line.text) or (SPEECH_GIVEN.match(line.text) and not is_finished(line.text)):
            first = index
            while first and index - first < HEAD and _is_of_head(lines[first - 1].text):
                first -= 1
            begins.append(first)
    return begins


def _is_of_head(line: str) -> bool:
    return not (is_finished(line) or is_prose(line) or HEADING.match(line))


def _stands_apart(lines: list[Line], at: int, begins: set[int]) -> bool:
    """Tell whether a new speech can begin at ``at``, after what begins before it and before what follows."""
    before = max(begin for begin in begins if begin <= at)
    after = min((begin for begin in begins if begin > at), default=len(lines))
    if lines[at].start - lines[before].start < SHORTEST or lines[after - 1].end - lines[at].start < SHORTEST:
        return False
    so_far = _top_numbers(lines[before:at])
    from_here = _top_numbers(lines[at:after])
    # A salutation in the middle of a speech: its headings simply go on counting.
    return not (so_far and from_here and from_here[0] == so_far[-1] + 1)


def _top_numbers(lines: list[Line]) -> list[int]:
    return [number_of(mark["top"]) for line in lines if (mark := HEADING.match(line.text)) and mark["top"]]


def _missing(lines: list[Line], begins: set[int], numbered: dict[int, int]) -> set[int]:
    """Return as many likely beginnings as the numbers of the titles say are still missing between them."""
    marks = sorted(numbered.items())
    if marks and marks[0][0] > 0 and lines[marks[0][0]].start >= SHORTEST:
        marks.insert(0, (0, 1))
    found: set[int] = set()
    for (first, low), (last, high) in pairwise(marks):
        wanted = high - low - 1 - sum(first < begin < last for begin in begins)
        likely = sorted(range(first + 1, last), key=lambda index: (-_likelihood(lines, index), index))
        for index in likely:
            if wanted <= 0 or _likelihood(lines, index) < 3:
                break
            if _stands_apart(lines, index, begins | found):
                found.add(index)
                wanted -= 1
    return found


def _likelihood(lines: list[Line], index: int) -> int:
    """Weigh the signs that a speech without a title begins at the line."""
    line, above = lines[index].text, lines[index - 1].text
    broken_off = is_prose(above) and not is_finished(above)
    digits = len(line) - len(line.lstrip("0123456789"))
    stray = 0 < digits < len(line) and line[digits] not in FIGURES and not HEADING.match(line)
    noted = "录音整理" in line[:40] or "记录整理" in line[:40]
    titled = TITLE.match(line) is not None and not is_prose(line)
    return 3 * broken_off + 2 * stray + 4 * noted + 4 * titled
