"""The only place where an assignment changes state. (``tracker.terms`` changes what is owed by when.)

::

    to be assigned ──assign──▶ awaiting receipt ──receive──▶ under way ──submit──▶ awaiting check ──accept──▶ closed
       待交办                      待签收                      办理中 ◀──send_back──  待核查           reopen │ 办结
                                                                  ◀───────────────────────────────────────┘

    suspend (中止) from any open state, resume (恢复) back to it; withdraw (撤销) from any open state.

转办: a unit that signed for an assignment may hand it on to units below it. Each gets an assignment of its
own (``handed_from``), which the unit that handed it on, or the office, checks. The one above stays under way and
answers for the whole: it cannot be submitted before everything handed on from it is closed or withdrawn,
and what is suspended, resumed or withdrawn above is so below. What lies below a submitted, closed or suspended
assignment cannot be reopened, resumed or assigned again before the one above is.

Each function checks who asks (``tracker.rules``; ``by=None`` is the system itself), locks the row, checks
the state it starts from, records a ``Transition`` and lets the commitment's state follow, in one
transaction. It raises ``PermissionDenied``, or ``Refused`` with a sentence for the user. ``at`` is the
moment it happened (now, unless an import or a replay says otherwise). ``version``, where given, is the
version that the user was looking at: if the row has moved on since, ``Stale`` is raised and nothing changes.

The commitment's state follows from its assignments: withdrawn if all are; else closed if all that are not
withdrawn are closed and none is still to come; else suspended if every one still open is; else open.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from speeches.acting import current_origin
from tracker import recurrence
from tracker.lights import term_in_working_days
from tracker.models import Assignment, Commitment, ExtensionRequest, StatusUpdate, Transition, Unit, User
from tracker.units import subtree_ids

State = Assignment.State
OPEN_STATES = (State.UNASSIGNED, State.SENT, State.ACTIVE, State.SUBMITTED)

# action: the states it starts from, and the state it leads to (None: decided by the function)
STEPS: dict[str, tuple[tuple[str, ...], str | None]] = {
    "assign": ((State.UNASSIGNED,), State.SENT),
    "receive": ((State.SENT,), State.ACTIVE),
    "report": ((State.ACTIVE,), State.ACTIVE),
    "submit": ((State.ACTIVE,), State.SUBMITTED),
    "accept": ((State.SUBMITTED,), State.DONE),
    "send_back": ((State.SUBMITTED,), State.ACTIVE),
    "ask_extension": ((State.SENT, State.ACTIVE), None),
    "hand_on": ((State.ACTIVE,), State.ACTIVE),
    "decide_extension": ((*OPEN_STATES, State.SUSPENDED), None),
    "amend": ((*OPEN_STATES, State.SUSPENDED), None),
    "plan": ((State.ACTIVE,), State.ACTIVE),
    "suspend": (OPEN_STATES, State.SUSPENDED),
    "resume": ((State.SUSPENDED,), None),
    "withdraw": ((*OPEN_STATES, State.SUSPENDED), State.WITHDRAWN),
    "reopen": ((State.DONE,), State.ACTIVE),
    "send_again": ((State.WITHDRAWN,), None),
}

ACTION_NAMES = {
    "assign": gettext_noop("assigned"),
    "receive": gettext_noop("signed for"),
    "report": gettext_noop("reported progress"),
    "submit": gettext_noop("asked to close"),
    "accept": gettext_noop("closed"),
    "send_back": gettext_noop("returned"),
    "ask_extension": gettext_noop("asked for more time"),
    "hand_on": gettext_noop("handed on"),
    "amend": gettext_noop("terms changed"),
    "plan": gettext_noop("milestones set"),
    "grant_extension": gettext_noop("granted more time"),
    "refuse_extension": gettext_noop("refused more time"),
    "suspend": gettext_noop("suspended"),
    "resume": gettext_noop("resumed"),
    "withdraw": gettext_noop("withdrawn"),
    "reopen": gettext_noop("reopened after a check"),
    "send_again": gettext_noop("assigned again"),
}


class Refused(ValidationError):
    """The step cannot be taken; the message says why and what to do, in the user's language.

    ``field`` names the argument that is at fault, where it is one: a form shows the message there.
    """

    def __init__(self, message: Any, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class Stale(Refused):
    """Somebody else changed the row since the user looked at it."""


def may(user: User | None, action: str, assignment: Assignment) -> bool:
    """Whether ``user`` may take ``action`` on ``assignment`` as it stands: by role, unit and state."""
    states, _to = STEPS[action]
    return assignment.state in states and (user is None or user.has_perm(f"tracker.{action}", assignment))


def lock(assignment: Assignment, action: str, by: User | None, version: int | None) -> Assignment:
    """The row itself, locked until the transaction ends, after every check that ``action`` asks for."""
    # Always the item first, then the assignment: two who close its last two assignments at once take turns.
    Commitment.objects.select_for_update(no_key=True).get(pk=assignment.commitment_id)
    row = Assignment.objects.select_for_update(of=("self",)).select_related("commitment", "unit").get(pk=assignment.pk)
    if by is not None and not by.has_perm(f"tracker.{action}", row):
        raise PermissionDenied
    if row.deleted_at:
        raise Refused(_("This assignment has been deleted."))
    if version is not None and row.version != version:
        raise Stale(_("Somebody else has changed this in the meantime. Look at it again, then repeat your step."))
    states, _to = STEPS[action]
    if row.state not in states:
        raise Refused(
            _("This cannot be done while the assignment is “%(state)s”.") % {"state": row.get_state_display()}
        )
    return row


def record(row: Assignment, action: str, by: User | None, at: dt.datetime, note: str, was: str, **brought: Any) -> None:
    """Save the row with a new version, write the step down with what it ``brought``, let the commitment follow."""
    row.version += 1
    row.last_step_at = max(at, row.last_step_at or at)
    last_days = (row.earliest_deadline, row.original_deadline, row.deadline)
    row.earliest_deadline = min((day for day in last_days if day), default=None)
    row.save()
    Transition.objects.create(
        assignment=row,
        action=action,
        from_state=was,
        to_state=row.state,
        note=note,
        by=by,
        at=at,
        origin=current_origin(),
        version=row.version,
        deadline=row.deadline,
        progress=row.progress,
        finished_on=row.finished_on,
        closed_on=row.closed_on,
        **brought,
    )
    follow(row.commitment)


def need(reason: str, message: str) -> str:
    if not reason.strip():
        raise Refused(message, field="reason")
    return reason.strip()


def _handed_on(row: Assignment, *states: str) -> list[Assignment]:
    """What was handed on from ``row`` and stands in one of ``states``."""
    return list(row.handed_on.filter(deleted_at=None, state__in=states).select_related("unit"))


def _need_open_above(row: Assignment) -> None:
    """What was handed on goes on again only under an assignment that goes on itself."""
    if row.handed_from and row.handed_from.state == State.SUSPENDED:
        raise Refused(_("The assignment that this was handed on from is suspended. Resume that one."))
    if row.handed_from and row.handed_from.state in (State.SUBMITTED, State.DONE, State.WITHDRAWN):
        raise Refused(_("Reopen or return the assignment that this was handed on from first."))


def _more_to_come(commitment: Commitment) -> bool:
    """Whether a recurring duty will owe another period; one whose frequency is broken is not closed by itself."""
    if not commitment.rrule:
        return False
    last = commitment.assignments.filter(deleted_at=None).aggregate(day=Max("period"))["day"]
    try:
        return last is None or recurrence.more_to_come(commitment, after=last)
    except ValidationError:
        return True


def follow(commitment: Commitment) -> None:
    """Set the commitment's state to what follows from its assignments (the rule stands at the top)."""
    row = Commitment.objects.select_for_update(no_key=True).get(pk=commitment.pk)
    states = set(row.assignments.filter(deleted_at=None).values_list("state", flat=True))
    live = states - {State.WITHDRAWN}
    if states and not live:
        state = Commitment.State.WITHDRAWN
    elif live == {State.DONE} and not _more_to_come(row):
        state = Commitment.State.DONE
    elif State.SUSPENDED in live and not live - {State.SUSPENDED, State.DONE}:
        state = Commitment.State.SUSPENDED
    else:
        state = Commitment.State.OPEN
    if row.state != state:
        row.state = state
        row.version += 1
        row.save(update_fields=["state", "version"])
    # The caller's own object follows too, so that saving it later does not undo this.
    commitment.state, commitment.version = row.state, row.version


@transaction.atomic
def charge(
    commitment: Commitment,
    units: Iterable[Unit],
    *,
    by: User | None,
    role: str = Assignment.Role.LEAD,
    via: Unit | None = None,
    person: str = "",
    deadline: dt.date | None = None,
    begins_on: dt.date | None = None,
    period: dt.date | None = None,
    at: dt.datetime | None = None,
) -> list[Assignment]:
    """Charge ``units`` (no groups: expand those first) with ``commitment``, one assignment each, sent out at ``at``.

    A unit that is charged already (for this ``period``) is left as it is. The first unit charged takes over
    the commitment's assignment without a unit, where there is one. ``deadline`` is the last day, inclusive.
    """
    units = list(units)
    if by is not None and not by.has_perm("tracker.assign"):
        raise PermissionDenied
    if by is not None and (outside := [unit.name for unit in units if not by.has_perm("tracker.charge_unit", unit)]):
        raise Refused(_("%(names)s is outside of what you coordinate.") % {"names": "、".join(outside)})
    if deadline and deadline < (begins_on or commitment.begins_on):
        raise Refused(_("The last day cannot lie before the assignment begins."), field="deadline")
    at = at or timezone.now()
    begins_on = begins_on or commitment.begins_on
    deadline = deadline or period or commitment.deadline
    # Whoever charges the same units at the same moment waits here, and then finds them charged.
    Commitment.objects.select_for_update(no_key=True).get(pk=commitment.pk)
    existing = set(
        commitment.assignments.filter(period=period, deleted_at=None, unit__isnull=False).values_list("unit", flat=True)
    )
    open_slot = commitment.assignments.filter(unit=None, period=period, state=State.UNASSIGNED, deleted_at=None).first()
    made = []
    for unit in units:
        if unit.pk in existing:
            continue
        existing.add(unit.pk)
        if open_slot:
            row, open_slot, was = lock(open_slot, "assign", by, None), None, State.UNASSIGNED
        else:
            row, was = Assignment(commitment=commitment, period=period), ""
        row.unit, row.role, row.via, row.person = unit, role, via, person
        row.begins_on, row.deadline, row.original_deadline = begins_on, deadline, deadline
        row.working_days = term_in_working_days(commitment, begins_on, deadline)
        row.state, row.sent_at = State.SENT, at
        record(row, "assign", by, at, "", was)
        made.append(row)
    return made


@transaction.atomic
def leave_unassigned(
    commitment: Commitment, *, begins_on: dt.date | None = None, period: dt.date | None = None
) -> Assignment:
    """The one assignment of a commitment (or of one of its periods) that nobody is charged with yet."""
    deadline = period or commitment.deadline
    begins_on = begins_on or commitment.begins_on
    return Assignment.objects.create(
        commitment=commitment,
        period=period,
        state=State.UNASSIGNED,
        begins_on=begins_on,
        working_days=term_in_working_days(commitment, begins_on, deadline),
        deadline=deadline,
        original_deadline=deadline,
        earliest_deadline=deadline,
    )


@transaction.atomic
def receive(
    assignment: Assignment,
    *,
    by: User | None,
    person: str = "",
    at: dt.datetime | None = None,
    version: int | None = None,
) -> Assignment:
    """签收: the unit signs for the assignment, naming who is responsible if it likes."""
    row = lock(assignment, "receive", by, version)
    at = at or timezone.now()
    row.state, row.received_at = State.ACTIVE, at
    row.person = person.strip() or row.person
    record(row, "receive", by, at, "", State.SENT)
    return row


@transaction.atomic
def report(
    assignment: Assignment, update: StatusUpdate, *, by: User | None, at: dt.datetime, version: int | None = None
) -> Assignment:
    """进展: put a saved ``update`` (made by ``tracker.progress``) on its assignment."""
    row = lock(assignment, "report", by, version)
    row.last_update_at = max(at, row.last_update_at) if row.last_update_at else at
    if update.progress is not None:
        row.progress = update.progress
    record(row, "report", by, at, "", row.state, update=update)
    return row


@transaction.atomic
def submit(
    assignment: Assignment,
    *,
    by: User | None,
    note: str = "",
    at: dt.datetime | None = None,
    version: int | None = None,
) -> Assignment:
    """申请办结: the unit declares it done; the day of this counts as the day it was finished, if accepted."""
    row = lock(assignment, "submit", by, version)
    at = at or timezone.now()
    if below := _handed_on(row, *OPEN_STATES, State.SUSPENDED):
        raise Refused(
            _("What was handed on to %(units)s is not closed yet. Close or withdraw it first.")
            % {"units": "、".join(child.unit.name for child in below)}
        )
    row.state = State.SUBMITTED
    row.finished_on = timezone.localdate(at)
    record(row, "submit", by, at, note, State.ACTIVE)
    return row


@transaction.atomic
def accept(
    assignment: Assignment,
    *,
    by: User | None,
    note: str = "",
    at: dt.datetime | None = None,
    version: int | None = None,
) -> Assignment:
    """办结销号: the office has checked and closes it."""
    row = lock(assignment, "accept", by, version)
    at = at or timezone.now()
    row.state, row.closed_on, row.progress = State.DONE, timezone.localdate(at), 100
    record(row, "accept", by, at, note, State.SUBMITTED)
    return row


@transaction.atomic
def send_back(
    assignment: Assignment, *, by: User | None, reason: str, at: dt.datetime | None = None, version: int | None = None
) -> Assignment:
    """退回: the office found it not done, and says why."""
    reason = need(reason, _("Say why it is returned, so that the unit knows what to do."))
    row = lock(assignment, "send_back", by, version)
    row.state, row.finished_on = State.ACTIVE, None
    row.times_returned += 1
    record(row, "send_back", by, at or timezone.now(), reason, State.SUBMITTED)
    return row


@transaction.atomic
def suspend(
    assignment: Assignment, *, by: User | None, reason: str, at: dt.datetime | None = None, version: int | None = None
) -> Assignment:
    """中止: it cannot go on for now, for a stated reason."""
    reason = need(reason, _("Say why it is suspended."))
    row = lock(assignment, "suspend", by, version)
    was, row.state_before, row.state = row.state, row.state, State.SUSPENDED
    record(row, "suspend", by, at or timezone.now(), reason, was)
    for child in _handed_on(row, *OPEN_STATES):
        suspend(child, by=by, reason=reason, at=at)
    return row


@transaction.atomic
def resume(
    assignment: Assignment,
    *,
    by: User | None,
    note: str = "",
    at: dt.datetime | None = None,
    version: int | None = None,
) -> Assignment:
    """恢复: it goes on where it stood before the suspension."""
    row = lock(assignment, "resume", by, version)
    _need_open_above(row)
    row.state, row.state_before = row.state_before, ""
    record(row, "resume", by, at or timezone.now(), note, State.SUSPENDED)
    for child in _handed_on(row, State.SUSPENDED):
        resume(child, by=by, note=note, at=at)
    return row


@transaction.atomic
def withdraw(
    assignment: Assignment, *, by: User | None, reason: str, at: dt.datetime | None = None, version: int | None = None
) -> Assignment:
    """撤销: nobody owes it any more, for a stated reason."""
    reason = need(reason, _("Say why it is withdrawn."))
    row = lock(assignment, "withdraw", by, version)
    was, row.state, row.state_before, row.finished_on = row.state, State.WITHDRAWN, "", None
    record(row, "withdraw", by, at or timezone.now(), reason, was)
    for child in _handed_on(row, *OPEN_STATES, State.SUSPENDED):
        withdraw(child, by=by, reason=reason, at=at)
    return row


@transaction.atomic
def reopen(
    assignment: Assignment, *, by: User | None, reason: str, at: dt.datetime | None = None, version: int | None = None
) -> Assignment:
    """回头看: a check after closing found that the result did not last."""
    reason = need(reason, _("Say what the check found."))
    row = lock(assignment, "reopen", by, version)
    _need_open_above(row)
    row.state, row.finished_on, row.closed_on = State.ACTIVE, None, None
    record(row, "reopen", by, at or timezone.now(), reason, State.DONE)
    return row


@transaction.atomic
def send_again(
    assignment: Assignment, *, by: User | None, reason: str, at: dt.datetime | None = None, version: int | None = None
) -> Assignment:
    """Take back a withdrawal: the unit is sent it anew, and signs for it anew. The first deadline stays on record."""
    reason = need(reason, _("Say why it is assigned again."))
    row = lock(assignment, "send_again", by, version)
    _need_open_above(row)
    at = at or timezone.now()
    row.state, row.sent_at, row.received_at = (State.SENT if row.unit_id else State.UNASSIGNED), at, None
    record(row, "send_again", by, at, reason, State.WITHDRAWN)
    return row


@transaction.atomic
def hand_on(
    assignment: Assignment,
    units: Iterable[Unit],
    *,
    by: User | None,
    note: str = "",
    deadline: dt.date | None = None,
    at: dt.datetime | None = None,
    version: int | None = None,
) -> list[Assignment]:
    """转办: charge units below the assignment's own with it, by ``deadline`` (by default its own, never later)."""
    row = lock(assignment, "hand_on", by, version)
    at = at or timezone.now()
    units = list(units)
    if not units:
        raise Refused(_("Choose at least one unit."), field="units")
    below = subtree_ids([row.unit]) - {row.unit_id}
    if outside := [unit.name for unit in units if unit.pk not in below]:
        raise Refused(
            _("It can only be handed on to units below %(unit)s; %(names)s is not.")
            % {"unit": row.unit.name, "names": "、".join(outside)},
            field="units",
        )
    charged = row.commitment.assignments.filter(period=row.period, deleted_at=None, unit__in=units)
    if any(unit.kind == Unit.Kind.GROUP for unit in units):
        raise Refused(_("A group owes nothing itself. Choose its members."), field="units")
    if names := list(charged.values_list("unit__name", flat=True)):
        raise Refused(_("%(names)s is charged with this already.") % {"names": "、".join(names)}, field="units")
    if deadline and row.deadline and deadline > row.deadline:
        raise Refused(_("The last day cannot be later than that of the assignment itself."), field="deadline")
    deadline = deadline or row.deadline
    begins_on = timezone.localdate(at)
    made = []
    for unit in units:
        child = Assignment(
            commitment=row.commitment,
            unit=unit,
            handed_from=row,
            role=row.role,
            period=row.period,
            begins_on=min(begins_on, deadline) if deadline else begins_on,
            deadline=deadline,
            original_deadline=deadline,
            state=State.SENT,
            sent_at=at,
        )
        record(child, "assign", by, at, note, "")
        made.append(child)
    names = "、".join(unit.name for unit in units)
    record(row, "hand_on", by, at, f"→ {names} {note}".strip(), row.state)
    return made


def actions_for(user: Any, assignment: Assignment) -> list[str]:
    """The steps that ``user`` may take on ``assignment`` now, in the order in which they are offered.

    For a list of assignments prefetch ``extensions``: a decision is offered only where a request waits for one.
    """
    waiting = any(request.state == ExtensionRequest.State.PENDING for request in assignment.extensions.all())
    possible = [action for action in STEPS if action != "assign" and may(user, action, assignment)]
    return [
        action
        for action in possible
        if not (action == "decide_extension" and not waiting) and not (action == "ask_extension" and waiting)
    ]
