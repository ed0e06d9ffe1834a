"""Assignments: the overdue list, progress reports, and the steps of the workflow."""

from decimal import Decimal
from typing import Any, Literal

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import File, Form, Router
from ninja.files import UploadedFile
from ninja.pagination import paginate

from tracker import evidence, progress, terms, workflow
from tracker.api.commitments import units as units_with
from tracker.api.paging import ById
from tracker.api.schemas import (
    PROBLEMS,
    AmendIn,
    AssignmentOut,
    Day,
    DecisionIn,
    EvidenceReportIn,
    ExtensionIn,
    ExtensionOut,
    HandOnIn,
    Id,
    MilestoneOut,
    PlanIn,
    Reminded,
    RemindIn,
    ReportIn,
    StepIn,
    UpdateOut,
)
from tracker.lights import Light, overdue_q, with_light
from tracker.models import Assignment, ExtensionRequest, Milestone, StatusUpdate, Target
from tracker.reminders import remind_now
from tracker.rules import visible_assignments

router = Router()


def _one(request: HttpRequest, id: int) -> Assignment:
    return get_object_or_404(visible_assignments(request.user).select_related("commitment", "unit"), pk=id)


def _lit(request: HttpRequest, id: int) -> Assignment:
    rows = with_light(visible_assignments(request.user), timezone.localdate()).select_related("commitment", "unit")
    return get_object_or_404(rows, pk=id)


@router.get("", response={200: list[AssignmentOut], **PROBLEMS})
@paginate(ById)
def assignments(
    request: HttpRequest,
    as_of: Day | None = None,
    overdue: bool = False,
    light: Light | None = None,
    unit: Id | None = None,
    state: Assignment.State | None = None,
) -> Any:
    """``as_of`` (today) is the day that lights and ``overdue`` are reckoned for."""
    day = as_of or timezone.localdate()
    rows = visible_assignments(request.user)
    if overdue:
        rows = rows.filter(overdue_q(day))
    rows = with_light(rows, day).select_related("commitment", "unit")
    wanted = {"light": light, "unit": unit, "state": state}
    return rows.filter(**{name: value for name, value in wanted.items() if value is not None})


@router.post("/remind", response={200: Reminded, **PROBLEMS})
def remind(request: HttpRequest, body: RemindIn) -> dict[str, Any]:
    """催办: remind the people who owe these assignments, now."""
    rows = list(visible_assignments(request.user).filter(pk__in=body.assignments))
    if missing := set(body.assignments) - {row.pk for row in rows}:
        raise ValidationError({"assignments": _("There is no assignment with the id %(id)s.") % {"id": min(missing)}})
    if not request.user.has_perm("tracker.remind"):
        raise PermissionDenied
    sent = remind_now(rows, by=request.user, text=body.text)
    return {
        "reminders": len(sent.reminders),
        "already": [row.pk for row in sent.already],
        "unreachable": [unit.name for unit in sent.unreachable],
    }


@router.get("/{id}", response={200: AssignmentOut, **PROBLEMS})
def assignment(request: HttpRequest, id: Id) -> Assignment:
    return _lit(request, id)


@router.get("/{id}/updates", response={200: list[UpdateOut], **PROBLEMS})
@paginate(ById)
def updates(request: HttpRequest, id: Id) -> Any:
    return _one(request, id).updates.all()


@router.post("/{id}/updates", response={201: UpdateOut, **PROBLEMS})
def report(request: HttpRequest, id: Id, body: ReportIn) -> tuple[Literal[201], StatusUpdate]:
    """Report progress. An update is never edited: a correction is a new one."""
    row = _one(request, id)
    targets = {str(target.pk): target for target in row.commitment.targets.all()}
    if unknown := [key for key in body.quantities if key not in targets]:
        raise ValidationError({"quantities": _("This item has no target with the id %(id)s.") % {"id": unknown[0]}})
    quantities: dict[Target, Decimal] = {targets[key]: quantity for key, quantity in body.quantities.items()}
    made = progress.report(
        row, by=request.user, text=body.text, percent=body.percent, quantities=quantities,
        problems=body.problems, next_step=body.next_step, version=body.version,
    )  # fmt: skip
    return 201, made


@router.post("/{id}/evidence", response={201: UpdateOut, **PROBLEMS})
def report_with_evidence(
    request: HttpRequest, id: Id, body: Form[EvidenceReportIn], files: File[list[UploadedFile]]
) -> tuple[Literal[201], StatusUpdate]:
    """Report progress with files (multipart): photos and documents, told apart by content and not by name."""
    row = _one(request, id)
    checked = evidence.check_all([(file.name or "", file.size or 0, file) for file in files])
    return 201, progress.report(row, by=request.user, files=checked, **body.dict())


@router.post("/{id}/hand-on", response={200: list[AssignmentOut], **PROBLEMS})
def hand_on(request: HttpRequest, id: Id, body: HandOnIn) -> list[Assignment]:
    fields = body.dict() | {"units": units_with(body.units)}
    made = workflow.hand_on(_one(request, id), fields.pop("units"), by=request.user, **fields)
    return [_lit(request, row.pk) for row in made]


@router.post("/{id}/amend", response={200: AssignmentOut, **PROBLEMS})
def amend(request: HttpRequest, id: Id, body: AmendIn) -> Assignment:
    """调整任务: the office changes the last day, the part or the person."""
    terms.amend(_one(request, id), by=request.user, **body.dict())
    return _lit(request, id)


@router.get("/{id}/milestones", response={200: list[MilestoneOut], **PROBLEMS})
def milestones(request: HttpRequest, id: Id) -> Any:
    return _one(request, id).milestones.all()


@router.put("/{id}/milestones", response={200: list[MilestoneOut], **PROBLEMS})
def plan(request: HttpRequest, id: Id, body: PlanIn) -> list[Milestone]:
    """倒排工期: make these the milestones of the assignment."""
    steps = [terms.Step(step.title.strip(), step.due, step.done_on) for step in body.milestones]
    return terms.plan(_one(request, id), steps, by=request.user, version=body.version)


Step = Literal["receive", "submit", "accept", "send_back", "suspend", "resume", "withdraw", "reopen"]
# The steps that ask for a reason take the note as that reason; receiving takes none.
_NOTE = {"receive": None, "submit": "note", "accept": "note", "resume": "note"}


@router.post("/{id}/steps/{step}", response={200: AssignmentOut, **PROBLEMS})
def take_step(request: HttpRequest, id: Id, step: Step, body: StepIn) -> Assignment:
    """Take one step of the workflow. With ``version``, only if nobody changed the assignment since."""
    name = _NOTE.get(step, "reason")
    note = {name: body.note} if name else {}
    getattr(workflow, step)(_one(request, id), by=request.user, version=body.version, **note)
    return _lit(request, id)


@router.post("/{id}/extensions", response={201: ExtensionOut, **PROBLEMS})
def ask_extension(request: HttpRequest, id: Id, body: ExtensionIn) -> tuple[Literal[201], ExtensionRequest]:
    return 201, terms.ask_extension(_one(request, id), by=request.user, **body.dict())


@router.post("/{id}/extensions/{extension}/decide", response={200: ExtensionOut, **PROBLEMS})
def decide_extension(request: HttpRequest, id: Id, extension: Id, body: DecisionIn) -> ExtensionRequest:
    asked = get_object_or_404(_one(request, id).extensions, pk=extension)
    return terms.decide_extension(asked, by=request.user, grant=body.grant, reason=body.reason)
