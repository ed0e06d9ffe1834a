"""The ledger."""

import datetime as dt
from typing import Any, Literal

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Prefetch
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Path, Router
from ninja.pagination import paginate

from speeches.models import Finding
from tracker import instructions, intake, ledger, timeline
from tracker.api.paging import ById
from tracker.api.schemas import (
    PROBLEMS,
    AssignIn,
    CommitmentDetail,
    CommitmentIn,
    CommitmentOut,
    CorrectionIn,
    Day,
    EventOut,
    Id,
    InstructionIn,
    InstructionOut,
    Number,
    RemovalIn,
    Word,
)
from tracker.filters import LedgerFilter
from tracker.lights import Light, with_light
from tracker.models import Commitment, Instruction, Unit
from tracker.rules import visible_assignments, visible_commitments

router = Router()


def shown(request: HttpRequest, number: str) -> Commitment:
    """One commitment with its targets and those of its assignments that the caller may see, with their lights."""
    assignments = with_light(visible_assignments(request.user), timezone.localdate()).select_related(
        "unit", "commitment"
    )
    rows = visible_commitments(request.user).prefetch_related(
        "targets", Prefetch("assignments", assignments, to_attr="shown_assignments")
    )
    return get_object_or_404(rows, number=number)


def units(ids: list[int]) -> list[Unit]:
    """The units with these ids, in this order. Raises ValidationError for one that is not there."""
    found = Unit.objects.filter(is_active=True).in_bulk(ids)
    if missing := [pk for pk in ids if pk not in found]:
        raise ValidationError({"units": _("There is no unit with the id %(id)s.") % {"id": missing[0]}})
    return [found[pk] for pk in dict.fromkeys(ids)]


@router.get("", response={200: list[CommitmentOut], **PROBLEMS})
@paginate(ById)
def commitments(
    request: HttpRequest,
    state: Commitment.State | None = None,
    unit: Id | None = None,
    speech: Id | None = None,
    due_from: Day | None = None,
    due_to: Day | None = None,
    tier: Finding.Tier | None = None,
    light: Light | None = None,
    text: Word = "",
    heading: Word = "",
    person: Word = "",
) -> Any:
    """The ledger, narrowed down as its page narrows it; ``unit`` is that unit alone."""
    asked = {"tier": tier or "", "light": [light] if light else [], "text": text, "heading": heading, "person": person}
    rows = LedgerFilter(asked, visible_commitments(request.user), user=request.user, day=timezone.localdate()).qs
    wanted = {
        "state": state, "speech": speech, "deadline__gte": due_from, "deadline__lte": due_to
    }  # fmt: skip
    rows = rows.filter(**{name: value for name, value in wanted.items() if value is not None})
    if unit is not None:
        charged = visible_assignments(request.user).filter(unit=unit)
        rows = rows.filter(pk__in=charged.values("commitment"))
    return rows


@router.post("", response={201: CommitmentDetail, **PROBLEMS})
def enter(request: HttpRequest, body: CommitmentIn) -> tuple[int, Commitment]:
    """Enter an item by hand, and charge its units. The same item sent again within minutes is refused with 409."""
    if body.begins_on and body.deadline and body.begins_on > body.deadline:
        raise ValidationError({"begins_on": _("It cannot begin after its last day.")})
    draft = intake.Draft(
        title=body.title.strip(), content=body.content, origin=body.origin, deadline=body.deadline,
        begins_on=body.begins_on, lead=tuple(units(body.lead)), support=tuple(units(body.support)),
    )  # fmt: skip
    return 201, shown(request, intake.enter_once(draft, by=request.user).number)


@router.get("/{number}", response={200: CommitmentDetail, **PROBLEMS})
def commitment(request: HttpRequest, number: Path[Number]) -> Commitment:
    return shown(request, number)


@router.get("/{number}/history", response={200: list[EventOut], **PROBLEMS})
def history(request: HttpRequest, number: Path[Number], before: dt.datetime | None = None) -> list[dict[str, Any]]:
    """What happened to the item, the newest first; go on with ``before`` the last one's moment."""
    row = get_object_or_404(visible_commitments(request.user), number=number)
    if before is not None:
        before = timeline.moment(before.isoformat())
    return [
        {
            "at": event.at, "kind": event.kind, "what": str(event.what), "text": event.text,
            "by": event.by.name if event.by else "", "unit": event.unit.name if event.unit else "",
        }
        for event in timeline.timeline(row, user=request.user, before=before)
    ]  # fmt: skip


@router.patch("/{number}", response={200: CommitmentDetail, **PROBLEMS})
def correct(request: HttpRequest, number: Path[Number], body: CorrectionIn) -> Commitment:
    """Correct an item's own fields; a new deadline moves the open assignments that ran to the old one."""
    row = get_object_or_404(visible_commitments(request.user), number=number)
    fields = body.dict(exclude_unset=True)
    ledger.correct(
        row,
        by=request.user,
        version=fields.pop("version"),
        **{k: v for k, v in fields.items() if v is not None or k == "deadline"},
    )
    return shown(request, number)


@router.post("/{number}/assign", response={200: CommitmentDetail, **PROBLEMS})
def assign(request: HttpRequest, number: Path[Number], body: AssignIn) -> Commitment:
    """Charge further units; those that are charged already are left alone."""
    row = get_object_or_404(visible_commitments(request.user), number=number)
    if not request.user.has_perm("tracker.assign_commitment", row):
        raise PermissionDenied
    intake.assign(
        row,
        lead=units(body.lead),
        support=units(body.support),
        by=request.user,
        person=body.person,
        deadline=body.deadline,
    )
    return shown(request, number)


@router.post("/{number}/instructions", response={201: InstructionOut, **PROBLEMS})
def instruct(request: HttpRequest, number: Path[Number], body: InstructionIn) -> tuple[Literal[201], Instruction]:
    """批示: a leader writes on the item."""
    row = get_object_or_404(visible_commitments(request.user), number=number)
    return 201, instructions.instruct(row, by=request.user, text=body.text)


@router.delete("/{number}", response={204: None, **PROBLEMS})
def remove(request: HttpRequest, number: Path[Number], body: RemovalIn) -> tuple[int, None]:
    """Take an item out of the ledger, for a reason; it can be brought back."""
    row = get_object_or_404(visible_commitments(request.user), number=number)
    ledger.remove(row, by=request.user, reason=body.reason, version=body.version)
    return 204, None


@router.post("/{number}/restore", response={200: CommitmentDetail, **PROBLEMS})
def restore(request: HttpRequest, number: Path[Number]) -> Commitment:
    """Bring an item back that was taken out of the ledger."""
    row = get_object_or_404(Commitment.objects.exclude(deleted_at=None), number=number)
    ledger.restore(row, by=request.user)
    return shown(request, number)
