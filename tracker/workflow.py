"""The only place where an assignment changes state.

::

    to be assigned ──assign──▶ awaiting receipt ──receive──▶ under way ──submit──▶ awaiting check ──accept──▶ closed
       待交办                      待签收                      办理中 ◀──send_back──  待核查           reopen │ 办结
                                                                  ◀───────────────────────────────────────┘

    suspend (中止) from any open state, resume (恢复) back to it; withdraw (撤销) from any open state.

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
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from speeches.acting import current_origin
from tracker.models import Assignment, Commitment, ExtensionRequest, StatusUpdate, Transition, Unit, User

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
    "suspend": (OPEN_STATES, State.SUSPENDED),
    "resume": ((State.SUSPENDED,), None),
    "withdraw": ((*OPEN_STATES, State.SUSPENDED), State.WITHDRAWN),
    "reopen": ((State.DONE,), State.ACTIVE),
}

ACTION_NAMES = {
    "assign": gettext_noop("assigned"),
    "receive": gettext_noop("signed for"),
    "report": gettext_noop("reported progress"),
    "submit": gettext_noop("asked to close"),
    "accept": gettext_noop("closed"),
    "send_back": gettext_noop("returned"),
    "ask_extension": gettext_noop("asked for more time"),
    "grant_extension": gettext_noop("granted more time"),
    "refuse_extension": gettext_noop("refused more time"),
    "suspend": gettext_noop("suspended"),
    "resume": gettext_noop("resumed"),
    "withdraw": gettext_noop("withdrawn"),
    "reopen": gettext_noop("reopened after a check"),
}


class Refused(ValidationError):
    """The step cannot be taken; the message says why and what to do, in the user's language."""


class Stale(Refused):
    """Somebody else changed the row since the user looked at it."""


def may(user: User | None, action: str, assignment: Assignment) -> bool:
    """Whether ``user`` may take ``action`` on ``assignment`` as it stands: by role, unit and state."""
    states, _to = STEPS[action]
    return assignment.state in states and (user is None or user.has_perm(f"tracker.{action}", assignment))


def _lock(assignment: Assignment, action: str, by: User | None, version: int | None) -> Assignment:
    """The row itself, locked until the transaction ends, after every check that ``action`` asks for."""
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


def _record(row: Assignment, action: str, by: User | None, at: dt.datetime, note: str, was: str) -> None:
    """Save the row with a new version, write the step down, and let the commitment follow."""
    row.version += 1
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
    )
    follow(row.commitment)


def _need(text: str, message: str) -> str:
    if not text.strip():
        raise Refused(message)
    return text.strip()


def follow(commitment: Commitment) -> None:
    """Set the commitment's state to what follows from its assignments (the rule stands at the top)."""
    states = set(commitment.assignments.filter(deleted_at=None).values_list("state", flat=True))
    live = states - {State.WITHDRAWN}
    if states and not live:
        state = Commitment.State.WITHDRAWN
    elif live == {State.DONE} and not commitment.rrule:
        state = Commitment.State.DONE
    elif State.SUSPENDED in live and not live - {State.SUSPENDED, State.DONE}:
        state = Commitment.State.SUSPENDED
    else:
        state = Commitment.State.OPEN
    if commitment.state != state:
        commitment.state = state
        commitment.version += 1
        commitment.save(update_fields=["state", "version"])


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
    if by is not None and not by.has_perm("tracker.assign"):
        raise PermissionDenied
    at = at or timezone.now()
    begins_on = begins_on or commitment.begins_on
    deadline = deadline or period or commitment.deadline
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
            row, open_slot, was = _lock(open_slot, "assign", by, None), None, State.UNASSIGNED
        else:
            row, was = Assignment(commitment=commitment, period=period), ""
        row.unit, row.role, row.via, row.person = unit, role, via, person
        row.begins_on, row.deadline, row.original_deadline = begins_on, deadline, deadline
        row.state, row.sent_at = State.SENT, at
        _record(row, "assign", by, at, "", was)
        made.append(row)
    return made


@transaction.atomic
def leave_unassigned(
    commitment: Commitment, *, begins_on: dt.date | None = None, period: dt.date | None = None
) -> Assignment:
    """The one assignment of a commitment (or of one of its periods) that nobody is charged with yet."""
    deadline = period or commitment.deadline
    return Assignment.objects.create(
        commitment=commitment,
        period=period,
        state=State.UNASSIGNED,
        begins_on=begins_on or commitment.begins_on,
        deadline=deadline,
        original_deadline=deadline,
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
    row = _lock(assignment, "receive", by, version)
    at = at or timezone.now()
    row.state, row.received_at = State.ACTIVE, at
    row.person = person.strip() or row.person
    _record(row, "receive", by, at, "", State.SENT)
    return row


@transaction.atomic
def report(
    assignment: Assignment, update: StatusUpdate, *, by: User | None, at: dt.datetime, version: int | None = None
) -> Assignment:
    """进展: put a saved ``update`` (made by ``tracker.progress``) on its assignment."""
    row = _lock(assignment, "report", by, version)
    row.last_update_at = max(at, row.last_update_at) if row.last_update_at else at
    if update.progress is not None:
        row.progress = update.progress
    _record(row, "report", by, at, "", row.state)
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
    row = _lock(assignment, "submit", by, version)
    at = at or timezone.now()
    row.state = State.SUBMITTED
    row.finished_on = timezone.localdate(at)
    _record(row, "submit", by, at, note, State.ACTIVE)
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
    row = _lock(assignment, "accept", by, version)
    at = at or timezone.now()
    row.state, row.closed_on, row.progress = State.DONE, timezone.localdate(at), 100
    _record(row, "accept", by, at, note, State.SUBMITTED)
    return row


@transaction.atomic
def send_back(
    assignment: Assignment, *, by: User | None, reason: str, at: dt.datetime | None = None, version: int | None = None
) -> Assignment:
    """退回: the office found it not done, and says why."""
    reason = _need(reason, _("Say why it is returned, so that the unit knows what to do."))
    row = _lock(assignment, "send_back", by, version)
    row.state, row.finished_on = State.ACTIVE, None
    row.times_returned += 1
    _record(row, "send_back", by, at or timezone.now(), reason, State.SUBMITTED)
    return row


@transaction.atomic
def suspend(
    assignment: Assignment, *, by: User | None, reason: str, at: dt.datetime | None = None, version: int | None = None
) -> Assignment:
    """中止: it cannot go on for now, for a stated reason."""
    reason = _need(reason, _("Say why it is suspended."))
    row = _lock(assignment, "suspend", by, version)
    was, row.state_before, row.state = row.state, row.state, State.SUSPENDED
    _record(row, "suspend", by, at or timezone.now(), reason, was)
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
    row = _lock(assignment, "resume", by, version)
    row.state, row.state_before = row.state_before, ""
    _record(row, "resume", by, at or timezone.now(), note, State.SUSPENDED)
    return row


@transaction.atomic
def withdraw(
    assignment: Assignment, *, by: User | None, reason: str, at: dt.datetime | None = None, version: int | None = None
) -> Assignment:
    """撤销: nobody owes it any more, for a stated reason."""
    reason = _need(reason, _("Say why it is withdrawn."))
    row = _lock(assignment, "withdraw", by, version)
    was, row.state, row.state_before, row.finished_on = row.state, State.WITHDRAWN, "", None
    _record(row, "withdraw", by, at or timezone.now(), reason, was)
    return row


@transaction.atomic
def reopen(
    assignment: Assignment, *, by: User | None, reason: str, at: dt.datetime | None = None, version: int | None = None
) -> Assignment:
    """回头看: a check after closing found that the result did not last."""
    reason = _need(reason, _("Say what the check found."))
    row = _lock(assignment, "reopen", by, version)
    row.state, row.finished_on, row.closed_on = State.ACTIVE, None, None
    _record(row, "reopen", by, at or timezone.now(), reason, State.DONE)
    return row


@transaction.atomic
def ask_extension(
    assignment: Assignment,
    *,
    by: User | None,
    new_deadline: dt.date,
    reason: str,
    at: dt.datetime | None = None,
    version: int | None = None,
) -> ExtensionRequest:
    """延期申请: the unit asks for a later last day. One request at a time (the database keeps that too)."""
    reason = _need(reason, _("Say why more time is needed."))
    row = _lock(assignment, "ask_extension", by, version)
    if row.deadline is None:
        raise Refused(_("This assignment has no deadline that could be extended."))
    if new_deadline <= row.deadline:
        raise Refused(_("The new last day must be later than the present one."))
    if row.extensions.filter(state=ExtensionRequest.State.PENDING).exists():
        raise Refused(_("A request for more time is already waiting for a decision."))
    at = at or timezone.now()
    request = ExtensionRequest.objects.create(
        assignment=row,
        old_deadline=row.deadline,
        new_deadline=new_deadline,
        reason=reason,
        asked_by=by,
        asked_at=at,
    )
    _record(row, "ask_extension", by, at, reason, row.state)
    return request


@transaction.atomic
def decide_extension(
    request: ExtensionRequest, *, by: User | None, grant: bool, reason: str, at: dt.datetime | None = None
) -> ExtensionRequest:
    """延期批复: the office decides, with a reason. The first deadline stays on record beside the new one."""
    reason = _need(reason, _("Give the reason of the decision."))
    row = Assignment.objects.select_for_update(of=("self",)).select_related("commitment").get(pk=request.assignment_id)
    if by is not None and not by.has_perm("tracker.decide_extension", row):
        raise PermissionDenied
    request = ExtensionRequest.objects.select_for_update().get(pk=request.pk)
    if request.state != ExtensionRequest.State.PENDING:
        raise Stale(_("This request has already been decided."))
    if grant and row.state not in OPEN_STATES:
        raise Refused(
            _("This cannot be done while the assignment is “%(state)s”.") % {"state": row.get_state_display()}
        )
    at = at or timezone.now()
    request.state = ExtensionRequest.State.GRANTED if grant else ExtensionRequest.State.REFUSED
    request.decided_by, request.decided_at, request.decision_reason = by, at, reason
    request.save()
    if grant:
        row.deadline = request.new_deadline
        row.times_extended += 1
    _record(row, "grant_extension" if grant else "refuse_extension", by, at, reason, row.state)
    return request


def actions_for(user: Any, assignment: Assignment) -> list[str]:
    """The steps that ``user`` may take on ``assignment`` now, in the order in which they are offered."""
    return [action for action in STEPS if action != "assign" and may(user, action, assignment)]
