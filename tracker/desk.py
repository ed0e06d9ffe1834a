"""What the review desk and the reading view show of a speech: one card for each finding, in the order of the text."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from speeches.highlight import Mark
from speeches.models import Finding, Speech
from tracker.models import Commitment, Review, Unit
from tracker.reasons import how_sure, in_words
from tracker.rules import visible_commitments
from tracker.templatetags.luoshi import day
from tracker.units import Directory, likely_kind

OPEN = "open"
# The fields of Review.changes that a card tells, by their names on the page.
CHANGED = {
    "title": gettext_lazy("Item"),
    "deadline": gettext_lazy("Last day"),
    "recurrence_text": gettext_lazy("Frequency"),
    "targets": gettext_lazy("Targets"),
    "lead": gettext_lazy("Responsible"),
    "support": gettext_lazy("Supporting"),
    "people": gettext_lazy("People"),
}


@dataclass(frozen=True)
class Charged:
    """A unit as the speech names it; ``unit`` is None where the tree does not know it, ``members`` are a group's."""

    name: str
    unit: Unit | None = None
    members: tuple[Unit, ...] = ()

    @cached_property
    def badge(self) -> SafeString:
        """How a card shows it; the same few units stand on hundreds of cards, and each is drawn once."""
        return render_to_string("review/charged.html", {"charged": self})

    @property
    def kinds(self) -> list[tuple[str, str, bool]]:
        """What a name that the tree does not know may be entered as: kind, its label, and whether the name says so."""
        likely = likely_kind(self.name)
        return [(kind, str(kind.label), kind == likely) for kind in Unit.Kind if kind != Unit.Kind.GROUP]


@dataclass(frozen=True)
class Card:
    """A finding, or a commitment that a person added, with what was decided about it.

    ``key`` is "f" and the finding's id, or "r" and the id of the review that added it. ``state`` is ``OPEN`` or
    the decision. ``confidence`` is in percent, None for what a person added.
    """

    key: str
    start: int
    end: int
    quote: str
    tier: str
    state: str = OPEN
    finding: Finding | None = None
    review: Review | None = None
    commitments: tuple[Commitment, ...] = ()
    last_day: dt.date | None = None
    deadline_text: str = ""
    recurrence_text: str = ""
    targets: tuple[str, ...] = ()
    lead: tuple[Charged, ...] = ()
    support: tuple[Charged, ...] = ()
    people: tuple[str, ...] = ()
    heading: str = ""
    confidence: int | None = None
    before_speech: bool = False

    @property
    def mark(self) -> Mark:
        return Mark(self.start, self.end, self.key, self.tier, self.state)

    @property
    def tier_label(self) -> str:
        return str(Finding.Tier(self.tier).label)

    @property
    def changed(self) -> list[tuple[str, str]]:
        """What a reviewer made of it where that differs: (field, new value)."""
        changes = self.review.changes if self.review else {}
        return [(str(CHANGED[name]), _shown(new)) for name, (_old, new) in changes.items() if name in CHANGED]

    @property
    def why(self) -> list[str]:
        """The rules that decided and the confidence, each as a sentence."""
        if self.finding is None or self.confidence is None:
            return []
        return [*in_words(self.finding.reasons), how_sure(self.confidence)]


def _shown(value: Any) -> str:
    """A value of Review.changes for people."""
    if isinstance(value, list):
        return (
            "、".join(str(entry.get("text", "")) if isinstance(entry, dict) else str(entry) for entry in value) or "—"
        )
    try:
        return day(dt.date.fromisoformat(value)) if value else "—"
    except ValueError:
        return str(value)


def cards(
    speech: Speech, *, findings: Iterable[Finding] | None = None, directory: Directory | None = None
) -> list[Card]:
    """A card for each finding of ``speech`` and each commitment added by hand; or for ``findings`` only."""
    directory = directory or Directory()
    reviews = speech.reviews.filter(undone_at=None).select_related("by").prefetch_related("commitments")
    if findings is not None:
        findings = list(findings)
        reviews = reviews.filter(finding__in=findings)
    chosen = speech.findings.order_by("number") if findings is None else findings
    standing = {review.finding_id: review for review in reviews if review.finding_id}
    meaning = cache(lambda name: _meaning(name, directory))
    made: list[Card | None] = []
    for finding in chosen:
        finding.speech = speech
        made.append(_of_finding(finding, standing.get(finding.pk), meaning))
    made += [card_of_added(review) for review in reviews if not review.finding_id]
    return sorted((card for card in made if card), key=lambda card: (card.start, card.end))


def _of_finding(finding: Finding, review: Review | None, meaning: Callable[[str], Charged]) -> Card:
    return Card(
        key=f"f{finding.pk}",
        start=finding.start,
        end=finding.end,
        quote=finding.quote,
        tier=finding.tier,
        state=review.decision if review else OPEN,
        finding=finding,
        review=review,
        commitments=tuple(review.commitments.all()) if review else (),
        last_day=finding.last_day,
        deadline_text=finding.deadline_text,
        recurrence_text=finding.recurrence_text,
        targets=tuple(str(target.get("text", "")) for target in finding.targets),
        lead=tuple(map(meaning, finding.responsible)),
        support=tuple(map(meaning, finding.supporting)),
        people=tuple(finding.people),
        heading=" / ".join(finding.heading),
        confidence=round(finding.confidence * 100),
        before_speech=bool(finding.last_day and finding.last_day < finding.speech.delivered_on),
    )


def card_of_added(review: Review) -> Card | None:
    """The card of what a person added; None once that was taken back."""
    commitment = next(iter(review.commitments.all()), None)
    if review.undone_at or commitment is None or commitment.start is None or commitment.end is None:
        return None
    return Card(key=f"r{review.pk}", state=review.decision, review=review, **_fields(commitment))


def _fields(commitment: Commitment) -> dict[str, Any]:
    return {
        "start": commitment.start,
        "end": commitment.end,
        "quote": commitment.quote,
        "tier": commitment.tier,
        "commitments": (commitment,),
        "last_day": commitment.deadline,
        "deadline_text": commitment.deadline_text,
        "recurrence_text": commitment.recurrence_text,
        "people": tuple(commitment.people),
        "heading": commitment.heading,
    }


def cards_of_commitments(speech: Speech, user: Any) -> list[Card]:
    """A card for each commitment of ``speech`` that ``user`` may see: what a liaison reads of a speech."""
    seen = visible_commitments(user, speech.commitments.exclude(start=None)).order_by("start", "end")
    return [Card(key=f"c{row.pk}", state=Review.Decision.CONFIRMED, **_fields(row)) for row in seen]


def charged(names: Sequence[str], directory: Directory) -> tuple[Charged, ...]:
    """Each name with the unit that it means, and whom a group stands for."""
    return tuple(_meaning(name, directory) for name in names)


def _meaning(name: str, directory: Directory) -> Charged:
    unit = directory.find(name)
    group = unit is not None and unit.kind == Unit.Kind.GROUP
    return Charged(name, unit, tuple(directory.expand(unit)) if unit and group else ())
