"""Examples for `speeches.extraction.weigh`: clauses that belong to a commitment, and clauses that do not.

They are the clauses that a rule would take for a commitment; right are those of which most lies inside an
annotated item. Of provincial reports the first chapter only looks back: none of its clauses is right.
"""

from pathlib import Path

from speeches.extraction import weigh
from speeches.extraction.clauses import Clause
from speeches.extraction.engine import Reader
from speeches.extraction.linear import Linear
from tests.extraction import train_outlook
from tests.extraction.corpus import Example, annotated, fold_of, group_of, reading_with

HOW = {"strength": 1.0, "rows_at_least": 6, "groups_at_least": 5}  # by cross-validation
_DOUBTFUL = {"background", "past", "describes", "is", "question", "we"}


class Watcher(Reader):
    """A reader that notes every clause it weighs."""

    def __init__(self, text: str) -> None:
        super().__init__(text, None)
        self.seen: list[tuple[int, int, weigh.Features, frozenset[str]]] = []

    def _sentence(self, sentence, scope) -> None:  # type: ignore[no-untyped-def]
        self.view = sentence.view
        super()._sentence(sentence, scope)

    def _likely(self, clause: Clause, kind: str, why: str, place: weigh.Place) -> float:
        named = weigh.features(clause, kind, why, place)
        self.seen.append((*self.view.where(clause.start, clause.end), named, frozenset(weigh.shapes(clause))))
        return 1.0


def examples(shared: Path, outlooks: list[Linear]) -> list[Example]:
    """Read with outlooks that have not seen the document."""
    found: list[Example] = []
    for each in annotated(shared):
        group, watcher, spans = group_of(each.name), Watcher(each.text), each.spans()
        with reading_with(outlook=outlooks[fold_of(group)]):
            watcher.read()
        for start, end, named, shapes in watcher.seen:
            inside = max((min(b, end) - max(a, start) for a, b in spans), default=0)
            found.append(Example(group, named, shapes, inside > 0.5 * (end - start)))
    return found + reports(shared, outlooks)


def reports(shared: Path, outlooks: list[Linear]) -> list[Example]:
    """Clauses of whole provincial reports, each paragraph read by itself, as a passage without its heading.

    A clause of the chapters that plan is right where it has a number or a date, unless a rule doubts it.
    """
    found: list[Example] = []
    for name in train_outlook.REPORTS:
        for plans, paragraphs in enumerate(train_outlook.chapters(shared, name)):
            for paragraph in paragraphs:
                watcher = Watcher(paragraph + "\n")
                with reading_with(outlook=outlooks[fold_of(name)]):
                    watcher.read()
                for _, _, named, shapes in watcher.seen:
                    if not plans or (named.get("kind hard") and not _DOUBTFUL & named.keys()):
                        found.append(Example(name, named, shapes, bool(plans)))
    return found
