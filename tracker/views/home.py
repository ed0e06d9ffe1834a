"""The workbench: where a user's day begins, by role."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tracker import standings, workbench
from tracker.lights import Light
from tracker.models import Membership, Unit, User
from tracker.rules import Role, scope
from tracker.views.departments import visible_units
from tracker.workflow import actions_for

# In the order in which they are offered to somebody who holds several.
ROLES = [Role.COORDINATOR, Role.LEADER, Role.LIAISON, Role.OBSERVER, Role.ADMINISTRATOR]
# The step of a liaison that moves an assignment on, where more than one is possible.
FIRST_STEPS = ("receive", "submit", "report", "resume")

STEP_NAMES = {
    "receive": _("Sign for it"),
    "report": _("Report progress"),
    "submit": _("Ask to close it"),
    "resume": _("Resume"),
}


def home(request: HttpRequest) -> HttpResponse:
    """The workbench of the user's role; who holds several chooses one."""
    roles = [role for role in ROLES if scope(request.user).has(role)]
    chosen = request.GET.get("as", "")
    role = chosen if chosen in roles else roles[0] if roles else ""
    pages = {
        Role.COORDINATOR: _office,
        Role.LEADER: _jurisdiction,
        Role.OBSERVER: _jurisdiction,
        Role.LIAISON: _unit,
        Role.ADMINISTRATOR: _installation,
    }
    context: dict[str, Any] = {"role": role, "roles": [(one, Role(one).label) for one in roles]}
    if role:
        context |= pages[Role(role)](request)
    return render(request, "tracker/home.html", context)


def _office(request: HttpRequest) -> dict[str, Any]:
    """What needs a decision of the office today."""
    waiting = workbench.by_state(request.user)
    today = timezone.localdate()
    late, ahead = workbench.near(request.user, today)
    return {
        "page": "tracker/home_office.html",
        "review": workbench.to_review(),
        "submitted": waiting["submitted"],
        "unsigned": waiting["sent"],
        "unassigned": waiting["unassigned"],
        "extensions": workbench.extensions(request.user),
        "empty": workbench.empty_reports(request.user, today),
        "late": late,
        "ahead": ahead,
    }


def _jurisdiction(request: HttpRequest) -> dict[str, Any]:
    """The state of a jurisdiction on one screen, the worst first."""
    late, ahead = workbench.near(request.user, timezone.localdate())
    return _lights(request) | {
        "page": "tracker/home_jurisdiction.html",
        "late": late,
        "ahead": ahead,
        "instructed": workbench.instructed(request.user),
    }


def _unit(request: HttpRequest) -> dict[str, Any]:
    """What a liaison's units owe, in the order in which it is due, with the one button that each needs."""
    rows, counts = workbench.owed(request.user, timezone.localdate())
    for row in rows:
        possible = actions_for(request.user, row)
        row.step = next((action for action in FIRST_STEPS if action in possible), None)
        if row.step == "submit" and (row.progress or 0) < 100:
            row.step = "report"
        row.step_name = STEP_NAMES.get(row.step)
    labels = [(light, Light(light).label, n) for light, n in counts.items()]
    return {"page": "tracker/home_unit.html", "owed": rows, "lights": labels}


def _installation(request: HttpRequest) -> dict[str, Any]:
    """What an administrator keeps: users, units."""
    without = Unit.objects.filter(is_active=True).exclude(kind__in=[Unit.Kind.GROUP, Unit.Kind.GOVERNMENT])
    without = without.exclude(memberships__role=Membership.Role.LIAISON, memberships__user__is_active=True)
    return {
        "page": "tracker/home_installation.html",
        "users": User.objects.filter(is_active=True).count(),
        "units": Unit.objects.filter(is_active=True).count(),
        "without_liaison": list(without[:20]),
    }


def lights(request: HttpRequest) -> HttpResponse:
    """The lights by unit, for the workbench to fetch by itself."""
    return render(request, "tracker/home_lights.html", _lights(request))


MOST_UNITS = 12


def _lights(request: HttpRequest) -> dict[str, Any]:
    """Units by light, the worst first: most overdue, then most behind; and all of them together."""
    found = standings.compare(visible_units(request.user), timezone.localdate())
    total = {light: sum(standing.lights[light] for standing in found) for light in Light.values}
    found = [standing for standing in found if standing.total]
    found.sort(key=lambda standing: (-standing.lights[Light.RED], -standing.lights[Light.YELLOW], standing.rate or 0))
    return {
        "standings": found[:MOST_UNITS],
        "largest": max((standing.total for standing in found), default=0),
        "lights": [(light, label, total[light]) for light, label in Light.choices],
    }
