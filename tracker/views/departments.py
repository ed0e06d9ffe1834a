"""How every unit stands, and what one of them owes."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from tracker import standings
from tracker.lights import Light, with_light
from tracker.models import Assignment, Unit
from tracker.rules import LOOKING, Role, scope, visible_assignments
from tracker.tables import UnitTable
from tracker.views.lists import ListPage


def visible_units(user: Any) -> QuerySet[Unit]:
    """The units in use that the user reaches, in the order of the tree, without the groups that stand for others."""
    reached = scope(user).reach(*LOOKING, Role.LIAISON)
    units = Unit.objects.with_tree_fields().filter(pk__in=reached).exclude(kind=Unit.Kind.GROUP)
    return units.filter(Q(is_active=True) | Q(assignments__isnull=False)).distinct()


def departments(request: HttpRequest) -> HttpResponse:
    """Every unit that the user reaches, with its assignments by light."""
    found = standings.by_unit(request.user, visible_units(request.user), timezone.localdate())
    return render(request, "tracker/departments.html", {"standings": found, "lights": Light.choices})


class Department(ListPage):
    """One unit: its lights, and every item that it and the units below it owe."""

    template_name = "tracker/department.html"
    table_class = UnitTable

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.unit = get_object_or_404(Unit, pk__in=scope(request.user).reach(*LOOKING, Role.LIAISON), pk=kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def rows(self) -> QuerySet[Assignment]:
        owed = visible_assignments(self.request.user).filter(unit=self.unit).exclude(state=Assignment.State.WITHDRAWN)
        return with_light(owed, self.today).select_related("commitment", "unit")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        standing = standings.by_unit(self.request.user, [self.unit], self.today)[0]
        return context | {"unit": self.unit, "standing": standing}
