"""Examples for `speeches.extraction.joins`: two clauses of one item, and two clauses of two.

They are the neighbouring clauses of which each lies inside an annotated item.
"""

from pathlib import Path

from speeches.extraction import joins
from speeches.extraction.clauses import Clause
from speeches.extraction.drafts import Draft
from speeches.extraction.engine import Reader
from speeches.extraction.linear import Linear
from tests.extraction.corpus import Example, annotated, fold_of, group_of, reading_with

HOW = {"strength": 1.0, "rows_at_least": 5, "groups_at_least": 4}  # by cross-validation


class Watcher(Reader):
    """A reader that notes every two clauses that it might join."""

    def __init__(self, text: str) -> None:
        super().__init__(text, None)
        self.seen: list[tuple[tuple[int, int], tuple[int, int], dict[str, float], frozenset[str]]] = []

    def _sentence(self, sentence, scope) -> None:  # type: ignore[no-untyped-def]
        self.view = sentence.view
        super()._sentence(sentence, scope)

    def _together(self, last: Draft, clause: Clause, kind: str) -> bool:
        before = last.clauses[-1]
        named = joins.features(before, last.kind, clause, kind)
        places = [self.view.where(c.start, c.end) for c in (before, clause)]
        self.seen.append((places[0], places[1], named, frozenset(joins.shapes(before, clause))))
        return super()._together(last, clause, kind)


def examples(shared: Path, outlooks: list[Linear], weights: list[Linear]) -> list[Example]:
    """Read with models that have not seen the document."""
    found: list[Example] = []
    for each in annotated(shared):
        group, watcher, spans = group_of(each.name), Watcher(each.text), each.spans()
        with reading_with(outlook=outlooks[fold_of(group)], weigh=weights[fold_of(group)]):
            watcher.read()

        def of(place: tuple[int, int], spans: list[tuple[int, int]] = spans) -> set[int]:
            a, b = place
            return {n for n, (x, y) in enumerate(spans) if min(b, y) - max(a, x) > 0.5 * (b - a)}

        for first, second, named, shapes in watcher.seen:
            if of(first) and of(second):
                found.append(Example(group, named, shapes, bool(of(first) & of(second))))
    return found
