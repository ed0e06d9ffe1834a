"""The ledger as a table."""

from typing import Any

import django_tables2 as tables
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker.ledger import Standing
from tracker.models import Commitment
from tracker.tables.columns import DayColumn, PickColumn, by_last_day, item_link
from tracker.templatetags.luoshi import light_badge, meter

DEFAULT_COLUMNS = ("number", "title", "lead", "deadline", "light", "progress", "state", "source")


class LedgerTable(tables.Table):
    """One row for each item. What the rows need beside themselves is read for the page at once: ``standings``."""

    pick = PickColumn(form="bulk")
    number = tables.Column(gettext_lazy("Number"), attrs={"td": {"class": "number"}})
    title = tables.Column(gettext_lazy("Item"), orderable=False, attrs={"td": {"class": "col-item"}})
    heading = tables.Column(gettext_lazy("Heading"), orderable=False, attrs={"td": {"class": "col-source"}})
    lead = tables.Column(
        gettext_lazy("Lead units"), empty_values=(), orderable=False, attrs={"td": {"class": "col-units"}}
    )
    support = tables.Column(
        gettext_lazy("Supporting units"), empty_values=(), orderable=False, attrs={"td": {"class": "col-units"}}
    )
    leader = tables.Column(gettext_lazy("Leader in charge"), accessor="leader__name", orderable=False)
    people = tables.Column(gettext_lazy("People"), orderable=False)
    deadline = DayColumn(verbose_name=gettext_lazy("Last day"))
    deadline_text = tables.Column(gettext_lazy("Deadline in words"), orderable=False)
    light = tables.Column(gettext_lazy("Light"), empty_values=(), orderable=False)
    progress = tables.Column(
        gettext_lazy("Progress"), empty_values=(), orderable=False, attrs={"td": {"class": "col-progress"}}
    )
    state = tables.Column(gettext_lazy("State"), attrs={"td": {"class": "nowrap"}})
    tier = tables.Column(gettext_lazy("Kind"), orderable=False, attrs={"td": {"class": "nowrap"}})
    entered_on = DayColumn(verbose_name=gettext_lazy("Entered on"))
    source = tables.Column(
        gettext_lazy("Source"), accessor="speech__title", empty_values=(), orderable=False,
        attrs={"td": {"class": "col-source"}},
    )  # fmt: skip

    class Meta:
        model = Commitment
        fields = (
            "pick", "number", "title", "heading", "lead", "support", "leader", "people", "deadline", "deadline_text",
            "light", "progress", "state", "tier", "entered_on", "source",
        )  # fmt: skip
        attrs = {"class": "table table-hover table-cards", "id": "ledger"}
        row_attrs = {"class": lambda table, record: f"row-{table.standing(record).light}"}
        order_by = ("-number",)
        per_page = 50

    standings: dict[int, Standing]

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        """The columns that can be chosen, in the order in which they stand."""
        return [(name, column.verbose_name) for name, column in cls.base_columns.items() if name != "pick"]

    def standing(self, record: Commitment) -> Standing:
        return self.standings.get(record.pk) or Standing()

    def order_number(self, queryset: Any, is_descending: bool) -> tuple[Any, bool]:
        sign = "-" if is_descending else ""
        return queryset.order_by(f"{sign}entered_on", f"{sign}number"), True

    def order_entered_on(self, queryset: Any, is_descending: bool) -> tuple[Any, bool]:
        return self.order_number(queryset, is_descending)

    def order_deadline(self, queryset: Any, is_descending: bool) -> tuple[Any, bool]:
        return by_last_day(queryset, "number", is_descending=is_descending), True

    def order_state(self, queryset: Any, is_descending: bool) -> tuple[Any, bool]:
        sign = "-" if is_descending else ""
        return queryset.order_by(f"{sign}state", f"{sign}deadline"), True

    def render_title(self, record: Commitment) -> SafeString:
        return item_link(record.number, record.title)

    def render_lead(self, record: Commitment) -> SafeString:
        standing = self.standing(record)
        if not standing.lead and not standing.support:
            return format_html('<span class="faint">{}</span>', _("to be assigned"))
        return _names(standing.lead)

    def render_support(self, record: Commitment) -> SafeString:
        return _names(self.standing(record).support)

    def render_people(self, value: list[str]) -> str:
        return "、".join(value)

    def render_light(self, record: Commitment) -> SafeString:
        return light_badge(self.standing(record).light)

    def render_progress(self, record: Commitment) -> SafeString | str:
        progress = self.standing(record).progress
        return "" if progress is None else meter(progress)

    def render_source(self, record: Commitment) -> SafeString:
        return format_html('<span class="clip">{}</span>', record.speech or record.origin or _("entered by hand"))


def _names(names: list[str]) -> SafeString:
    """At most three units by name, the others as a number whose title names them all."""
    shown = format_html_join("、", "{}", ((name,) for name in names[:3]))
    if len(names) <= 3:
        return shown
    return format_html(
        '{} <span class="faint" title="{}">{}</span>',
        shown,
        "、".join(names),
        _("and %(n)d more") % {"n": len(names) - 3},
    )
