"""督查通报: list, prepare, look at, issue, and take out as it was issued."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tracker import export
from tracker.lights import Light
from tracker.models import Bulletin
from tracker.reports import bulletin_paper, bulletins, office, templates
from tracker.reports.forms import BulletinForm

may_view = permission_required("tracker.view_reports", raise_exception=True)
may_issue = permission_required("tracker.issue_bulletin", raise_exception=True)


@require_GET
@may_view
def bulletin_list(request: HttpRequest) -> HttpResponse:
    found = Bulletin.objects.select_related("issued_by").defer("snapshot", "comment")
    page = Paginator(found, 50).get_page(request.GET.get("page"))
    return render(request, "tracker/reports/bulletins.html", {"bulletins": page, "tab": "bulletins"})


def _shown(figures: dict[str, Any]) -> dict[str, Any]:
    """The figures as the page shows them: each unit with its bar, a deadline as a day."""
    units = []
    for unit in figures["units"]:
        at, parts = 0, []
        for light, cells in bulletins.bar(unit):
            width = cells * 100 // bulletins.BAR_CELLS
            parts.append({"light": light, "x": at, "width": width, "count": unit[light], "label": Light(light).label})
            at += width
        units.append({**unit, "bar": parts})
    late = [{**row, "deadline": dt.date.fromisoformat(row["deadline"])} for row in figures["overdue"]]
    return {**figures, "units": units, "overdue": late}


@require_http_methods(["GET", "POST"])
@may_issue
def prepare(request: HttpRequest) -> HttpResponse:
    """The form with a preview of its figures; posting it issues the bulletin."""
    sent = request.POST if request.method == "POST" else request.GET if "end" in request.GET else None
    form = BulletinForm(sent, initial=BulletinForm.proposal(timezone.localdate()))
    figures = None
    if sent is not None and form.is_valid():
        chosen = form.cleaned_data
        if request.method == "POST":
            try:
                made = bulletins.issue(by=request.user, seen=request.POST.get("seen", ""), **chosen)
            except ValidationError as error:
                form.add_error(None, error)
            else:
                messages.success(request, _("The bulletin has been issued."))
                return redirect("bulletin", pk=made.pk)
        figures = bulletins.snapshot(request.user, chosen["start"], chosen["end"])
    context = {
        "form": form,
        "figures": _shown(figures) if figures else None,
        "seen": bulletins.digest(figures) if figures else "",
        "tab": "bulletins",
    }
    return render(request, "tracker/reports/bulletin_prepare.html", context, status=422 if form.errors else 200)


@require_GET
@may_issue
def draft(request: HttpRequest) -> HttpResponse:
    """The paper as it would be, without a number (征求意见稿)."""
    form = BulletinForm(request.GET)
    if not form.is_valid():
        return redirect(f"{request.path.removesuffix('draft/')}new/?{request.GET.urlencode()}")
    figures = bulletins.snapshot(request.user, form.cleaned_data["start"], form.cleaned_data["end"])
    filled = bulletin_paper.context(
        figures, **form.cleaned_data, issuer=office.issuer(request.user), number="", issued_on=None
    )
    data = templates.make(bulletin_paper.PAPER, filled)
    return export.file(data, f"{form.cleaned_data['title']}（征求意见稿）.docx", export.DOCX_TYPE)


@require_GET
@may_view
def bulletin(request: HttpRequest, pk: int) -> HttpResponse:
    """A bulletin as it was issued."""
    row = get_object_or_404(Bulletin.objects.select_related("issued_by"), pk=pk)
    context = {"bulletin": row, "figures": _shown(row.snapshot), "tab": "bulletins"}
    return render(request, "tracker/reports/bulletin.html", context)


@require_GET
@may_view
def bulletin_file(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(Bulletin, pk=pk)
    data = templates.make(bulletin_paper.PAPER, bulletin_paper.context_of(row))
    return export.file(data, f"{row.title}（{row.year}年第{row.serial}期）.docx", export.DOCX_TYPE)
