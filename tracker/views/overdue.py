"""The overdue list, as of today or any chosen day."""

import datetime as dt
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tracker.filters import DayInput
from tracker.lights import overdue_q, with_light
from tracker.models import Assignment
from tracker.rules import visible_assignments
from tracker.tables import OverdueTable
from tracker.views.lists import ListPage


class AsOf(forms.Form):
    """The day that a list is looked at for; today where none, or an impossible one, is given."""

    as_of = forms.DateField(label=_("As of"), required=False, widget=DayInput())

    @property
    def day(self) -> dt.date:
        return (self.cleaned_data.get("as_of") if self.is_valid() else None) or timezone.localdate()


class Overdue(ListPage):
    template_name = "tracker/overdue.html"
    table_class = OverdueTable

    def rows(self) -> QuerySet[Assignment]:
        self.form = AsOf(self.request.GET)
        self.day = self.form.day
        late = visible_assignments(self.request.user).filter(overdue_q(self.day))
        return with_light(late, self.day).select_related("commitment", "unit")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"form": self.form, "day": self.day}
