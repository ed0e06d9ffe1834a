"""What the office hands in: scores, bulletins, supervision notices and the other papers, as the pages make them."""

import datetime as dt
from typing import Any, Literal

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router
from ninja.pagination import paginate

from speeches.models import Speech
from tracker import export, rules, scoring
from tracker.api.paging import ById
from tracker.api.schemas import (
    PROBLEMS,
    BulletinIn,
    BulletinOut,
    Day,
    Id,
    NoticeIn,
    NoticeOut,
    ScoredItem,
    ScoreOut,
)
from tracker.models import Assignment, Bulletin, SupervisionNotice, Unit
from tracker.reports import breakdown, bulletin_paper, bulletins, ledger, notices, office, pledge, templates
from tracker.units import subtree_ids

router = Router()
# An operation that answers with a file: docx or xlsx.
FILE: dict[int, Any] = {200: None, **PROBLEMS}


def _may_look(request: HttpRequest) -> None:
    if not request.user.has_perm("tracker.view_reports"):
        raise PermissionDenied


def _period(start: dt.date | None, end: dt.date | None) -> tuple[dt.date, dt.date]:
    """The days that count, both included; the year so far where none are given."""
    last = min(end or timezone.localdate(), timezone.localdate())
    first = start or last.replace(month=1, day=1)
    if first > last:
        raise ValidationError({"start": _("The period ends before it begins.")})
    if (last - first).days > scoring.MOST_MONTHS * 31:
        raise ValidationError({"start": _("Score at most two years at a time.")})
    return first, last


def _told(score: scoring.Score) -> dict[str, Any]:
    points = {kind: float(value) for kind, value in score.points.items()}
    return {"times": score.times, "points": points, "total": float(score.total)}


@router.get("/scores", response={200: list[ScoreOut], **PROBLEMS})
def scores(request: HttpRequest, start: Day | None = None, end: Day | None = None) -> list[dict[str, Any]]:
    """考核评分 of every unit from ``start`` to ``end`` (this year so far), by the office's rule, the best first."""
    _may_look(request)
    first, last = _period(start, end)
    return [
        {"unit": row.subject.pk, "unit_name": row.subject.name, "rank": row.rank, "items": row.items, **_told(row)}
        for row in scoring.scores(request.user, first, last, scoring.rule())
    ]


@router.get("/scores/{unit}", response={200: list[ScoredItem], **PROBLEMS})
def score(request: HttpRequest, unit: Id, start: Day | None = None, end: Day | None = None) -> list[dict[str, Any]]:
    """Each item that gained or lost the unit points, and what for."""
    _may_look(request)
    first, last = _period(start, end)
    rows = scoring.trace(request.user, get_object_or_404(Unit, pk=unit), first, last, scoring.rule())
    return [
        {"assignment": row.subject.pk, "commitment_number": row.subject.commitment.number, **_told(row)} for row in rows
    ]


@router.get("/bulletins", response={200: list[BulletinOut], **PROBLEMS})
@paginate(ById)
def issued_bulletins(request: HttpRequest) -> Any:
    _may_look(request)
    return Bulletin.objects.defer("snapshot")


@router.post("/bulletins", response={201: BulletinOut, **PROBLEMS})
def issue_bulletin(request: HttpRequest, body: BulletinIn) -> tuple[int, Bulletin]:
    """Issue a 督查通报 under the year's next number; its figures are frozen as they are now."""
    return 201, bulletins.issue(by=request.user, **body.dict() | {"title": body.title.strip()})


@router.get("/bulletins/{id}/file", response=FILE)
def bulletin_file(request: HttpRequest, id: Id) -> HttpResponse:
    """The bulletin as it was issued (docx)."""
    _may_look(request)
    row = get_object_or_404(Bulletin, pk=id)
    data = templates.make(bulletin_paper.PAPER, bulletin_paper.context_of(row))
    return export.file(data, f"{row.title}.docx", export.DOCX_TYPE)


@router.get("/notices", response={200: list[NoticeOut], **PROBLEMS})
@paginate(ById)
def issued_notices(request: HttpRequest) -> Any:
    _may_look(request)
    return SupervisionNotice.objects.filter(assignment__in=rules.visible_assignments(request.user))


@router.post("/notices", response={201: list[NoticeOut], **PROBLEMS})
def issue_notices(request: HttpRequest, body: NoticeIn) -> tuple[int, list[SupervisionNotice]]:
    """督办单: one for each assignment, in the colour of its light today. Issued twice on one day it is the same."""
    _may_look(request)
    rows = list(rules.visible_assignments(request.user).filter(pk__in=body.assignments))
    if missing := set(body.assignments) - {row.pk for row in rows}:
        raise ValidationError({"assignments": _("There is no assignment with the id %(id)s.") % {"id": min(missing)}})
    day = timezone.localdate()
    answer_by = body.answer_by or notices.answer_day(day)
    return 201, notices.issue(rows, by=request.user, day=day, answer_by=answer_by, request=body.request)


@router.get("/notices/{id}/file", response=FILE)
def notice_file(request: HttpRequest, id: Id) -> HttpResponse:
    """The notice as it was issued (docx)."""
    _may_look(request)
    seen = SupervisionNotice.objects.filter(assignment__in=rules.visible_assignments(request.user))
    row = get_object_or_404(seen, pk=id)
    return export.file(templates.make(notices.PAPER, notices.context([row])), f"{row}.docx", export.DOCX_TYPE)


@router.get("/breakdown/{speech}", response=FILE)
def breakdown_file(request: HttpRequest, speech: Id, format: Literal["docx", "xlsx"] = "docx") -> HttpResponse:
    """任务分解表 of a speech."""
    _may_look(request)
    row = get_object_or_404(rules.visible_speeches(request.user, Speech.objects.all()), pk=speech)
    seen = rules.visible_commitments(request.user, row.commitments.all())
    filled = breakdown.context(row, seen, issued_by=office.issuer(request.user))
    if not filled["count"]:
        raise ValidationError(_("Nothing of this speech is in the ledger yet. Review it first."))
    if format == "xlsx":
        return export.file(breakdown.xlsx(filled), f"{row.title}任务分解表.xlsx", export.XLSX_TYPE)
    return export.file(templates.make(breakdown.PAPER, filled), f"{row.title}任务分解表.docx", export.DOCX_TYPE)


@router.get("/ledger", response=FILE)
def ledger_file(request: HttpRequest, as_of: Day | None = None, unit: Id | None = None) -> HttpResponse:
    """督办台账 (xlsx) as of a day (today), of a unit with those below it."""
    _may_look(request)
    day = as_of or timezone.localdate()
    rows = rules.visible_assignments(request.user, Assignment.objects.filter(commitment__entered_on__lte=day))
    if unit is not None:
        rows = rows.filter(unit__in=subtree_ids([get_object_or_404(Unit, pk=unit)]))
    data = ledger.xlsx(ledger.rows(rows, day), day, issued_by=office.issuer(request.user))
    return export.file(data, f"督办台账{day:%Y%m%d}.xlsx", export.XLSX_TYPE)


@router.get("/pledge/{unit}/{year}", response=FILE)
def pledge_file(request: HttpRequest, unit: Id, year: Id) -> HttpResponse:
    """责任状 of a unit for a year (docx)."""
    _may_look(request)
    if not 1950 <= year <= 2200:
        raise ValidationError(_("This unit owes nothing in this year."))
    row = get_object_or_404(Unit, pk=unit)
    seen = rules.visible_assignments(request.user)
    filled = pledge.context(seen, row, year, issued_by=office.issuer(request.user))
    if not filled["count"]:
        raise ValidationError(_("This unit owes nothing in this year."))
    return export.file(templates.make(pledge.PAPER, filled), f"{row.name}{year}年度责任状.docx", export.DOCX_TYPE)
