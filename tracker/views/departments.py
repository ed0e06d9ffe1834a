"""How every unit stands, and what one of them owes."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy

from tracker import standings
from tracker.export import Column
from tracker.lights import Light, with_light
from tracker.models import Assignment, Unit
from tracker.rules import LOOKING, Role, looks_on, scope, visible_assignments
from tracker.standings import UnitStanding
from tracker.tables import UnitTable, exports
from tracker.views.lists import ListPage, as_file


def visible_units(user: Any) -> QuerySet[Unit]:
    """The units in use that the user reaches, in the order of the tree, without the groups that stand for others;
    each with its figures."""
    reached = scope(user).reach(*LOOKING, Role.LIAISON)
    units = Unit.objects.with_tree_fields().select_related("figures").filter(pk__in=reached, is_active=True)
    return units.exclude(kind=Unit.Kind.GROUP)


COLUMNS = (
    Column("unit", gettext_lazy("Unit"), lambda row: row.unit.name),
    Column("below", gettext_lazy("Units below, counted with it"), lambda row: row.below),
    Column("rank", gettext_lazy("Rank"), lambda row: row.rank),
    Column("climbed", gettext_lazy("Risen since last month"), lambda row: row.climbed),
    *(Column(light.value, light.label, lambda row, light=light: row.lights[light]) for light in Light),
    Column("open", gettext_lazy("Still open"), lambda row: row.open),
    Column("closed", gettext_lazy("Closed in 12 months"), lambda row: row.closed),
    Column("on_time_rate", gettext_lazy("On-time rate in percent"), lambda row: row.rate),
    Column("progress", gettext_lazy("Progress in percent"), lambda row: row.progress),
    Column("time_gone", gettext_lazy("Time gone in percent"), lambda row: row.gone),
    Column("late_reports", gettext_lazy("Late reports"), lambda row: row.late_reports),
    Column("extensions", gettext_lazy("Extensions"), lambda row: row.extensions),
)


def departments(request: HttpRequest) -> HttpResponse:
    """Every unit that the user reaches, beside the others: sorted as the tree, or by any figure; or as a file."""
    own = standings.compare(visible_units(request.user), timezone.localdate())
    found = standings.with_below(own)
    if not looks_on(request.user):  # what stands beside whom is for those who look at all of them
        for standing in found:
            standing.rank = standing.climbed = None
    key = request.GET.get("sort", "")
    if key in SORTS:
        found.sort(key=SORTS[key])
    context = {
        "standings": found,
        "sort": key if key in SORTS else "",
        "largest": max((standing.total for standing in own), default=0),
        "lights": Light.choices,
        "ranked": looks_on(request.user),
        "parents": {standing.unit.parent_id for standing in found},
        "total": _total(own),
    }
    return as_file(request, found, COLUMNS, name=str(gettext_lazy("Departments"))) or render(
        request, "tracker/departments.html", context
    )


# None (nothing fell due) comes last, the worst first.
SORTS = {
    "rank": lambda standing: (standing.rank is None, standing.rank),
    "red": lambda standing: -standing.lights[Light.RED],
    "open": lambda standing: -standing.open,
    "rate": lambda standing: (standing.rate is None, standing.rate),
    "pace": lambda standing: (standing.progress is None, (standing.progress or 0) - (standing.gone or 0)),
    "late_reports": lambda standing: -standing.late_reports,
    "extensions": lambda standing: -standing.extensions,
}


def _total(found: list[UnitStanding]) -> dict[str, int]:
    """The lights of all units together."""
    return {light: sum(standing.lights[light] for standing in found) for light in Light.values}


class Department(ListPage):
    """One unit: its figures, their trend, and every item that it and what is below it owe (or, with
    ``below=0``, it alone)."""

    template_name = "tracker/department.html"
    table_class = UnitTable
    export_columns = exports.ASSIGNMENTS
    export_name = gettext_lazy("Unit")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.units = list(visible_units(request.user))
        found = [unit for unit in self.units if unit.pk == kwargs["pk"]]
        if not found:
            raise Http404
        self.unit = found[0]
        return super().dispatch(request, *args, **kwargs)

    def rows(self) -> QuerySet[Assignment]:
        self.light = self.request.GET.get("light", "")
        self.below = self.request.GET.get("below") != "0"
        below = [unit.pk for unit in self.units if self.unit.pk in unit.tree_path]
        units = below if self.below else [self.unit.pk]
        owed = visible_assignments(self.request.user).filter(unit__in=units)
        if self.light not in Light.values:
            self.light = ""
        if self.light not in (Light.DONE, Light.DONE_LATE):
            owed = owed.filter(closed_on=None)
        rows = with_light(owed.exclude(state=Assignment.State.WITHDRAWN), self.today)
        if self.light:
            rows = rows.filter(light=self.light)
        return rows.select_related("commitment", "unit")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        own = standings.compare(self.units, self.today)
        with_below = standings.with_below(own)
        found = with_below if self.below else own
        mine = next(standing for standing in found if standing.unit.pk == self.unit.pk)
        return context | {
            "unit": self.unit,
            "standing": mine,
            "light": self.light,
            "below": self.below,
            "has_below": next(standing.below for standing in with_below if standing.unit.pk == self.unit.pk),
            "lights": [(light, label, mine.lights[light]) for light, label in Light.choices],
            "ranked": looks_on(self.request.user),
            "compared": sum(1 for standing in found if standing.rank),
        }
