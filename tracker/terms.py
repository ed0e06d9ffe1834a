"""The terms of an assignment: its last day, its part, the person named for it, and its milestones (倒排工期).

Like the steps of ``tracker.workflow`` each function checks who asks, locks the row, and records what it did, with the
same ``by``, ``at`` and ``version``; the state stays what it is.

A last day moves in two ways, and both keep the first one on record. A unit *asks* for more time and the office
grants it (延期): that is the unit's own delay, and ``times_extended`` counts it. Or the office *amends* it, because it
was entered wrongly or the work was decided anew: that is no delay of the unit's, so it is not counted; the timeline
tells it as a step of its own, with who, why, from which day to which.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tracker import workflow
from tracker.models import Assignment, ExtensionRequest, Milestone, User


@dataclass(frozen=True)
class Step:
    """One milestone: what is to be reached by which day (inclusive), and the day on which it was."""

    title: str
    due: dt.date
    done_on: dt.date | None = None


class StepRefused(workflow.Refused):
    """A milestone cannot stand: the one at ``position`` among those given, for its ``of`` (title, due or done_on)."""

    def __init__(self, message: str, *, position: int, of: str) -> None:
        super().__init__(message)
        self.position, self.of = position, of


@transaction.atomic
def amend(
    assignment: Assignment,
    *,
    by: User | None,
    reason: str,
    deadline: dt.date | None,
    role: str,
    person: str = "",
    at: dt.datetime | None = None,
    version: int | None = None,
) -> Assignment:
    """The office changes the terms: the last day, the part, the person. The first deadline stays on record."""
    reason = workflow.need(reason, _("Say why the terms are changed."))
    row = workflow.lock(assignment, "amend", by, version)
    if deadline and deadline < row.begins_on:
        raise workflow.Refused(_("The last day cannot lie before the assignment begins."), field="deadline")
    if deadline is None and row.deadline:
        raise workflow.Refused(_("A deadline can be moved, but not taken away."), field="deadline")
    row.deadline, row.role, row.person = deadline, role, person.strip()
    row.original_deadline = row.original_deadline or deadline
    workflow.record(row, "amend", by, at or timezone.now(), reason, row.state)
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
    reason = workflow.need(reason, _("Say why more time is needed."))
    row = workflow.lock(assignment, "ask_extension", by, version)
    if row.deadline is None:
        raise workflow.Refused(_("This assignment has no deadline that could be extended."))
    if new_deadline <= row.deadline:
        raise workflow.Refused(_("The new last day must be later than the present one."), field="new_deadline")
    if row.extensions.filter(state=ExtensionRequest.State.PENDING).exists():
        raise workflow.Refused(_("A request for more time is already waiting for a decision."))
    at = at or timezone.now()
    request = ExtensionRequest.objects.create(
        assignment=row, old_deadline=row.deadline, new_deadline=new_deadline, reason=reason, asked_by=by, asked_at=at
    )
    workflow.record(row, "ask_extension", by, at, reason, row.state, extension=request)
    return request


@transaction.atomic
def decide_extension(
    request: ExtensionRequest, *, by: User | None, grant: bool, reason: str, at: dt.datetime | None = None
) -> ExtensionRequest:
    """延期批复: the office decides, with a reason. The first deadline stays on record beside the new one."""
    reason = workflow.need(reason, _("Give the reason of the decision."))
    row = workflow.lock(request.assignment, "decide_extension", by, None)
    request = ExtensionRequest.objects.select_for_update().get(pk=request.pk)
    if request.state != ExtensionRequest.State.PENDING:
        raise workflow.Stale(_("This request has already been decided."))
    if grant and row.state == Assignment.State.SUSPENDED:
        raise workflow.Refused(_("It is suspended. Resume it first, then more time can be granted."), field="grant")
    if grant and row.deadline and request.new_deadline < row.deadline:
        raise workflow.Refused(
            _("The last day was moved to %(day)s meanwhile, which is later than asked for. Refuse the request.")
            % {"day": date_format(row.deadline)},
            field="grant",
        )
    at = at or timezone.now()
    request.state = ExtensionRequest.State.GRANTED if grant else ExtensionRequest.State.REFUSED
    request.decided_by, request.decided_at, request.decision_reason = by, at, reason
    request.save()
    if grant:
        row.deadline = request.new_deadline
        row.times_extended += 1
    action = "grant_extension" if grant else "refuse_extension"
    workflow.record(row, action, by, at, reason, row.state, extension=request)
    return request


@transaction.atomic
def plan(
    assignment: Assignment,
    steps: Sequence[Step],
    *,
    by: User | None,
    at: dt.datetime | None = None,
    version: int | None = None,
) -> list[Milestone]:
    """倒排工期: make ``steps`` the milestones of the assignment; one of the same title keeps its history.

    Each lies between the assignment's first and last day. Raises ``workflow.Refused`` otherwise.
    """
    row = workflow.lock(assignment, "plan", by, version)
    at = at or timezone.now()
    titles = [step.title for step in steps]
    for number, step in enumerate(steps):
        if step.title in titles[:number]:
            raise StepRefused(_("Two milestones have the same name."), position=number, of="title")
        if step.due < row.begins_on or (row.deadline and step.due > row.deadline):
            message = _("“%(title)s” lies outside of the time of the assignment (%(first)s to %(last)s).")
            last = date_format(row.deadline) if row.deadline else "…"
            raise StepRefused(
                message % {"title": step.title, "first": date_format(row.begins_on), "last": last},
                position=number,
                of="due",
            )
        if step.done_on and not row.begins_on <= step.done_on <= timezone.localdate(at):
            message = _("“%(title)s” cannot have been reached on %(day)s.")
            raise StepRefused(
                message % {"title": step.title, "day": date_format(step.done_on)}, position=number, of="done_on"
            )
    standing = {milestone.title: milestone for milestone in row.milestones.all()}
    for title, milestone in standing.items():
        if title not in titles:
            milestone.delete()
    kept = []
    for step in steps:
        milestone = standing.get(step.title) or Milestone(assignment=row, title=step.title)
        if milestone.pk is None or (milestone.due, milestone.done_on) != (step.due, step.done_on):
            milestone.due, milestone.done_on = step.due, step.done_on
            milestone.save()
        kept.append(milestone)
    row.next_milestone = min((step.due for step in steps if step.done_on is None), default=None)
    workflow.record(row, "plan", by, at, "", row.state)
    return kept
