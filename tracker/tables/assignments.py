"""Lists of assignments: the overdue ones, and what one unit owes."""

from typing import Any

import django_tables2 as tables
from django.db.models import Case, F, IntegerField, Value, When
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker.models import Assignment, Reminder
from tracker.tables.columns import (
    NUMERIC,
    DayColumn,
    LightColumn,
    PickColumn,
    ProgressColumn,
    by_last_day,
    item_link,
)


def _by_unit(is_descending: bool) -> tuple[Any, str]:
    """The order of units; what nobody is charged with stands before the first and after the last."""
    if is_descending:
        return F("unit__position").desc(nulls_last=True), "-unit__name"
    return F("unit__position").asc(nulls_first=True), "unit__name"


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
        return queryset.order_by(*_by_unit(is_descending), "deadline", "pk"), True


# 催办 rises from level to level; what the office sent by hand stands below the three of the rule.
LEVEL_RANK = {
    Reminder.Level.MANUAL: 1,
    Reminder.Level.LIAISON: 2,
    Reminder.Level.HEAD: 3,
    Reminder.Level.LEADER: 4,
}


def rank_of_level() -> Case:
    whens = [When(level=level, then=Value(rank)) for level, rank in LEVEL_RANK.items()]
    return Case(*whens, default=None, output_field=IntegerField())


class OverdueTable(AssignmentTable):
    """Assignments past their last day, the longest overdue first; ``group`` puts a head over each group."""

    pick = PickColumn(form="remind")
    days_late = tables.Column(gettext_lazy("Days late"), attrs=NUMERIC)
    level = tables.Column(gettext_lazy("Reminder"), empty_values=(), attrs={"td": {"class": "nowrap"}})
    source = tables.Column(
        gettext_lazy("Source"), accessor="commitment__speech", empty_values=(), attrs={"td": {"class": "col-source"}}
    )

    class Meta:
        model = Assignment
        fields = ("number", "title", "unit", "deadline", "days_late", "level", "progress", "state", "source")
        sequence = ("pick", "number", "title", "unit", "deadline", "days_late", "level", "progress", "state", "source")
        exclude = ("role",)
        order_by = ("-days_late",)
        attrs = {"class": "table table-hover table-cards", "id": "overdue"}
        empty_text = gettext_lazy("Nothing is overdue on this day.")

    levels: dict[int, str]

    def __init__(self, *args: Any, group: str = "", **kwargs: Any) -> None:
        self.group = group
        super().__init__(*args, **kwargs)

    # What nobody is charged with comes first, what no speech said and what nobody was reminded of last: said here,
    # because each database would put what is missing at an end of its own.
    GROUP_ORDER = {
        "unit": (F("unit__position").asc(nulls_first=True), "unit__name"),
        "speech": (F("commitment__speech__delivered_on").desc(nulls_last=True), "commitment__speech"),
        "level": (F("level_rank").desc(nulls_last=True),),
    }

    def _ordered(self, queryset: Any, *order: Any) -> tuple[Any, bool]:
        return queryset.order_by(*self.GROUP_ORDER.get(self.group, ()), *order), True

    def order_days_late(self, queryset: Any, is_descending: bool) -> tuple[Any, bool]:
        return self._ordered(queryset, "deadline" if is_descending else "-deadline", "pk")

    def order_deadline(self, queryset: Any, is_descending: bool) -> tuple[Any, bool]:
        return self.order_days_late(queryset, not is_descending)

    def order_unit(self, queryset: Any, is_descending: bool) -> tuple[Any, bool]:
        return self._ordered(queryset, *_by_unit(is_descending), "deadline", "pk")

    def order_level(self, queryset: Any, is_descending: bool) -> tuple[Any, bool]:
        rank = F("level_rank").desc(nulls_last=True) if is_descending else F("level_rank").asc(nulls_first=True)
        return self._ordered(queryset, rank, "deadline", "pk")

    def order_source(self, queryset: Any, is_descending: bool) -> tuple[Any, bool]:
        said = F("commitment__speech__delivered_on")
        said = said.desc(nulls_last=True) if is_descending else said.asc(nulls_first=True)
        return self._ordered(queryset, said, "commitment__speech", "deadline", "pk")

    def mark_groups(self) -> None:
        """Give the first row of each group its head."""
        last: Any = object()
        for row in self.paginated_rows:
            record = row.record
            if not self.group:
                return
            head = {"unit": record.unit, "speech": record.commitment.speech, "level": self.levels.get(record.pk)}
            key = head[self.group]
            if key != last:
                none = {"unit": _("to be assigned"), "speech": _("entered by hand"), "level": _("not reminded of yet")}
                shown = Reminder.Level(key).label if self.group == "level" and key else key
                record.group_head = shown or none[self.group]
            last = key

    def render_days_late(self, value: int) -> SafeString:
        return format_html('<strong class="late late-{}">{}</strong>', _age(value), value)

    def render_level(self, record: Assignment) -> SafeString | str:
        level = self.levels.get(record.pk)
        return Reminder.Level(level).label if level else format_html('<span class="faint">{}</span>', _("not yet"))

    def render_source(self, record: Assignment) -> SafeString:
        item = record.commitment
        return format_html('<span class="clip">{}</span>', item.speech or item.origin or _("entered by hand"))


class UnitTable(AssignmentTable):
    """What one unit owes."""

    light = LightColumn(gettext_lazy("Light"), orderable=False)

    class Meta:
        model = Assignment
        fields = ("number", "title", "unit", "role", "deadline", "light", "progress", "state")
        order_by = ("deadline",)
        attrs = {"class": "table table-hover table-cards", "id": "unit-items"}

    def order_deadline(self, queryset: Any, is_descending: bool) -> tuple[Any, bool]:
        return by_last_day(queryset, "pk", is_descending=is_descending), True


def _age(days: int) -> str:
    return "old" if days > 30 else "some" if days > 7 else "new"
