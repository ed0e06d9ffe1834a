"""Examples for `speeches.extraction.weigh`: clauses that belong to a commitment, and clauses that do not.

They are the clauses that a rule would take for a commitment; right are those of which most lies inside an
annotated item. Of provincial reports the first chapter only looks back: none of its clauses is right.
"""

from collections.abc import Iterator
from pathlib import Path

from speeches.extraction import weigh
from speeches.extraction.clauses import Clause
from speeches.extraction.engine import Reader
from speeches.extraction.gathering import Judge
from speeches.extraction.linear import Linear
from speeches.extraction.text import View
from tests.extraction import train_outlook
from tests.extraction.corpus import Example, annotated, fold_of, group_of, reading_with

HOW = {"strength": 1.0, "rows_at_least": 6, "groups_at_least": 5}  # by cross-validation
# What a clause counts that nobody has annotated.
_UNREAD = 0.5
_DOUBTFUL = {"background", "past", "describes", "is", "question", "we"}


class Listener(Judge):
    """A judge that notes every clause it weighs, and lets it pass."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[tuple[View, Clause, weigh.Features]] = []

    def likely(self, clause: Clause, kind: str, why: str, place: weigh.Place) -> float:
        self.heard.append((place.sentence.view, clause, weigh.features(clause, kind, why, place)))
        return 1.0


def seen(text: str) -> Iterator[tuple[int, int, weigh.Features, frozenset[str]]]:
    """Start, end, features and shapes of every clause of a text that might belong to a commitment."""
    listener = Listener()
    Reader(text, None, listener).read()
    for view, clause, named in listener.heard:
        yield *view.where(clause.start, clause.end), named, frozenset(weigh.shapes(clause))


def examples(shared: Path, outlooks: list[Linear]) -> list[Example]:
    """Read with outlooks that have not seen the document."""
    found: list[Example] = []
    for each in annotated(shared):
        group, spans = group_of(each.name), each.spans()
        with reading_with(outlook=outlooks[fold_of(group)]):
            clauses = list(seen(each.text))
        for start, end, named, shapes in clauses:
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
                with reading_with(outlook=outlooks[fold_of(name)]):
                    clauses = list(seen(paragraph + "\n"))
                for _, _, named, shapes in clauses:
                    if not plans or (named.get("kind hard") and not _DOUBTFUL & named.keys()):
                        found.append(Example(name, named, shapes, bool(plans), _UNREAD))
    return found
