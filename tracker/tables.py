"""The lists, as tables: columns, their order by, and how a cell is shown."""

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from tracker.models import Assignment


class OverdueTable(tables.Table):
    """Assignments past their last day, the longest overdue first."""

    number = tables.Column(_("Number"), accessor="commitment__number", linkify=False)
    title = tables.Column(_("Item"), accessor="commitment__title", attrs={"td": {"class": "col-item"}})
    unit = tables.Column(_("Unit"), accessor="unit__name", default=_("To be assigned"))
    deadline = tables.DateColumn(verbose_name=_("Last day"))
    days_late = tables.Column(_("Days late"), attrs={"td": {"class": "num"}, "th": {"class": "num"}})
    state = tables.Column(_("State"))

    class Meta:
        model = Assignment
        fields = ("number", "title", "unit", "deadline", "days_late", "state")
        order_by = ("-days_late",)
        attrs = {"class": "table table-hover align-middle"}
        empty_text = _("Nothing is overdue on this day.")
