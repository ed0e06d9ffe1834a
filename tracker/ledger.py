"""The ledger: commitments as rows, what stands beside each, and corrections to one.

A commitment shows the worst light among its assignments that nobody has withdrawn; with none left it is grey.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, Min, QuerySet, Sum
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tracker import intake, workflow
from tracker.lights import URGENCY, Light, with_light
from tracker.models import Assignment, Commitment, Measurement, Target, User
from tracker.progress import measured
from tracker.rules import visible_assignments


@dataclass
class Standing:
    """How one commitment stands: its light, the units that lead and support it, progress in percent."""

    light: Light = Light.GREY
    lead: list[str] = field(default_factory=list)
    support: list[str] = field(default_factory=list)
    progress: int | None = None


def standings(user: Any, commitments: Iterable[Commitment], day: dt.date) -> dict[int, Standing]:
    """What the rows of one page show beside the commitments themselves, in one query however many units they have."""
    order = list(Light)
    rows = (
        with_light(visible_assignments(user), day)
        .filter(commitment__in=[commitment.pk for commitment in commitments])
        .exclude(state=Assignment.State.WITHDRAWN)
        .order_by()
        .values("commitment", "role", "unit__short_name", "unit__name")
        .annotate(worst=Min("urgency"), n=Count("pk"), total=Sum("progress_then"), first=Min("pk"))
        .order_by("first")
    )
    found: dict[int, Standing] = {}
    totals: dict[int, list[int]] = {}
    for row in rows:
        standing = found.setdefault(row["commitment"], Standing(light=Light.DONE))
        standing.light = min(standing.light, order[row["worst"]], key=order.index)
        names = standing.lead if row["role"] == Assignment.Role.LEAD else standing.support
        name = row["unit__short_name"] or row["unit__name"]
        if name and name not in names:
            names.append(name)
        entry = totals.setdefault(row["commitment"], [0, 0])
        entry[0] += row["total"]
        entry[1] += row["n"]
    for pk, (total, n) in totals.items():
        found[pk].progress = total // n
    return found


def standing_of(assignments: Iterable[Assignment]) -> Standing:
    """The same for one item, from its assignments with their ``light`` set."""
    live = [row for row in assignments if row.state != Assignment.State.WITHDRAWN]
    if not live:
        return Standing()
    worst = min((Light(row.light) for row in live), key=lambda light: URGENCY[light])
    return Standing(light=worst, progress=sum(row.progress or 0 for row in live) // len(live))


@transaction.atomic
def correct(
    commitment: Commitment, *, by: User | None, version: int, targets: Iterable[Target] | None = None, **fields: Any
) -> Commitment:
    """Correct an item's own fields (title, content, tier, heading, deadline, deadline_text, leader) and its targets.

    A new ``deadline`` moves the open assignments that still ran to the old one; each one's first deadline stays on
    record. ``targets`` replaces the list where given: saved ones are kept, those left out are deleted.
    Raises ``workflow.Stale`` where the item has moved on since ``version``, and ``workflow.Refused`` where it is to be
    done before it begins (what a speech itself says so stays until somebody changes it).
    """
    row = Commitment.objects.select_for_update().get(pk=commitment.pk)
    if by is not None and not by.has_perm("tracker.change_commitment", row):
        raise PermissionDenied
    if row.version != version:
        raise workflow.Stale(
            _("Somebody else has changed this in the meantime. Look at it again, then repeat your step.")
        )
    before = row.deadline
    for name, value in fields.items():
        setattr(row, name, value)
    if row.deadline and row.deadline != before and row.deadline < row.begins_on:
        message = _("The last day cannot lie before %(day)s, when the item begins.")
        raise workflow.Refused(message % {"day": date_format(row.begins_on)}, field="deadline")
    row.version += 1
    row.save()
    if row.deadline != before and not row.rrule:
        _move(row, before, by)
    if targets is not None:
        _replace_targets(row, list(targets))
    return row


def _move(commitment: Commitment, before: dt.date | None, by: User | None) -> None:
    """Let the open assignments that ran to ``before`` run to the commitment's deadline."""
    moved: QuerySet[Assignment] = commitment.assignments.select_for_update().filter(
        deadline=before, deleted_at=None, state__in=[*workflow.OPEN_STATES, Assignment.State.SUSPENDED]
    )
    for assignment in moved:
        assignment.deadline = commitment.deadline
        assignment.original_deadline = assignment.original_deadline or commitment.deadline
        # As a step, so that an earlier day is still judged by the day that held then.
        note = _("The item's last day was moved.")
        workflow.record(assignment, "amend", by, timezone.now(), note, assignment.state)


@transaction.atomic
def remove(commitment: Commitment, *, by: User, reason: str, version: int) -> None:
    """Take an item that should not be there out of the ledger. It keeps its number and can be brought back.

    Raises ``workflow.Stale`` where the item has moved on since ``version``.
    """
    row = Commitment.objects.select_for_update().get(pk=commitment.pk)
    if not by.has_perm("tracker.delete_commitment", row):
        raise PermissionDenied
    if row.version != version:
        raise workflow.Stale(
            _("Somebody else has changed this in the meantime. Look at it again, then repeat your step.")
        )
    row._change_reason = reason[:100]
    intake.remove(row, at=timezone.now())


@transaction.atomic
def restore(commitment: Commitment, *, by: User) -> Commitment:
    """Bring back an item that was taken out, with the assignments that went out with it."""
    row = Commitment.objects.select_for_update().get(pk=commitment.pk)
    if not by.has_perm("tracker.restore_commitment", row):
        raise PermissionDenied
    if row.deleted_at is None:
        raise workflow.Stale(_("Somebody else has brought it back already."))
    _review_again(row)
    for assignment in row.assignments.filter(deleted_at=row.deleted_at):
        assignment.deleted_at = None
        assignment.save(update_fields=["deleted_at"])
    row.deleted_at = None
    row.version += 1
    row.save(update_fields=["deleted_at", "version"])
    workflow.follow(row)
    return row


def _review_again(commitment: Commitment) -> None:
    """Let the decisions that ``commitment`` came of stand again where they were taken back with it, so that nobody
    confirms the same words a second time. Raises Refused where somebody has done so already."""
    for review in commitment.reviews.exclude(undone_at=None).select_related("finding"):
        if review.finding:
            anew = review.finding.reviews.filter(undone_at=None)
        else:
            place = {"commitments__start": commitment.start, "commitments__end": commitment.end}
            anew = review.speech.reviews.filter(undone_at=None, finding=None, commitments__deleted_at=None, **place)
        if anew.exists():
            raise workflow.Refused(
                _("The same words of the speech have been decided on anew. Take that decision back first.")
            )
        review.undone_at = review.undone_by = None
        review.save(update_fields=["undone_at", "undone_by"])


def _replace_targets(commitment: Commitment, targets: list[Target]) -> None:
    kept = [target.pk for target in targets if target.pk]
    for target in commitment.targets.exclude(pk__in=kept):
        target.delete()
    for position, target in enumerate(targets):
        target.commitment, target.position = commitment, position
        target.save()


@dataclass(frozen=True)
class Passage:
    """An item's sentence within its paragraph: what stands before it, itself, what follows."""

    before: str
    quote: str
    after: str


# A paragraph without line breaks can be a whole speech; this many characters on either side are enough to understand.
_MOST_AROUND = 400


def passage(commitment: Commitment) -> Passage | None:
    """The paragraph that the item was said in; only the sentence where its place is not known; None without one."""
    if commitment.speech is None or commitment.start is None or commitment.end is None:
        return Passage("", commitment.quote, "") if commitment.quote else None
    text, start, end = commitment.speech.text, commitment.start, commitment.end
    first = text.rfind("\n", 0, start) + 1
    last = text.find("\n", end)
    last = len(text) if last < 0 else last
    before, after = text[first:start].lstrip(), text[end:last].rstrip()
    if len(before) > _MOST_AROUND:
        before = "…" + before[-_MOST_AROUND:]
    if len(after) > _MOST_AROUND:
        after = after[:_MOST_AROUND] + "…"
    return Passage(before, text[start:end], after)


def next_step(assignment: Assignment) -> str:
    """What comes next in an assignment and who must do it, as a sentence. Looks at its prefetched extensions."""
    if any(request.state == request.State.PENDING for request in assignment.extensions.all()):
        return _("The supervision office decides on the request for more time.")
    unit = assignment.unit.name if assignment.unit else ""
    sentences = {
        Assignment.State.UNASSIGNED: _("The supervision office names a unit."),
        Assignment.State.SENT: _("%(unit)s signs for it."),
        Assignment.State.ACTIVE: _("%(unit)s reports progress, and asks to close it once it is done."),
        Assignment.State.SUBMITTED: _("The supervision office checks what was handed in, then closes or returns it."),
        Assignment.State.DONE: _("Nothing more; the office may look at it again some months later."),
        Assignment.State.SUSPENDED: _("The supervision office resumes it once it can go on."),
        Assignment.State.WITHDRAWN: _("Nothing: nobody owes it any more."),
    }
    return sentences[Assignment.State(assignment.state)] % {"unit": unit}


@dataclass
class Measured:
    """A target with what each unit last reported against it: (unit's name, quantity so far, percent)."""

    target: Target
    reports: list[tuple[str, str, int]] = field(default_factory=list)


# Only the latest quantity of each unit is shown; more reports than this say nothing new.
_MOST_MEASUREMENTS = 1_000


def measured_targets(commitment: Commitment, assignments: Iterable[Assignment]) -> list[Measured]:
    """The targets of an item in their order, each with the latest quantity of each of ``assignments``. Two queries."""
    found = {target.pk: Measured(target) for target in commitment.targets.all()}
    units = {assignment.pk: assignment.unit.label for assignment in assignments if assignment.unit}
    if not found or not units:
        return list(found.values())
    rows = Measurement.objects.filter(target__in=list(found), update__assignment__in=list(units))
    latest: dict[tuple[int, str], Decimal] = {}
    told = rows.order_by("-update__at", "-pk").values_list("target", "update__assignment", "quantity")
    for target, assignment, quantity in told[:_MOST_MEASUREMENTS]:
        latest.setdefault((target, units[assignment]), quantity)
    for (pk, unit), quantity in latest.items():
        found[pk].reports.append((unit, f"{quantity.normalize():f}", measured(found[pk].target, quantity)))
    return list(found.values())
