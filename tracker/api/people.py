"""Who is calling, and what has been sent to them."""

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Router
from ninja.pagination import paginate

from tracker.api.paging import ById
from tracker.api.schemas import PROBLEMS, Id, Me, ReminderOut
from tracker.models import Reminder
from tracker.rules import scope

router = Router()


@router.get("/me", response={200: Me, **PROBLEMS})
def me(request: HttpRequest) -> dict[str, Any]:
    """The caller, with the ids of all units that each role reaches."""
    user = request.user
    roles = {role: sorted(units) for role, units in scope(user).units.items()}
    return {"id": user.pk, "username": user.username, "name": user.name, "roles": roles}


@router.get("/inbox", response={200: list[ReminderOut], **PROBLEMS})
@paginate(ById)
def inbox(request: HttpRequest, unread: bool = False) -> Any:
    rows = request.user.reminders.all()
    return rows.filter(read_at=None) if unread else rows


@router.post("/inbox/{id}/read", response={200: ReminderOut, **PROBLEMS})
def read(request: HttpRequest, id: Id) -> Reminder:
    reminder = get_object_or_404(request.user.reminders, pk=id)
    if reminder.read_at is None:
        reminder.read_at = timezone.now()
        reminder.save(update_fields=["read_at"])
    return reminder
