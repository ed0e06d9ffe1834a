"""The terms of an assignment: its last day, its part, the person named for it."""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tracker import workflow
from tracker.models import Assignment, User


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
