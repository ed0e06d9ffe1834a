"""Examples for `speeches.extraction.joins`: two clauses of one item, and two clauses of two.

They are the neighbouring clauses of which each lies inside an annotated item.
"""

from pathlib import Path

from speeches.extraction import joins
from speeches.extraction.clauses import Clause
from speeches.extraction.drafts import Draft
from speeches.extraction.engine import Reader
from speeches.extraction.gathering import Judge
from speeches.extraction.linear import Linear
from speeches.extraction.text import View
from speeches.extraction.weigh import Place
from tests.extraction.corpus import Example, annotated, fold_of, group_of, reading_with

HOW = {"strength": 1.0, "rows_at_least": 5, "groups_at_least": 4}  # by cross-validation


class Listener(Judge):
    """A judge that notes every two clauses that it might join."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[tuple[View, Clause, Clause, dict[str, float]]] = []

    def likely(self, clause: Clause, kind: str, why: str, place: Place) -> float:
        self._view = place.sentence.view
        return super().likely(clause, kind, why, place)

    def together(self, last: Draft, clause: Clause, kind: str) -> bool:
        before = last.clauses[-1]
        self.heard.append((self._view, before, clause, joins.features(before, last.kind, clause, kind)))
        return super().together(last, clause, kind)


def examples(shared: Path, outlooks: list[Linear], weights: list[Linear]) -> list[Example]:
    """Read with models that have not seen the document."""
    found: list[Example] = []
    for each in annotated(shared):
        group, listener, spans = group_of(each.name), Listener(), each.spans()
        with reading_with(outlook=outlooks[fold_of(group)], weigh=weights[fold_of(group)]):
            Reader(each.text, None, listener).read()

        def of(place: tuple[int, int], spans: list[tuple[int, int]] = spans) -> set[int]:
            a, b = place
            return {n for n, (x, y) in enumerate(spans) if min(b, y) - max(a, x) > 0.5 * (b - a)}

        for view, before, clause, named in listener.heard:
            first, second = (of(view.where(c.start, c.end)) for c in (before, clause))
            if first and second:
                found.append(Example(group, named, frozenset(joins.shapes(before, clause)), bool(first & second)))
    return found
