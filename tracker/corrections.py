"""What reviewers decided, turned round: how well the extractor reads this office's own speeches, and gold files of it.

A gold file lists what is really promised in a text, in the format that extractors are scored against: the
segment (a sentence; counted from 0), the exact words, and their fields. An item can only say what stands in its
text; what a person knew from elsewhere (a date picked by hand) is left out of it.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import TruncMonth

from speeches.extraction.text import segments
from speeches.models import Finding, Speech
from tracker.models import Commitment, Review, Unit
from tracker.units import core

KEPT = (Review.Decision.CONFIRMED, Review.Decision.EDITED, Review.Decision.MERGED, Review.Decision.SPLIT)
# Decisions on one finding by itself: what is not among their changes was let stand as it was found.
AS_FOUND = (Review.Decision.CONFIRMED, Review.Decision.EDITED)


@dataclass(frozen=True)
class Accuracy:
    """How the findings decided in one month fared. ``month`` is its first day; shares are percentages, or None.

    ``kept`` were right as they were or with corrections, ``corrected`` of them needed some, ``dismissed`` were wrong,
    ``missed`` were added by hand.
    """

    month: dt.date
    kept: int
    corrected: int
    dismissed: int
    missed: int

    @property
    def precision(self) -> int | None:
        """Of what was found, how much was a commitment."""
        return _share(self.kept, self.kept + self.dismissed)

    @property
    def recall(self) -> int | None:
        """Of the commitments there were, how many were found."""
        return _share(self.kept, self.kept + self.missed)

    @property
    def untouched(self) -> int | None:
        """Of the findings that were right, how many needed no correction."""
        return _share(self.kept - self.corrected, self.kept)


def _share(part: int, whole: int) -> int | None:
    return round(100 * part / whole) if whole else None


def reviewed(speeches: QuerySet[Speech] | None = None) -> QuerySet[Speech]:
    """The speeches in which every finding has been decided by a person: only there is it known what was missed."""
    speeches = Speech.objects.all() if speeches is None else speeches
    standing = Review.objects.filter(undone_at=None)
    undecided = Finding.objects.filter(speech=OuterRef("pk")).filter(~Exists(standing.filter(finding=OuterRef("pk"))))
    by_people = standing.filter(speech=OuterRef("pk"), by__isnull=False)
    return speeches.filter(~Exists(undecided), Exists(by_people))


def accuracy(speeches: QuerySet[Speech] | None = None) -> list[Accuracy]:
    """How the findings of wholly reviewed speeches fared, by the month of the review, the latest first."""
    rows = (
        Review.objects.filter(speech__in=reviewed(speeches).values("pk"), undone_at=None, by__isnull=False)
        .annotate(month=TruncMonth("at"))
        .order_by("-month")
        .values("month")
        .annotate(
            kept=Count("pk", filter=Q(decision__in=KEPT)),
            corrected=Count("pk", filter=Q(decision__in=KEPT) & ~Q(decision=Review.Decision.CONFIRMED)),
            dismissed=Count("pk", filter=Q(decision=Review.Decision.DISMISSED)),
            missed=Count("pk", filter=Q(decision=Review.Decision.ADDED)),
        )
    )
    return [Accuracy(**{**row, "month": row["month"].date()}) for row in rows]


def gold(speech: Speech) -> list[dict[str, Any]]:
    """The commitments that reviewers say stand in ``speech``, as gold items, in the order of the text."""
    cut = list(segments(speech.text))
    reviews = speech.reviews.filter(undone_at=None).exclude(decision=Review.Decision.DISMISSED)
    reviews = reviews.select_related("finding").prefetch_related(
        "commitments__targets", "commitments__assignments__unit__aliases", "commitments__assignments__via__aliases"
    )
    items: dict[int, dict[str, Any]] = {}
    for review in reviews.order_by("pk"):
        for commitment in review.commitments.all():
            if commitment.pk not in items and (item := _item(speech, cut, commitment, review)):
                items[commitment.pk] = item
    return sorted(items.values(), key=lambda item: (item["seg"], speech.text.find(item["quote"], cut[item["seg"]][0])))


def _item(speech: Speech, cut: list[tuple[int, int]], commitment: Commitment, review: Review) -> dict[str, Any] | None:
    """One gold item; None where the commitment has no place in the text."""
    place = _within_one_segment(cut, commitment.start, commitment.end)
    if place is None:
        return None
    number, start, end = place
    text = speech.text
    lead, support = _charged(commitment, review, text)
    words = commitment.deadline_text
    inherited = bool(words) and words not in text[cut[number][0] : cut[number][1]]
    read_off = commitment.deadline if commitment.deadline_value else None
    item: dict[str, Any] = {
        "seg": number,
        "quote": text[start:end],
        "deadline": {"text": words, "last_day": read_off and read_off.isoformat(), "inherited": inherited}
        if words and words in text
        else None,
        "recurrence": {"text": commitment.recurrence_text, "rrule": commitment.rrule}
        if commitment.recurrence_text in text and commitment.rrule.startswith("FREQ=")
        else None,
        "targets": [_target(target) for target in commitment.targets.all() if target.text and target.text in text],
        "responsible": lead,
        "supporting": support,
        "people": [person for person in commitment.people if person in text],
    }
    hard = item["deadline"] or item["recurrence"] or item["targets"]
    charged = item["responsible"] or item["people"]
    item["tier"] = "hard" if hard else "assigned" if charged else "named"
    return item


def _within_one_segment(cut: list[tuple[int, int]], start: int | None, end: int | None) -> tuple[int, int, int] | None:
    """(segment, start, end) of the longest stretch that lies in one segment: gold items never cross one's end."""
    if start is None or end is None:
        return None
    shared = [(min(end, last) - max(start, first), -number) for number, (first, last) in enumerate(cut)]
    length, negative = max(shared, default=(0, 0))
    if length <= 0:
        return None
    first, last = cut[-negative]
    return -negative, max(start, first), min(end, last)


def _target(target: Any) -> dict[str, Any]:
    found = {"text": target.text, "op": target.op, "value": float(target.value), "unit": target.unit}
    return found | ({"high": float(target.high)} if target.high is not None else {})


def _charged(commitment: Commitment, review: Review, text: str) -> tuple[list[str], list[str]]:
    """The names of the leading and the supporting units, each as the text has it.

    Where the reviewer let them stand they are the finding's own, those that the tree does not know among them.
    """
    finding = review.finding
    if finding and review.decision in AS_FOUND and not review.changes.keys() & {"lead", "support"}:
        return list(finding.responsible), list(finding.supporting)
    said = [*finding.responsible, *finding.supporting] if finding else []
    found: dict[str, list[str]] = {"lead": [], "support": []}
    for assignment in commitment.assignments.all():
        unit = assignment.via or assignment.unit
        if unit is None or assignment.deleted_at:
            continue
        name = _as_said(unit, said, text)
        if name not in found[assignment.role]:
            found[assignment.role].append(name)
    return found["lead"], [name for name in found["support"] if name not in found["lead"]]


def _as_said(unit: Unit, said: list[str], text: str) -> str:
    """The name by which the text calls a unit: as the finding has it, else whichever of its names stands there."""
    names = [unit.name, unit.short_name, *(alias.name for alias in unit.aliases.all())]
    cores = {core(name) for name in names if name}
    for name in said:
        if name in names or core(name) in cores:
            return name
    return next((name for name in sorted(filter(None, names), key=len, reverse=True) if name in text), unit.name)


def export(speeches: QuerySet[Speech]) -> Iterator[tuple[str, Speech, list[dict[str, Any]]]]:
    """(name, speech, gold items) of each wholly reviewed speech, in order of its id."""
    for speech in reviewed(speeches).order_by("pk"):
        yield f"speech-{speech.pk}", speech, gold(speech)
