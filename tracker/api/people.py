"""Who is calling, what has been sent to them, and what they look for."""

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Router
from ninja.pagination import paginate

from tracker import search
from tracker.api.paging import ById
from tracker.api.schemas import PROBLEMS, Found, Id, Me, ReminderOut, Word
from tracker.models import Reminder
from tracker.rules import scope, visible_commitments, visible_speeches

router = Router()
MOST_FOUND = 50


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


@router.get("/search", response={200: Found, **PROBLEMS})
def look_for(request: HttpRequest, q: Word) -> dict[str, Any]:
    """Items and speeches with all the words of ``q``; a unit's name also finds what it is charged with."""
    query = search.Query.read(q)
    items = search.find_commitments(query, visible_commitments(request.user)) if query.text else []
    speeches = search.find_speeches(query, visible_speeches(request.user)) if query.text else []
    return {
        "commitments": search.in_order(visible_commitments(request.user), items[:MOST_FOUND]),
        "speeches": search.in_order(visible_speeches(request.user).defer("text"), speeches[:MOST_FOUND]),
        "commitment_count": len(items),
        "speech_count": len(speeches),
    }
