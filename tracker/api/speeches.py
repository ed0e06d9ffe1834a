"""Speeches, and the review of what was read out of them."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Prefetch
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import File, Form, Router
from ninja.files import UploadedFile
from ninja.pagination import paginate

from speeches import upload
from speeches.models import Finding, Speech
from speeches.readers import ReadError
from tracker import ingest, intake
from tracker.api.commitments import shown
from tracker.api.paging import ById
from tracker.api.schemas import (
    PROBLEMS,
    CommitmentDetail,
    Day,
    FindingOut,
    Id,
    SpeechIn,
    SpeechOut,
    SpeechText,
    StepIn,
)
from tracker.models import Commitment, Review
from tracker.rules import visible_speeches

router = Router()
findings = Router()


@router.get("", response={200: list[SpeechOut], **PROBLEMS})
@paginate(ById)
def speeches(request: HttpRequest) -> Any:
    return visible_speeches(request.user).defer("text")


@router.post("", response={201: SpeechOut, **PROBLEMS})
def add(request: HttpRequest, body: SpeechIn) -> Any:
    """Store one speech given as text, and read its commitments out."""
    if not request.user.has_perm("speeches.add_speech"):
        raise PermissionDenied
    if why := upload.date_problem(body.delivered_on, today=timezone.localdate()):
        raise ValidationError({"delivered_on": why})
    [speech] = upload.save([upload.SpeechDraft(**body.dict())], by=request.user)
    return 201, speech


@router.post("/file", response={201: list[SpeechOut], **PROBLEMS})
def add_file(
    request: HttpRequest, file: File[UploadedFile], delivered_on: Form[Day | None] = None
) -> tuple[int, list[Speech]]:
    """Store a file (multipart) with one or several speeches; ``delivered_on`` is for those that state no date."""
    if not request.user.has_perm("speeches.add_speech"):
        raise PermissionDenied
    if problem := ingest.size_problem(file.size or 0):
        upload.record_refusal(file.chunks(), name=file.name or "", error=problem, by=request.user)
        raise ValidationError({"file": _(ReadError.CODES[problem.code]) % problem.params})
    data = file.read()
    outcome = ingest.ingest(data, name=file.name or "", delivered_on=delivered_on, by=request.user)
    if outcome.state == "failed":
        raise ValidationError({"file": outcome.reason})
    speeches = upload.stored(data)
    if outcome.state == "known":
        raise upload.AlreadyStored(speeches)
    return 201, speeches


@router.get("/{id}", response={200: SpeechText, **PROBLEMS})
def speech(request: HttpRequest, id: Id) -> Speech:
    return get_object_or_404(visible_speeches(request.user), pk=id)


@router.get("/{id}/findings", response={200: list[FindingOut], **PROBLEMS})
@paginate(ById)
def speech_findings(request: HttpRequest, id: Id) -> Any:
    """What was read out of the speech; ``start`` and ``end`` are character offsets in its text."""
    if not request.user.has_perm("tracker.review_finding"):
        raise PermissionDenied
    get_object_or_404(visible_speeches(request.user), pk=id)
    standing = Prefetch("reviews", Review.objects.filter(undone_at=None), to_attr="standing")
    return Finding.objects.filter(speech=id).prefetch_related(standing)


def _finding(request: HttpRequest, id: int) -> Finding:
    if not request.user.has_perm("tracker.review_finding"):
        raise PermissionDenied
    rows = Finding.objects.filter(speech__in=visible_speeches(request.user)).select_related("speech")
    return get_object_or_404(rows, pk=id)


@findings.post("/{id}/confirm", response={201: CommitmentDetail, **PROBLEMS})
def confirm(request: HttpRequest, id: Id) -> tuple[int, Commitment]:
    """Enter the finding into the ledger as it was read."""
    commitment = intake.confirm(_finding(request, id), by=request.user)
    return 201, shown(request, commitment.number)


@findings.post("/{id}/dismiss", response={200: FindingOut, **PROBLEMS})
def dismiss(request: HttpRequest, id: Id, body: StepIn) -> Finding:
    finding = _finding(request, id)
    finding.standing = [intake.dismiss(finding, by=request.user, note=body.note[:300])]
    return finding


@findings.post("/{id}/undo", response={200: FindingOut, **PROBLEMS})
def undo(request: HttpRequest, id: Id) -> Finding:
    """Take the standing decision back."""
    finding = _finding(request, id)
    intake.undo(get_object_or_404(finding.reviews, undone_at=None), by=request.user)
    return finding
