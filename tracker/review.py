"""The review desk's decisions beyond confirm and dismiss: merge, split, add what was missed, many at once, undo.

As in ``tracker.intake`` each function is one transaction, asks for the permission ``tracker.review_finding``,
and raises ``workflow.Stale`` where somebody else decided first, so that nothing is overwritten unseen.
"""

import datetime as dt
import itertools
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from speeches import extraction, upload
from speeches.extraction import extract, find_deadlines, find_recurrences, find_targets, find_units
from speeches.models import Finding, Speech
from tracker import intake, workflow
from tracker.intake import Draft
from tracker.models import Commitment, Review, User
from tracker.units import Directory

# Where a sentence may be taken apart: after a comma or its like.
_CLAUSE_ENDS = re.compile(r"[，,、；;：:]")
# A selection longer than this is no sentence: it was made by mistake.
LONGEST_STRETCH = 1000


def _allow(by: User | None) -> None:
    if by is not None and not by.has_perm("tracker.review_finding"):
        raise PermissionDenied


def undecided(speech: Speech) -> QuerySet[Finding]:
    """The findings of ``speech`` on which no decision stands, in the order of the text."""
    decided = Review.objects.filter(speech=speech, undone_at=None, finding__isnull=False).values("finding")
    return speech.findings.exclude(pk__in=decided).order_by("number")


def next_undecided(finding: Finding) -> Finding | None:
    """The finding after this one in the text that still waits for a decision."""
    return undecided(finding.speech).filter(number__gt=finding.number).first()


def undecided_speeches(speeches: QuerySet[Speech]) -> QuerySet[Speech]:
    """Those of ``speeches`` with at least one finding on which no decision stands."""
    decided = Review.objects.filter(finding=OuterRef("pk"), undone_at=None)
    return speeches.filter(Exists(Finding.objects.filter(~Exists(decided), speech=OuterRef("pk"))))


def next_speech(speech: Speech) -> Speech | None:
    """The next speech of the same file in which a finding waits for a decision; after the last, the first such."""
    if not speech.source_id:
        return None
    waiting = undecided_speeches(Speech.objects.filter(source=speech.source_id).exclude(pk=speech.pk))
    others = list(waiting.only("title", "number", "source").order_by("number"))
    return next((other for other in others if other.number > speech.number), next(iter(others), None))


@transaction.atomic
def confirm_above(speech: Speech, confidence: float, *, by: User | None, at_most: int | None = None) -> list[Finding]:
    """Confirm, as they are, the undecided findings whose confidence is at least ``confidence`` (0 to 1).

    All of them, or the first ``at_most``. What somebody decides at the same moment is left to them.
    """
    _allow(by)
    directory = Directory()
    confirmed = []
    for finding in undecided(speech).filter(confidence__gte=confidence).select_related("speech")[:at_most]:
        try:
            intake.confirm(finding, by=by, as_draft=intake.draft(finding, directory))
        except workflow.Stale:
            continue
        confirmed.append(finding)
    return confirmed


def merged_draft(findings: Sequence[Finding], directory: Directory | None = None) -> Draft:
    """One draft of several findings: its words run from the first to the last, its numbers and units are those of all.

    The deadline is the latest of them, since that is when the whole is done.
    """
    directory = directory or Directory()
    drafts = sorted((intake.draft(finding, directory) for finding in findings), key=lambda each: each.start or 0)
    first = drafts[0]
    start, end = first.start or 0, max(each.end or 0 for each in drafts)
    last = max(drafts, key=lambda each: each.deadline or dt.date.min)
    recurring = next((each for each in drafts if each.rrule), first)
    quote = findings[0].speech.text[start:end]
    return replace(
        first,
        title=" ".join(quote.split())[:500],
        tier=min((each.tier for each in drafts), key=list(Finding.Tier.values).index),
        start=start,
        end=end,
        quote=quote,
        deadline=last.deadline,
        deadline_text=last.deadline_text,
        deadline_value=last.deadline_value,
        recurrence_text=recurring.recurrence_text,
        rrule=recurring.rrule,
        targets=_all(each.targets for each in drafts),
        lead=_all(each.lead for each in drafts),
        support=_all(each.support for each in drafts),
        unknown_units=_all(each.unknown_units for each in drafts),
        people=_all(each.people for each in drafts),
    )


def _all(lists: Any) -> tuple[Any, ...]:
    """The entries of all lists, in order, each once."""
    found: list[Any] = []
    for entries in lists:
        found += [entry for entry in entries if entry not in found]
    return tuple(found)


@transaction.atomic
def merge(findings: Sequence[Finding], *, by: User | None, as_draft: Draft | None = None) -> Commitment:
    """Make one commitment of several findings of one speech, as ``merged_draft`` or ``as_draft`` has it."""
    _allow(by)
    if len(findings) < 2:
        raise workflow.Refused(_("There is nothing after this finding that it could be merged with."))
    plain = merged_draft(findings)
    changed = intake.changes(plain, as_draft) if as_draft else {}
    reviews = [intake.decide(finding, Review.Decision.MERGED, by, changes=changed) for finding in findings]
    commitment = intake.enter(as_draft or plain, by=by)
    for review in reviews:
        review.commitments.add(commitment)
    return commitment


def clauses(finding: Finding) -> list[tuple[int, int]]:
    """(start, end) in the speech of the clauses that a finding can be split into."""
    edges = [finding.start]
    edges += [finding.start + mark.end() for mark in _CLAUSE_ENDS.finditer(finding.quote)]
    edges.append(finding.end)
    return [(start, end) for start, end in itertools.pairwise(edges) if end > start]


def split_drafts(finding: Finding, cuts: Sequence[int], directory: Directory | None = None) -> list[Draft]:
    """The drafts of a finding that is cut at ``cuts`` (offsets in the speech), each read by itself.

    What governs the whole sentence and stands in one part only, its deadline and its units, goes to every part.
    """
    directory = directory or Directory()
    whole = intake.draft(finding, directory)
    edges = [finding.start, *cuts, finding.end]
    parts = []
    for start, end in itertools.pairwise(edges):
        part = stretch_draft(finding.speech, start, end, directory)
        if not part.deadline_text and not part.rrule:
            part = replace(
                part,
                deadline=whole.deadline,
                deadline_text=whole.deadline_text,
                deadline_value=whole.deadline_value,
                tier=whole.tier if whole.deadline_text else part.tier,
            )
        if not (part.lead or part.unknown_units):
            part = replace(part, lead=whole.lead, support=whole.support, unknown_units=whole.unknown_units)
        parts.append(replace(part, people=part.people or whole.people, heading=whole.heading))
    return parts


@transaction.atomic
def split(finding: Finding, drafts: Sequence[Draft], *, by: User | None) -> list[Commitment]:
    """Make several commitments of one finding."""
    _allow(by)
    if len(drafts) < 2:
        raise workflow.Refused(_("Choose at least one place where the finding is to be split."))
    review = intake.decide(finding, Review.Decision.SPLIT, by)
    commitments = [intake.enter(each, by=by) for each in drafts]
    review.commitments.add(*commitments)
    return commitments


def stretch_draft(speech: Speech, start: int, end: int, directory: Directory | None = None) -> Draft:
    """A draft of the words ``speech.text[start:end]``, its fields read out of just that stretch.

    Raises ``Refused`` where the stretch is empty, outside the text, or too long to be one commitment.
    """
    quote = speech.text[start:end]
    start += len(quote) - len(quote.lstrip())
    quote = quote.strip()
    if not quote or not 0 <= start < end <= len(speech.text):
        raise workflow.Refused(_("Select the words of the commitment in the text."))
    if len(quote) > LONGEST_STRETCH:
        raise workflow.Refused(
            _("The selection has more than %(limit)s characters. Select only the words of one commitment.")
            % {"limit": LONGEST_STRETCH}
        )
    title = " ".join(quote.split()).strip("，,、；;。：: ") or quote
    drafts = _read(speech, quote, directory or Directory())
    last = max(drafts, key=lambda each: each.deadline or dt.date.min)
    heading = speech.findings.filter(start__lte=start).order_by("-start").values_list("heading", flat=True).first()
    return replace(
        last,
        title=title[:500],
        targets=_all(each.targets for each in drafts),
        lead=_all(each.lead for each in drafts),
        support=_all(each.support for each in drafts),
        unknown_units=_all(each.unknown_units for each in drafts),
        people=_all(each.people for each in drafts),
        quote=quote,
        start=start,
        end=start + len(quote),
        heading=" / ".join(heading or [])[:500],
        begins_on=speech.delivered_on,
    )


def _read(speech: Speech, quote: str, directory: Directory) -> list[Draft]:
    """What is read out of words that a person holds for a commitment: at least one draft.

    Where the extractor sees none in them, their dates, numbers and units are taken as they stand.
    """
    day, words = speech.delivered_on, upload.lexicon()
    if found := extract(quote, delivered_on=day, lexicon=words):
        findings = [Finding.of(speech, number, each) for number, each in enumerate(found, start=1)]
        return [intake.draft(each, directory) for each in findings]
    deadlines = find_deadlines(quote, delivered_on=day, lexicon=words)
    recurrences = find_recurrences(quote)
    mentions = find_units(quote, lexicon=words)
    read = extraction.Commitment(
        tier="named",
        deadline=deadlines[-1] if deadlines else None,
        recurrence=recurrences[0] if recurrences else None,
        targets=tuple(find_targets(quote)),
        # Only what the tree knows: a bare mention is too often no unit at all.
        responsible=tuple(each.name for each in mentions if each.kind != "person" and directory.find(each.name)),
        supporting=(),
        people=tuple(each.name for each in mentions if each.kind == "person"),
        start=0,
        end=len(quote),
        quote=quote,
    )
    return [intake.draft(Finding.of(speech, 1, read), directory)]


@transaction.atomic
def add(draft: Draft, *, by: User | None) -> Commitment:
    """Enter a commitment that was missed in a speech. The same words are not added twice."""
    _allow(by)
    assert draft.speech is not None
    speech = Speech.objects.select_for_update().get(pk=draft.speech.pk)
    same = (
        Review.objects.filter(
            speech=speech,
            decision=Review.Decision.ADDED,
            undone_at=None,
            commitments__start=draft.start,
            commitments__end=draft.end,
            commitments__deleted_at=None,
        )
        .select_related("by")
        .first()
    )
    if same:
        raise workflow.Stale(_("%(who)s has already added these words.") % {"who": same.by or _("The system")})
    commitment = intake.enter(draft, by=by)
    review = Review.objects.create(speech=speech, decision=Review.Decision.ADDED, by=by)
    review.commitments.add(commitment)
    return commitment


def undo(review: Review, *, by: User | None) -> list[Finding]:
    """Take a decision back, and with a merge all that belong to it. Returns the findings that are open again."""
    with transaction.atomic():
        together = Review.objects.filter(undone_at=None).filter(
            Q(pk=review.pk) | Q(decision=Review.Decision.MERGED, commitments__in=review.commitments.all())
        )
        reviews = list(together.distinct().select_related("finding"))
        if not reviews:
            raise workflow.Stale(_("This decision has been taken back already."))
        for each in reviews:
            intake.undo(each, by=by)
    return [each.finding for each in reviews if each.finding]


def last_of(speech: Speech, user: Any) -> Review | None:
    """The latest decision of ``user`` on ``speech`` that still stands: what "undo" takes back."""
    return speech.reviews.filter(by=user, undone_at=None).order_by("-at", "-pk").first()


def moment(speech: Speech) -> dt.datetime | None:
    """When anything was last decided or taken back on ``speech``."""
    times = speech.reviews.aggregate(decided=Max("at"), undone=Max("undone_at"))
    return max((time for time in times.values() if time), default=None)


def decided_since(speech: Speech, since: dt.datetime | None) -> QuerySet[Review]:
    """The reviews that were made or taken back at or after ``since``."""
    if since is None:
        return speech.reviews.all()
    return speech.reviews.filter(Q(at__gte=since) | Q(undone_at__gte=since))
