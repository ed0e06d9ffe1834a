"""考核评分: the table of units, the items behind a unit's points, and the rule."""

import datetime as dt
from itertools import zip_longest
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from tracker import export, scoring
from tracker.days import DayField
from tracker.models import ScoringRule
from tracker.reports.forms import date_input, units_of
from tracker.views.lists import as_file

may_view = permission_required("tracker.view_reports", raise_exception=True)


class PeriodForm(forms.Form):
    """From the first to the last day that count; the year so far where nothing sensible is asked for."""

    start = DayField(label=gettext_lazy("First day"), required=False, widget=date_input())
    end = DayField(label=gettext_lazy("Up to and with"), required=False, widget=date_input())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        today = timezone.localdate()
        end = min(cleaned.get("end") or today, today)
        start = cleaned.get("start") or end.replace(month=1, day=1)
        if start > end:
            raise ValidationError(_("The period ends before it begins."))
        if (end - start).days > scoring.MOST_MONTHS * 31:
            raise ValidationError(_("Score at most two years at a time."))
        return {"start": start, "end": end}


class RuleForm(forms.ModelForm):
    """The rule, with the version that the user was looking at."""

    seen = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = ScoringRule
        fields = (
            "base", "on_time", "done_late", "overdue", "day_late", "most_for_days", "returned", "extended",
            "late_report", "report_day",
        )  # fmt: skip


def _period(request: HttpRequest) -> tuple[PeriodForm, dt.date, dt.date]:
    form = PeriodForm(request.GET)
    today = timezone.localdate()
    chosen = form.cleaned_data if form.is_valid() else {"start": today.replace(month=1, day=1), "end": today}
    if form.is_valid():
        form = PeriodForm(initial=chosen)
    return form, chosen["start"], chosen["end"]


def _kind_columns() -> list[export.Column]:
    columns = []
    for kind, label in scoring.KINDS.items():
        columns.append(export.Column(kind, label, lambda row, kind=kind: row.times[kind]))
        columns.append(
            export.Column(
                f"{kind}_points",
                _("%(kind)s: points") % {"kind": label},
                lambda row, kind=kind: row.points[kind],
            )
        )
    return columns


@require_GET
@may_view
def scores(request: HttpRequest) -> HttpResponse:
    form, start, end = _period(request)
    rule = scoring.rule()
    found = scoring.scores(request.user, start, end, rule)
    columns = [
        export.Column("rank", _("Rank"), lambda row: row.rank),
        export.Column("unit", _("Unit"), lambda row: row.subject.name),
        export.Column("items", _("Items"), lambda row: row.items),
        export.Column("base", _("Base"), lambda row: rule.base),
        *_kind_columns(),
        export.Column("total", _("Points"), lambda row: row.total),
    ]
    context = {
        "form": form,
        "start": start,
        "end": end,
        "scores": found,
        "kinds": scoring.KINDS.values(),
        "rule": rule,
        "lines": _rule_lines(rule),
        "tab": "scores",
    }
    name = f"考核评分{start:%Y%m%d}-{end:%Y%m%d}"
    return as_file(request, found, columns, name=name) or render(request, "tracker/scores.html", context)


def _rule_lines(rule: ScoringRule) -> list[tuple[Any, Any]]:
    return [(rule._meta.get_field(name).verbose_name, getattr(rule, name)) for name in RuleForm.Meta.fields]


@require_GET
@may_view
def score(request: HttpRequest, pk: int) -> HttpResponse:
    """The items that a unit's points come from."""
    unit = get_object_or_404(units_of(request.user), pk=pk)
    form, start, end = _period(request)
    rule = scoring.rule()
    found = scoring.trace(request.user, unit, start, end, rule)
    columns = [
        export.Column("number", _("Number"), lambda row: row.subject.commitment.number),
        export.Column("item", _("Item"), lambda row: row.subject.commitment.title),
        export.Column("deadline", _("Last day"), lambda row: row.subject.deadline),
        *_kind_columns(),
        export.Column("total", _("Points"), lambda row: row.total),
    ]
    lost = sum((row.total for row in found), start=rule.base)
    context = {
        "unit": unit,
        "form": form,
        "start": start,
        "end": end,
        "items": found[:500],
        "count": len(found),
        "rule": rule,
        "total": max(lost, 0),
        "tab": "scores",
    }
    name = f"{unit.name}考核评分明细{start:%Y%m%d}-{end:%Y%m%d}"
    return as_file(request, found, columns, name=name) or render(request, "tracker/score.html", context)


@require_http_methods(["GET", "POST"])
@permission_required("tracker.change_scoring", raise_exception=True)
def scoring_rule(request: HttpRequest) -> HttpResponse:
    """The rule and what it was before."""
    rule = scoring.rule()
    form = RuleForm(
        request.POST if request.method == "POST" else None, instance=scoring.rule(), initial={"seen": rule.version}
    )
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in RuleForm.Meta.fields}
        try:
            scoring.change_rule(values, by=request.user, version=form.cleaned_data["seen"])
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("The rule has been changed. All points follow it from now on."))
            return redirect("scores")
    return render(
        request,
        "tracker/scoring_rule.html",
        {"form": form, "changes": _changes(rule), "tab": "scores"},
        status=422 if form.errors else 200,
    )


def _changes(rule: ScoringRule) -> list[dict[str, Any]]:
    """Who changed what, the latest first."""
    most = 20
    records = list(rule.history.select_related("history_user")[: most + 1]) if rule.version > 1 else []
    fields = RuleForm.Meta.fields
    changes = []
    for now, before in zip_longest(records[:most], records[1:]):
        was = before or ScoringRule()
        differing = [
            (rule._meta.get_field(name).verbose_name, getattr(was, name), getattr(now, name))
            for name in fields
            if float(getattr(was, name)) != float(getattr(now, name))
        ]
        changes.append({"by": now.history_user, "at": now.history_date, "differing": differing})
    return changes
