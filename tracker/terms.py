"""The terms of an assignment: its last day, its part, the person named for it, and its milestones (倒排工期)."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tracker import workflow
from tracker.models import Assignment, Milestone, User


@dataclass(frozen=True)
class Step:
    """One milestone: what is to be reached by which day (inclusive), and the day on which it was."""

    title: str
    due: dt.date
    done_on: dt.date | None = None


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
    if len(set(titles)) < len(titles):
        raise workflow.Refused(_("Two milestones have the same name."))
    for step in steps:
        if step.due < row.begins_on or (row.deadline and step.due > row.deadline):
            raise workflow.Refused(
                _("“%(title)s” lies outside of the time of the assignment (%(first)s to %(last)s).")
                % {"title": step.title, "first": row.begins_on, "last": row.deadline or "…"}
            )
        if step.done_on and not row.begins_on <= step.done_on <= timezone.localdate(at):
            raise workflow.Refused(
                _("“%(title)s” cannot have been reached on %(day)s.") % {"title": step.title, "day": step.done_on}
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
