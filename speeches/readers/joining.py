"""Sentences that hard line breaks have cut in two are put together again; headings stay as they are."""

import re
import unicodedata
from collections import Counter
from itertools import pairwise
from typing import NamedTuple

from .dates import DATE
from .lines import HEADING, IN_BRACKETS, LIST_WORD, NUMBERED, SALUTATION, TITLE, is_finished

# How sure it is that a sentence goes on below: beyond doubt, likely, or possible in a text full of breaks.
SURE, LIKELY, POSSIBLE, NO = 3, 2, 1, 0
# So many likely breaks make a text one that was broken up, in which the possible ones are joined too.
BROKEN = 3
GOES_ON = re.compile(r"[，。、；：？！,;:?!）》”’】%％]")
UNFINISHED = re.compile(r"[，、,（(《“‘〈【]$")
ENDS_INSIDE = re.compile(r"[。！？；]")
CLAUSES = re.compile(r"[，,；]")
LABEL = re.compile(r"[\u4e00-\u9fff\s]{2,8}[：:]\s*\S")
SHORTEST_WRAPPED = 24
SHORTEST_CLAUSE = 12
# So many characters on each side show where two lines were joined.
SEAM = 16


class Row(NamedTuple):
    """A line as it stands in the file."""

    text: str
    indent: int = 0
    """The half-width cells left free before it."""
    after_blank: bool = False
    after_page: bool = False
    """A page number stood above it."""

    @property
    def width(self) -> int:
        return self.indent + cells_of(self.text)


def join(rows: list[Row]) -> tuple[list[Row], list[str]]:
    """Return ``rows`` with those joined that are one paragraph, and the seams: the words on both sides of each."""
    if not rows:
        return [], []
    width = even_width([row.width for row in rows])
    indent = _usual_indent(rows)
    weights = [NO if below.indent > indent else _weight(above, below, width) for above, below in pairwise(rows)]
    broken = sum(weight >= LIKELY for weight in weights) >= BROKEN
    joined, seams = [rows[0]], []
    for row, weight in zip(rows[1:], weights, strict=True):
        if weight == SURE or (broken and weight >= POSSIBLE):
            seams.append(f"{joined[-1].text[-SEAM:]} ⏎ {row.text[:SEAM]}")
            joined[-1] = joined[-1]._replace(text=_put_together(joined[-1].text, row.text))
        else:
            joined.append(row)
    return joined, seams


def _usual_indent(rows: list[Row]) -> int:
    """Return the indent that nearly all lines have and that tells nothing; 0 where there is none."""
    indent, count = Counter(row.indent for row in rows).most_common(1)[0]
    return indent if count >= len(rows) * 0.8 else 0


def even_width(widths: list[int]) -> int | None:
    """Return the width, in half-width cells, at which lines were wrapped; None if they were not."""
    widths = [cells for cells in widths if cells >= SHORTEST_WRAPPED]
    counts = Counter(widths)
    if not counts:
        return None
    width = max(counts, key=lambda edge: (sum(counts[edge - less] for less in range(4)), edge))
    at_edge = sum(counts[width - less] for less in range(4))
    beyond = sum(count for cells, count in counts.items() if cells > width + 3)
    wrapped = at_edge >= max(4, len(widths) * 0.35) and beyond <= len(widths) * 0.05
    return width if wrapped else None


def cells_of(line: str) -> int:
    """Return how many half-width cells ``line`` fills."""
    return len(line) + sum(unicodedata.east_asian_width(char) in "WFA" for char in line)


def _weight(above: Row, below: Row, width: int | None) -> int:
    """Weigh how sure it is that the sentence of ``above`` goes on in ``below``."""
    if is_finished(above.text) or _stands_alone(above.text):
        return NO
    full = width is not None and width - 4 <= above.width <= width + 3
    if GOES_ON.match(below.text):
        return SURE
    if _begins_anew(below.text) or (LIST_WORD.match(below.text) and not full):
        return NO
    weight = NO
    if full or UNFINISHED.search(above.text):
        weight = SURE
    elif ENDS_INSIDE.search(above.text):
        weight = LIKELY
    elif CLAUSES.search(above.text) and len(above.text) >= SHORTEST_CLAUSE and not HEADING.match(above.text):
        weight = POSSIBLE
    if below.after_page:
        return SURE if weight else NO
    return max(weight - 1, NO) if below.after_blank and not UNFINISHED.search(above.text) else weight


def _begins_anew(line: str) -> bool:
    return bool(
        HEADING.match(line)
        or NUMBERED.match(line)
        or SALUTATION.match(line)
        or IN_BRACKETS.fullmatch(line)
        or line.startswith(("——", "--", "附件"))
    )


def _stands_alone(line: str) -> bool:
    """Tell whether ``line`` is a title, a date, a label or the like, which nothing is joined to."""
    return bool(
        TITLE.match(line)
        or SALUTATION.match(line)
        or IN_BRACKETS.fullmatch(line)
        or (len(line) < 30 and (DATE.search(line) or LABEL.match(line)))
        or "\t" in line
    )


def _put_together(above: str, below: str) -> str:
    if above[-1:].isascii() and above[-1:].isalpha() and below[:1].isascii() and below[:1].isalpha():
        return f"{above} {below}"
    if above.endswith("-") and above[-2:-1].isascii() and above[-2:-1].isalpha() and below[:1].isalpha():
        return above[:-1] + below
    return above + below
