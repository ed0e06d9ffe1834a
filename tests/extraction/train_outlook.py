"""Examples for `speeches.extraction.outlook`: paragraphs that look back, and paragraphs that plan.

Of the annotated texts paragraphs with and without a commitment, and of whole provincial reports the chapters
before and after "二、", which look back and forward by their headings.
"""

import re
from pathlib import Path

from speeches.extraction import outlook
from speeches.extraction.structure import layout
from speeches.extraction.text import fold
from tests.extraction.corpus import Example, annotated, group_of

HOW = {"strength": 30.0, "rows_at_least": 10, "groups_at_least": 4}  # by cross-validation
REPORTS = ("上海市", "云南省", "四川省", "新疆维吾尔自治区", "江西省", "福建省", "辽宁省", "重庆市")
_TELLING = re.compile(r"去年|了|\d\.\d|五年|一年来|年以来")


def chapters(shared: Path, name: str) -> tuple[list[str], list[str]]:
    """The paragraphs of a report before and after "二、": what was done, and what is to be done."""
    text = (shared / "corpus" / f"{name}.txt").read_text("utf-8")
    turn = re.search(r"(?m)^[　 ]*二、", text)
    assert turn, name
    before, after = text[: turn.start()], text[turn.start() :]
    return [p for p in before.split("\n") if len(p) > 40], [p for p in after.split("\n") if len(p) > 40]


def examples(shared: Path) -> list[Example]:
    """Right is what looks back."""
    found: list[Example] = []
    for name in REPORTS:
        for part, back in zip(chapters(shared, name), (True, False), strict=True):
            found += [Example(name, {}, frozenset(outlook.pairs(fold(p.strip()))), back) for p in part]
    for each in annotated(shared):
        spans = each.spans()
        for block in layout(fold(each.text)):
            start, end = block.lines[0][0], block.lines[-1][1]
            plans = any(start <= a < end for a, _ in spans)
            if not block.heading and end - start >= 30 and (plans or _TELLING.search(block.words)):
                shapes = frozenset(outlook.pairs(block.words.strip()))
                found.append(Example(group_of(each.name), {}, shapes, not plans))
    return found
