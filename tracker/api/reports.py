"""How the units stand."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpRequest
from django.utils import timezone
from ninja import Router

from tracker.api.schemas import PROBLEMS, Day, Standing
from tracker.lights import with_light
from tracker.rules import visible_assignments

router = Router()


@router.get("/departments", response={200: list[Standing], **PROBLEMS})
def departments(request: HttpRequest, as_of: Day | None = None) -> list[dict[str, Any]]:
    """For every unit, how many of its assignments stand at which light on ``as_of`` (today)."""
    if not request.user.has_perm("tracker.view_reports"):
        raise PermissionDenied
    rows = with_light(visible_assignments(request.user), as_of or timezone.localdate()).order_by()
    found: dict[int | None, dict[str, Any]] = {}
    for row in rows.values("unit", "unit__name", "light").annotate(count=Count("pk")):
        standing = found.setdefault(row["unit"], {"unit": row["unit"], "unit_name": row["unit__name"], "lights": {}})
        standing["lights"][row["light"]] = row["count"]
    return list(found.values())
