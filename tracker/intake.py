"""From findings to commitments: what a review decides, entered into the ledger. Each function is one transaction."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from speeches.models import Finding, Speech
from tracker import duties, workflow
from tracker.models import Assignment, Commitment, Review, Series, Target, Unit, User
from tracker.units import Directory


@dataclass(frozen=True)
class Draft:
    """A commitment before it is entered: a finding's fields as a reviewer left them, or typed in by hand.

    ``deadline`` is the last day, inclusive. ``lead`` and ``support`` are units of the tree, groups included;
    where a name is not known to the tree it stands in ``unknown_units`` and nobody is charged for it.
    """

    title: str
    tier: str = Finding.Tier.HARD
    content: str = ""
    heading: str = ""
    deadline: dt.date | None = None
    deadline_text: str = ""
    deadline_value: str = ""
    recurrence_text: str = ""
    rrule: str = ""
    targets: tuple[dict[str, Any], ...] = ()
    lead: tuple[Unit, ...] = ()
    support: tuple[Unit, ...] = ()
    unknown_units: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    speech: Speech | None = None
    start: int | None = None
    end: int | None = None
    quote: str = ""
    origin: str = ""
    begins_on: dt.date | None = None
    leader: User | None = None
    reviews: tuple[Finding, ...] = field(default=(), compare=False)


def draft(finding: Finding, directory: Directory | None = None) -> Draft:
    """The draft that a finding amounts to if nobody changes anything: its units looked up in the tree."""
    directory = directory or Directory()
    lead = [(name, directory.find(name)) for name in finding.responsible]
    support = [(name, directory.find(name)) for name in finding.supporting]
    return Draft(
        title=finding.quote.strip()[:500],
        tier=finding.tier,
        heading=" / ".join(finding.heading)[:500],
        deadline=finding.last_day,
        deadline_text=finding.deadline_text,
        deadline_value=finding.deadline_value,
        recurrence_text=finding.recurrence_text,
        rrule=finding.rrule,
        targets=tuple(finding.targets),
        lead=tuple(unit for _name, unit in lead if unit),
        support=tuple(unit for _name, unit in support if unit),
        unknown_units=tuple(name for name, unit in [*lead, *support] if not unit),
        people=tuple(finding.people),
        speech=finding.speech,
        start=finding.start,
        end=finding.end,
        quote=finding.quote,
        begins_on=finding.speech.delivered_on,
    )


def number_for(day: dt.date) -> str:
    """The next free number of the ledger for the year of ``day``: 2026-0001."""
    return f"{day.year}-{Series.take(f'commitment/{day.year}'):04d}"


def _target(commitment: Commitment, position: int, raw: dict[str, Any]) -> Target | None:
    """One target row, or None where the number cannot be kept exactly."""
    try:
        value = Decimal(str(raw["value"]))
        high = Decimal(str(raw["high"])) if raw.get("high") is not None else None
    except (InvalidOperation, KeyError):
        return None
    if abs(value) >= Decimal(10) ** 16 or (high is not None and (abs(high) >= Decimal(10) ** 16 or high < value)):
        return None
    op = raw.get("op", Target.Op.AT_LEAST)
    if op == Target.Op.BETWEEN and high is None:
        op = Target.Op.AT_LEAST
    return Target(
        commitment=commitment,
        position=position,
        text=str(raw.get("text", ""))[:200],
        metric=str(raw.get("metric") or "")[:100],
        op=op,
        value=value,
        high=high if op == Target.Op.BETWEEN else None,
        unit=str(raw.get("unit", ""))[:30],
    )


@transaction.atomic
def enter(draft: Draft, *, by: User | None, at: dt.datetime | None = None) -> Commitment:
    """立项: put a draft into the ledger under a new number, and charge its units.

    Groups are expanded into their members. Without a known unit the commitment waits to be assigned, and is
    on the overdue list all the same. A recurring duty gets one assignment for each period that is near.
    """
    if by is not None and not by.has_perm("tracker.add_commitment"):
        raise PermissionDenied
    at = at or timezone.now()
    today = timezone.localdate(at)
    commitment = Commitment.objects.create(
        number=number_for(today),
        title=draft.title,
        content=draft.content,
        tier=draft.tier,
        entered_on=today,
        begins_on=draft.begins_on or today,
        speech=draft.speech,
        start=draft.start,
        end=draft.end,
        quote=draft.quote,
        origin=draft.origin,
        heading=draft.heading,
        deadline_text=draft.deadline_text,
        deadline_value=draft.deadline_value,
        deadline=draft.deadline,
        recurrence_text=draft.recurrence_text,
        rrule=draft.rrule,
        people=list(draft.people),
        leader=draft.leader,
        entered_by=by,
    )
    targets = [_target(commitment, position, raw) for position, raw in enumerate(draft.targets)]
    for target in targets:
        if target:
            target.save()
    assign(commitment, lead=draft.lead, support=draft.support, by=by, at=at)
    return commitment


# Whoever sends the same item again so soon pressed twice, or did not hear the answer.
SENT_TWICE = dt.timedelta(minutes=10)


@transaction.atomic
def enter_once(draft: Draft, *, by: User) -> Commitment:
    """Enter what somebody typed or sent, unless they have just entered the very same.

    Raises ``workflow.Stale``, which names the item that is there.
    """
    made = enter(draft, by=by)
    # Whoever enters at the same moment waits for the number, and so sees here what the other has entered.
    fields = ("title", "content", "origin", "deadline", "begins_on", "heading", "speech", "entered_by", "deleted_at")
    alike = Commitment.objects.filter(created_at__gte=timezone.now() - SENT_TWICE).exclude(pk=made.pk)
    for earlier in alike.filter(**{name: getattr(made, name) for name in fields}):
        if _units_of(earlier) == _units_of(made):
            raise workflow.Stale(
                _("You have just entered this as %(number)s. It was not entered twice.") % {"number": earlier.number}
            )
    return made


def _units_of(commitment: Commitment) -> set[tuple[int | None, str]]:
    return set(commitment.assignments.values_list("unit", "role"))


@transaction.atomic
def assign(
    commitment: Commitment,
    *,
    lead: Iterable[Unit] = (),
    support: Iterable[Unit] = (),
    by: User | None,
    at: dt.datetime | None = None,
    person: str = "",
    deadline: dt.date | None = None,
) -> list[Assignment]:
    """交办: charge units and groups with a commitment, for each of its periods that is near if it recurs.

    A unit that joins a recurring duty later owes from the present period on. ``deadline`` is the last day of these
    units where it differs; each period of a recurring duty has its own. With no
    unit at all the commitment waits to be assigned. Units that are charged already are left alone.
    """
    at = at or timezone.now()
    directory = Directory()
    roles = [(unit, Assignment.Role.LEAD) for unit in lead] + [(unit, Assignment.Role.SUPPORT) for unit in support]
    made: list[Assignment] = []
    periods = duties.open_for_units(commitment, at=at)
    for begins_on, period in periods or [(commitment.begins_on, None)]:
        for unit, role in roles:
            made += workflow.charge(
                commitment,
                directory.expand(unit),
                by=by,
                role=role,
                via=unit if unit.kind == Unit.Kind.GROUP else None,
                person=person,
                deadline=None if period else deadline,
                begins_on=begins_on,
                period=period,
                at=at,
            )
        if not commitment.assignments.filter(period=period, deleted_at=None).exists():
            workflow.leave_unassigned(commitment, begins_on=begins_on, period=period)
    return made


def decide(finding: Finding, decision: str, by: User | None, **fields: Any) -> Review:
    """Record a decision; the unique key lets only one stand for each finding, whoever comes second is told."""
    try:
        with transaction.atomic():
            return Review.objects.create(finding=finding, speech=finding.speech, decision=decision, by=by, **fields)
    except IntegrityError as error:
        first = finding.reviews.filter(undone_at=None).select_related("by").first()
        if first is None:
            raise
        raise workflow.Stale(
            _("%(who)s has already decided this: %(decision)s.")
            % {"who": first.by or _("The system"), "decision": first.get_decision_display()}
        ) from error


@transaction.atomic
def confirm(
    finding: Finding, *, by: User | None, as_draft: Draft | None = None, at: dt.datetime | None = None
) -> Commitment:
    """Confirm a finding, as it is or as ``as_draft`` has it, and enter it into the ledger.

    Raises ``workflow.Stale`` where somebody else decided first.
    """
    if by is not None and not by.has_perm("tracker.review_finding"):
        raise PermissionDenied
    plain = draft(finding)
    chosen = as_draft or plain
    changed = changes(plain, chosen)
    decision = Review.Decision.EDITED if changed else Review.Decision.CONFIRMED
    review = decide(finding, decision, by, changes=changed)
    commitment = enter(chosen, by=by, at=at)
    review.commitments.add(commitment)
    return commitment


def changes(before: Draft, after: Draft) -> dict[str, list[Any]]:
    """What a reviewer changed, field by field: [before, after], as JSON."""

    def plain(value: Any) -> Any:
        if isinstance(value, (tuple, list)):
            return [plain(entry) for entry in value]
        if isinstance(value, dt.date):
            return value.isoformat()
        return value.name if isinstance(value, Unit) else value

    names = [
        "title", "tier", "content", "heading", "deadline", "deadline_text", "rrule", "recurrence_text",
        "targets", "lead", "support", "people",
    ]  # fmt: skip
    pairs = {name: [plain(getattr(before, name)), plain(getattr(after, name))] for name in names}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


@transaction.atomic
def dismiss(finding: Finding, *, by: User | None, note: str = "") -> Review:
    """Decide that a finding is no commitment. Raises ``workflow.Stale`` where somebody else decided first."""
    if by is not None and not by.has_perm("tracker.review_finding"):
        raise PermissionDenied
    return decide(finding, Review.Decision.DISMISSED, by, note=note)


@transaction.atomic
def undo(review: Review, *, by: User | None) -> None:
    """Take a review back. Its commitments leave the ledger unless a unit has already begun to act on them."""
    if by is not None and not by.has_perm("tracker.review_finding"):
        raise PermissionDenied
    review = Review.objects.select_for_update().get(pk=review.pk)
    if review.undone_at:
        return
    # Locked as every step locks them, so that nobody signs for what is being taken out.
    entered = list(review.commitments.filter(deleted_at=None).select_for_update().order_by("pk"))
    if by is not None and not all(by.has_perm("tracker.delete_commitment", commitment) for commitment in entered):
        raise workflow.Refused(_("Units outside of what you coordinate have been charged with this item."))
    acted = Assignment.objects.filter(commitment__in=review.commitments.all(), deleted_at=None).exclude(
        state__in=[Assignment.State.UNASSIGNED, Assignment.State.SENT]
    )
    if acted.exists():
        raise workflow.Refused(_("A unit has already signed for this item. Withdraw it in the ledger instead."))
    now = timezone.now()
    for commitment in entered:
        remove(commitment, at=now)
    review.undone_at, review.undone_by = now, by
    review.save(update_fields=["undone_at", "undone_by"])


def remove(commitment: Commitment, *, at: dt.datetime) -> None:
    """Take a commitment out of the ledger; it can be brought back, and its history stays."""
    for assignment in commitment.assignments.filter(deleted_at=None):
        assignment.deleted_at = at
        assignment.save(update_fields=["deleted_at"])
    commitment.deleted_at = at
    commitment.version += 1
    commitment.save(update_fields=["deleted_at", "version"])
