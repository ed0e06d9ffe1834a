"""The tree of units."""

from typing import Any

from django.http import HttpRequest
from ninja import Router
from ninja.pagination import paginate

from tracker.api.paging import ById
from tracker.api.schemas import PROBLEMS, UnitOut
from tracker.models import Unit

router = Router()


@router.get("", response={200: list[UnitOut], **PROBLEMS})
@paginate(ById)
def units(request: HttpRequest, kind: Unit.Kind | None = None) -> Any:
    """Every unit in use: names of bodies are no secret inside an office."""
    rows = Unit.objects.filter(is_active=True).order_by()
    return rows.filter(kind=kind) if kind else rows
