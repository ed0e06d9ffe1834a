"""The columns of the lists as files: everything that a row says of itself, for all rows, without a page's extras."""

from django.utils.translation import gettext_lazy as _

from tracker.export import Column
from tracker.lights import Light

ASSIGNMENTS = (
    Column("number", _("Number"), lambda row: row.commitment.number),
    Column("item", _("Item"), lambda row: row.commitment.title),
    Column("unit", _("Unit"), lambda row: row.unit.name if row.unit else None),
    Column("part", _("Part"), lambda row: row.get_role_display()),
    Column("person", _("Person responsible"), lambda row: row.person),
    Column("begins_on", _("Begins on"), lambda row: row.begins_on),
    Column("deadline", _("Last day"), lambda row: row.deadline),
    Column("days_late", _("Days late"), lambda row: max(row.days_late, 0) if row.days_late is not None else None),
    Column("light", _("Light"), lambda row: str(Light(row.light).label)),
    Column("progress", _("Progress in percent"), lambda row: row.progress_then),
    Column("state", _("State"), lambda row: row.get_state_display()),
    Column("closed_on", _("Closed on"), lambda row: row.closed_on),
)
COMMITMENTS = (
    Column("number", _("Number"), lambda row: row.number),
    Column("item", _("Item"), lambda row: row.title),
    Column("heading", _("Heading"), lambda row: row.heading),
    Column("entered_on", _("Entered on"), lambda row: row.entered_on),
    Column("deadline", _("Last day"), lambda row: row.deadline),
    Column("deadline_text", _("Deadline in words"), lambda row: row.deadline_text),
    Column("frequency", _("How often"), lambda row: row.recurrence_text),
    Column("state", _("State"), lambda row: row.get_state_display()),
    Column("kind", _("Kind"), lambda row: row.get_tier_display()),
    Column("leader", _("Leader in charge"), lambda row: str(row.leader or "")),
    Column("people", _("People"), lambda row: row.people),
    Column("source", _("Source"), lambda row: row.speech.title if row.speech else row.origin),
)
