"""Everything that happened to a commitment, from every table that knows of it, as one list, the newest first.

The number of queries does not depend on how much happened: each source is read once, newest first, and only
as far as the list goes.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from speeches.acting import Origin
from tracker.models import (
    Assignment,
    Commitment,
    ExtensionRequest,
    Instruction,
    Milestone,
    Reminder,
    Review,
    StatusUpdate,
    Target,
    Transition,
    Unit,
    User,
)
from tracker.rules import visible_assignments
from tracker.workflow import ACTION_NAMES

PAGE = 100
MOST_EXPORTED = 50_000
# What a change of an item is told of; the rest (versions, what follows from other events) would only be noise.
TOLD = {
    Commitment: (
        "title", "content", "tier", "begins_on", "deadline", "deadline_text", "rrule", "people", "leader", "origin",
        "deleted_at",
    ),
    Target: ("text", "op", "value", "high", "unit"),
    Milestone: ("title", "due", "done_on"),
}  # fmt: skip


@dataclass(frozen=True)
class Event:
    """One thing that happened: when, what (a short name), by whom (None: the system), to which unit's part.

    ``kind`` is one of step, instruction, reminder, review, change. ``was`` and ``now`` are the states (of a change
    the values) before and after. ``update`` and ``extension`` stand where the step brought one; ``changes`` are
    (what, before, after) of a change.
    """

    at: dt.datetime
    kind: str
    what: str
    by: User | None = None
    unit: Unit | None = None
    text: str = ""
    origin: str = ""
    action: str = ""
    was: str = ""
    now: str = ""
    update: StatusUpdate | None = None
    extension: ExtensionRequest | None = None
    changes: list[tuple[str, Any, Any]] = field(default_factory=list)

    @property
    def origin_label(self) -> Any:
        """The door it came through, in words."""
        return Origin(self.origin).label if self.origin in Origin.values else self.origin


def moment(text: str) -> dt.datetime | None:
    """A moment from an address, or None where it is none."""
    try:
        found = parse_datetime(text)
    except ValueError:
        return None
    if found is None or not 1 < found.year < dt.MAXYEAR:  # nothing happened then, and zones would lead beyond time
        return None
    return timezone.make_aware(found) if timezone.is_naive(found) else found


def timeline(
    commitment: Commitment, *, user: User | None, before: dt.datetime | None = None, limit: int = PAGE
) -> list[Event]:
    """The last ``limit`` events before a moment, the newest first; of assignments only what ``user`` may see.

    ``user=None`` is the system, and sees all.
    """
    assignments = commitment.assignments.all() if user is None else visible_assignments(user, commitment.assignments)
    events: list[Event] = []
    for source in (_steps, _instructions, _reminders, _reviews):
        events += source(commitment, assignments, before, limit)
    for model in TOLD:
        events += _changes(model, commitment, assignments, before, limit)
    events.sort(key=lambda event: event.at, reverse=True)
    return events[:limit]


def _newest(rows: QuerySet[Any], moment_field: str, before: dt.datetime | None, limit: int) -> QuerySet[Any]:
    if before:
        rows = rows.filter(**{f"{moment_field}__lt": before})
    return rows.order_by(f"-{moment_field}", "-pk")[:limit]


def _step(row: Transition) -> Event:
    return Event(
        at=row.at,
        kind="step",
        what=_(ACTION_NAMES[row.action]),
        action=row.action,
        was=str(Assignment.State(row.from_state).label) if row.from_state else "",
        now=str(Assignment.State(row.to_state).label),
        by=row.by,
        unit=row.assignment.unit,
        text=row.update.text if row.update else row.note,
        origin=row.origin,
        update=row.update,
        extension=row.extension,
    )


def _steps(
    commitment: Commitment, assignments: QuerySet[Assignment], before: dt.datetime | None, limit: int
) -> list[Event]:
    rows = (
        Transition.objects.filter(assignment__in=assignments.values("pk"))
        .select_related("assignment__unit", "by", "update", "update__corrects", "extension")
        .prefetch_related("update__measurements__target", "update__evidence")
    )
    return [_step(row) for row in _newest(rows, "at", before, limit)]


def steps_since(assignment: Assignment, version: int) -> list[Event]:
    """The steps that were taken after the assignment stood at ``version``, the newest first."""
    rows = assignment.transitions.filter(version__gt=version).select_related(
        "assignment__unit", "by", "update", "extension"
    )
    return [_step(row) for row in _newest(rows, "at", None, PAGE)]


def _instructions(
    commitment: Commitment, assignments: QuerySet[Assignment], before: dt.datetime | None, limit: int
) -> list[Event]:
    rows = _newest(Instruction.objects.filter(commitment=commitment).select_related("by"), "at", before, limit)
    return [Event(at=row.at, kind="instruction", what=_("instruction"), by=row.by, text=row.text) for row in rows]


def _reminders(
    commitment: Commitment, assignments: QuerySet[Assignment], before: dt.datetime | None, limit: int
) -> list[Event]:
    rows = Reminder.objects.filter(commitment=commitment).select_related("assignment__unit", "recipient", "sent_by")
    rows = rows.filter(Q(assignment=None) | Q(assignment__in=assignments.values("pk")))
    return [
        Event(
            at=row.sent_at,
            kind="reminder",
            what=row.get_level_display(),
            by=row.sent_by,
            unit=row.assignment and row.assignment.unit,
            text=f"→ {row.recipient}：{row.text}",
        )
        for row in _newest(rows, "sent_at", before, limit)
    ]


def _reviews(
    commitment: Commitment, assignments: QuerySet[Assignment], before: dt.datetime | None, limit: int
) -> list[Event]:
    rows = _newest(Review.objects.filter(commitments=commitment).select_related("by"), "at", before, limit)
    return [Event(at=row.at, kind="review", what=row.get_decision_display(), by=row.by, text=row.note) for row in rows]


def _changes(
    model: Any,
    commitment: Commitment,
    assignments: QuerySet[Assignment],
    before: dt.datetime | None,
    limit: int,
) -> Iterator[Event]:
    """What was changed by hand, from the rows of history that lie beside each other."""
    rows = model.history.select_related("history_user")
    if model is Commitment:
        rows = rows.filter(id=commitment.pk)
    elif model is Target:
        rows = rows.filter(commitment_id=commitment.pk)
    else:
        rows = rows.filter(assignment_id__in=assignments.values("pk"))
    # One more than is asked for: a row is told by what differs from the one before it.
    found = list(_newest(rows, "history_date", before, limit + 1))
    older: dict[int, Any] = {}
    for row in reversed(found):
        last, older[row.id] = older.get(row.id), row
        event = _change(model, last, row)
        if event:
            yield event


def _change(model: Any, last: Any, row: Any) -> Event | None:
    name = "" if model is Commitment else f"{model._meta.verbose_name} {row.instance}{_(': ')}"
    what = {"+": _("entered") if model is Commitment else _("added"), "~": _("changed"), "-": _("deleted")}[
        row.history_type
    ]
    differing = []
    if row.history_type == "~":
        if last is None:
            return None
        for field_name in TOLD[model]:
            column = model._meta.get_field(field_name)
            was, now = getattr(last, column.attname), getattr(row, column.attname)
            if was != now:
                differing.append((column.verbose_name, _shown(column, was), _shown(column, now)))
        if not differing:
            return None
        if model is Commitment and last.deleted_at != row.deleted_at:
            what = _("deleted") if row.deleted_at else _("restored")
            differing = [change for change in differing if change[0] != _("deleted at")]
    return Event(
        at=row.history_date,
        kind="change",
        what=f"{name}{what}",
        by=row.history_user,
        origin=row.history_origin,
        text=row.history_change_reason or "",
        was=_("; ").join(f"{name}{_(': ')}{before}" for name, before, _after in differing),
        now=_("; ").join(f"{name}{_(': ')}{after}" for name, _before, after in differing),
        changes=differing,
    )


def _shown(column: Any, value: Any) -> Any:
    if column.is_relation and value is not None:
        return column.related_model.objects.filter(pk=value).first() or value
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if column.choices:
        return dict(column.flatchoices).get(value, value)
    return value
