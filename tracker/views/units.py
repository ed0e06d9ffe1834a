"""The pages on which the tree of units is kept: names, places, groups."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tracker.forms.units import UnitForm
from tracker.models import Unit
from tracker.tree import keepable
from tracker.workflow import Refused, Stale


def _may(request: HttpRequest) -> None:
    if not request.user.has_perm("tracker.change_unit"):
        raise PermissionDenied


@require_GET
def units(request: HttpRequest) -> HttpResponse:
    """The tree of units, with their other names and their members; those that the user may change are links."""
    _may(request)
    rows = Unit.objects.with_tree_fields().prefetch_related("aliases", "members")
    mine = set(keepable(request.user).values_list("pk", flat=True))
    return render(request, "tracker/units.html", {"rows": rows, "mine": mine})


@require_http_methods(["GET", "POST"])
def unit(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """One unit, or a new one."""
    _may(request)
    row = get_object_or_404(keepable(request.user), pk=pk) if pk else None
    form = UnitForm(request.POST if request.method == "POST" else None, instance=row, by=request.user)
    there = None
    if form.is_bound and form.is_valid():
        try:
            saved = form.save()
        except Stale:
            there = Unit.objects.get(pk=pk)
            form.data = form.data.copy()
            form.data["version"] = there.version
        except Refused:
            pass
        else:
            messages.success(request, _("%(unit)s is saved.") % {"unit": saved.name})
            return redirect("units")
    context = {
        "form": form,
        "there": there,
        "title": row.name if row else _("New unit"),
        "button": _("Save"),
        "back": reverse("units"),
        "back_title": _("Units"),
    }
    return render(request, "tracker/unit.html", context, status=409 if there else 200)
