"""How every unit stands, and what one of them owes."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy

from tracker import standings
from tracker.lights import Light, with_light
from tracker.models import Assignment, Unit
from tracker.rules import LOOKING, Role, looks_on, scope, visible_assignments
from tracker.standings import UnitStanding
from tracker.tables import UnitTable, exports
from tracker.views.lists import ListPage


def visible_units(user: Any) -> QuerySet[Unit]:
    """The units in use that the user reaches, in the order of the tree, without the groups that stand for others."""
    reached = scope(user).reach(*LOOKING, Role.LIAISON)
    units = Unit.objects.with_tree_fields().filter(pk__in=reached, is_active=True)
    return units.exclude(kind=Unit.Kind.GROUP)


def departments(request: HttpRequest) -> HttpResponse:
    """Every unit that the user reaches, beside the others: sorted as the tree, or by any figure."""
    found = standings.compare(visible_units(request.user), timezone.localdate())
    key = request.GET.get("sort", "")
    if key in SORTS:
        found.sort(key=SORTS[key])
    context = {
        "standings": found,
        "sort": key if key in SORTS else "",
        "largest": max((standing.total for standing in found), default=0),
        "lights": Light.choices,
        "ranked": looks_on(request.user),
        "parents": {standing.unit.parent_id for standing in found},
        "total": _total(found),
    }
    return render(request, "tracker/departments.html", context)


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
    """One unit: its figures, their trend, and every item that it (or, if asked, what is below it) owes."""

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
        self.below = self.request.GET.get("below") == "1"
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
        found = standings.compare(self.units, self.today)
        mine = next(standing for standing in found if standing.unit.pk == self.unit.pk)
        return context | {
            "unit": self.unit,
            "standing": mine,
            "light": self.light,
            "below": self.below,
            "lights": [(light, label, mine.lights[light]) for light, label in Light.choices],
            "has_below": any(standing.unit.parent_id == self.unit.pk for standing in found),
            "ranked": looks_on(self.request.user),
            "compared": sum(1 for standing in found if standing.rank),
        }
