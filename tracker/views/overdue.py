"""The overdue list as of any day: sorted, grouped, by age; and reminding of many items at once."""

import datetime as dt
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Max, OuterRef, Q, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST
from django_tables2 import Table

from speeches.models import Speech
from tracker import export
from tracker.days import DayField
from tracker.filters import DayInput, UnitChoice, recent_speeches
from tracker.lights import overdue_q, with_light
from tracker.models import Assignment, Reminder, Unit
from tracker.reminders import Reminded, remind_now
from tracker.rules import visible_assignments
from tracker.tables import OverdueTable, exports
from tracker.tables.assignments import LEVEL_RANK, rank_of_level
from tracker.views.lists import ListPage, PlacedFirst, picked, records

# name: label, at least and at most so many days late
AGES: dict[str, tuple[Any, int, int | None]] = {
    "week": (gettext_lazy("1–7 days"), 1, 7),
    "month": (gettext_lazy("8–30 days"), 8, 30),
    "quarter": (gettext_lazy("31–90 days"), 31, 90),
    "older": (gettext_lazy("over 90 days"), 91, None),
}
GROUPS = {"unit": gettext_lazy("Unit"), "speech": gettext_lazy("Speech"), "level": gettext_lazy("Reminder")}


class OverdueForm(forms.Form):
    """What the list shows: as of a day (today where none, or an impossible one, is given), narrowed down, grouped."""

    as_of = DayField(label=gettext_lazy("As of"), required=False, widget=DayInput())
    unit = UnitChoice(
        Unit.objects.none(), label=gettext_lazy("Unit"), required=False, empty_label=gettext_lazy("all units")
    )
    speech = forms.ModelChoiceField(
        Speech.objects.none(), label=gettext_lazy("Speech"), required=False, empty_label=gettext_lazy("all speeches")
    )
    group = forms.ChoiceField(
        label=gettext_lazy("Grouped by"), required=False, choices=[("", gettext_lazy("not grouped")), *GROUPS.items()]
    )
    age = forms.ChoiceField(
        required=False, choices=[(name, age[0]) for name, age in AGES.items()], widget=forms.HiddenInput
    )

    def __init__(self, data: Any, *, user: Any) -> None:
        super().__init__({"as_of": timezone.localdate().isoformat()} | data.dict())
        self.fields["unit"].fill()
        self.fields["speech"].queryset = recent_speeches(user, data.get("speech", ""))
        self.is_valid()

    @property
    def day(self) -> dt.date:
        return self.cleaned_data.get("as_of") or timezone.localdate()


def age_q(name: str) -> Q:
    """What is late by an age's number of days, of rows with ``days_late``."""
    _label, least, most = AGES[name]
    late = Q(days_late__gte=least)
    return late if most is None else late & Q(days_late__lte=most)


def by_age(late: QuerySet[Assignment]) -> dict[str, int]:
    """How many of ``late`` are of which age. Counted by single days, so that the days late are reckoned once a row."""
    counts = dict.fromkeys(AGES, 0)
    for days, n in late.order_by().values_list("days_late").annotate(n=Count("pk")):
        name = next(name for name, (_label, _least, most) in AGES.items() if most is None or days <= most)
        counts[name] += n
    return counts


class Overdue(ListPage):
    template_name = "tracker/overdue.html"
    table_class = OverdueTable
    data = PlacedFirst
    export_columns = exports.ASSIGNMENTS
    export_name = gettext_lazy("Overdue")

    def rows(self) -> QuerySet[Assignment]:
        self.form = OverdueForm(self.request.GET, user=self.request.user)
        self.day = self.form.day
        chosen = self.form.cleaned_data
        late = visible_assignments(self.request.user).filter(overdue_q(self.day))
        if chosen.get("unit"):
            late = late.filter(unit__in=self.form.fields["unit"].below(chosen["unit"]))
        if chosen.get("speech"):
            late = late.filter(commitment__speech=chosen["speech"])
        self.late = late = with_light(late, self.day)
        if chosen.get("age"):
            late = late.filter(age_q(chosen["age"]))
        late = late.select_related("commitment__speech", "unit")
        return late.defer("commitment__speech__text", "commitment__content", "commitment__quote")

    def table(self, rows: QuerySet[Assignment], **kwargs: Any) -> Table:
        group = self.form.cleaned_data.get("group") or ""
        sort = self.request.GET.get("sort", "").lstrip("-")
        if "level" in (group, sort):
            sent = Reminder.objects.filter(assignment=OuterRef("pk"), day__lte=self.day).order_by()
            sent = sent.values("assignment").annotate(rank=Max(rank_of_level())).values("rank")
            rows = rows.annotate(level_rank=Subquery(sent))
        self.counts = by_age(self.late)
        age = self.form.cleaned_data.get("age")
        self.known = self.counts[age] if age else sum(self.counts.values())
        self.may_remind = self.request.user.has_perm("tracker.remind") and self.day == self.today
        kwargs["exclude"] = ("role",) if self.may_remind else ("role", "pick")
        table = super().table(rows, group=group, **kwargs)
        table.levels = _levels(records(table), self.day)
        table.mark_groups()
        return table

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        counts = self.counts
        total = sum(counts.values())
        return context | {
            "form": self.form,
            "day": self.day,
            "age": self.form.cleaned_data.get("age") or "",
            "ages": [
                (name, age[0], counts[name], counts[name] * 100 // total if total else 0) for name, age in AGES.items()
            ],
            "total": total,
            "may_remind": self.may_remind,
        }


def _levels(rows: list[Assignment], day: dt.date) -> dict[int, str]:
    """The highest level that the reminders of each row have reached by ``day``."""
    sent = Reminder.objects.filter(assignment__in=[row.pk for row in rows], day__lte=day).order_by()
    ranks = {value: level for level, value in LEVEL_RANK.items()}
    found = sent.values_list("assignment").annotate(rank=Max(rank_of_level()))
    return {pk: ranks[rank] for pk, rank in found if rank}


@require_POST
def remind(request: HttpRequest) -> HttpResponse:
    """催办: remind of the picked assignments at once."""
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        back = "overdue"
    chosen = picked(request)
    if chosen is None:
        return redirect(back)
    rows = list(visible_assignments(request.user).filter(pk__in=chosen).select_related("commitment", "unit"))
    if not all(request.user.has_perm("tracker.remind", row) for row in rows):
        raise PermissionDenied
    tell(request, remind_now(rows, by=request.user, text=export.printable(request.POST.get("text", "").strip()[:500])))
    return redirect(back)


def tell(request: HttpRequest, result: Reminded) -> None:
    """Say what came of reminding."""
    if result.assignments:
        sentence = ngettext(
            "Reminded of %(n)d assignment.", "Reminded of %(n)d assignments.", result.assignments
        ) % {"n": result.assignments}  # fmt: skip
        messages.success(request, sentence)
    if result.already:
        messages.info(request, _("%(n)d had been reminded of today already.") % {"n": len(result.already)})
    if result.unreachable:
        names = "、".join(sorted({unit.name for unit in result.unreachable}))
        messages.warning(request, _("Nobody could be told at %(units)s: name a liaison there.") % {"units": names})
    if not (result.assignments or result.already or result.unreachable):
        messages.info(request, _("Nobody had to be reminded."))
