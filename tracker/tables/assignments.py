"""Lists of assignments: the overdue ones, and what one unit owes."""

from typing import Any

import django_tables2 as tables
from django.db.models import F
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker.models import Assignment
from tracker.tables.columns import NUMERIC, DayColumn, LightColumn, PickColumn, ProgressColumn, item_link


class AssignmentTable(tables.Table):
    """What every list of assignments shows alike. The lists add to it and choose."""

    number = tables.Column(
        gettext_lazy("Number"), accessor="commitment__number", orderable=False, attrs={"td": {"class": "number"}}
    )
    title = tables.Column(
        gettext_lazy("Item"), accessor="commitment__title", orderable=False, attrs={"td": {"class": "col-item"}}
    )
    unit = tables.Column(gettext_lazy("Unit"), empty_values=(), attrs={"td": {"class": "nowrap"}})
    role = tables.Column(gettext_lazy("Part"), orderable=False, attrs={"td": {"class": "nowrap"}})
    deadline = DayColumn(verbose_name=gettext_lazy("Last day"))
    progress = ProgressColumn(gettext_lazy("Progress"), accessor="progress_then", orderable=False)
    state = tables.Column(gettext_lazy("State"), orderable=False, attrs={"td": {"class": "nowrap"}})

    def render_title(self, record: Assignment) -> SafeString:
        return item_link(record.commitment.number, record.commitment.title)

    def render_unit(self, record: Assignment) -> str | SafeString:
        if record.unit is None:
            return format_html('<span class="faint">{}</span>', _("to be assigned"))
        return record.unit.label

    def order_unit(self, queryset: Any, is_descending: bool) -> tuple[Any, bool]:
        sign = "-" if is_descending else ""
        return queryset.order_by(f"{sign}unit__position", f"{sign}unit__name", "deadline", "pk"), True


class OverdueTable(AssignmentTable):
    """Assignments past their last day, the longest overdue first."""

    pick = PickColumn(form="remind")
    days_late = tables.Column(gettext_lazy("Days late"), attrs=NUMERIC)

    class Meta:
        model = Assignment
        fields = ("number", "title", "unit", "deadline", "days_late", "progress", "state")
        sequence = ("pick", "number", "title", "unit", "deadline", "days_late", "progress", "state")
        exclude = ("role",)
        order_by = ("-days_late",)
        attrs = {"class": "table table-hover table-cards", "id": "overdue"}
        empty_text = gettext_lazy("Nothing is overdue on this day.")

    def order_days_late(self, queryset: Any, is_descending: bool) -> tuple[Any, bool]:
        return queryset.order_by("deadline" if is_descending else "-deadline", "pk"), True

    def render_days_late(self, value: int) -> SafeString:
        return format_html('<strong class="late late-{}">{}</strong>', _age(value), value)


class UnitTable(AssignmentTable):
    """What one unit owes."""

    light = LightColumn(gettext_lazy("Light"), orderable=False)

    class Meta:
        model = Assignment
        fields = ("number", "title", "unit", "role", "deadline", "light", "progress", "state")
        order_by = ("deadline",)
        attrs = {"class": "table table-hover table-cards", "id": "unit-items"}

    def order_deadline(self, queryset: Any, is_descending: bool) -> tuple[Any, bool]:
        day = F("deadline").desc(nulls_last=True) if is_descending else F("deadline").asc(nulls_last=True)
        return queryset.order_by(day, "pk"), True


def _age(days: int) -> str:
    return "old" if days > 30 else "some" if days > 7 else "new"
