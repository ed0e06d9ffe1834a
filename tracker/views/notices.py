"""督办单: choose, issue, and take out again as it was issued."""

from typing import Any

from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from tracker import export, rules
from tracker.models import SupervisionNotice
from tracker.paging import BoundedPaginator
from tracker.reports import notices, templates
from tracker.reports.forms import CandidateForm, NoticeForm

may_view = permission_required("tracker.view_reports", raise_exception=True)
_FILE_NAME = "督办单"


def _visible(request: HttpRequest) -> QuerySet[SupervisionNotice]:
    """The notices about assignments that the user may see."""
    return SupervisionNotice.objects.filter(assignment__in=rules.visible_assignments(request.user))


def _docx(found: list[SupervisionNotice]) -> HttpResponse:
    name = f"{found[0]}" if len(found) == 1 else f"{_FILE_NAME}{found[0].issued_on:%Y%m%d}（{len(found)}份）"
    data = templates.make(notices.PAPER, notices.context(found))
    return export.file(data, f"{name}.docx", export.DOCX_TYPE)


@permission_required("tracker.view_reports", raise_exception=True)
def supervision_notices(request: HttpRequest) -> HttpResponse:
    """Candidates to issue a notice about, and those issued; issuing answers with the papers in one file."""
    day = timezone.localdate()
    form = NoticeForm(user=request.user, initial={"answer_by": notices.answer_day(day)})
    if request.method == "POST":
        form = NoticeForm(request.POST, user=request.user)
        if form.is_valid():
            try:
                made = notices.issue(
                    form.cleaned_data["assignments"],
                    by=request.user,
                    day=day,
                    answer_by=form.cleaned_data["answer_by"],
                    request=form.cleaned_data["request"],
                )
            except ValidationError as error:
                form.add_error(None, error)
            else:
                return _docx(made)
    return render(
        request,
        "tracker/reports/notices.html",
        {**_lists(request), "form": form, "tab": "notices", "limit": notices.MOST_AT_ONCE},
        status=422 if form.errors else 200,
    )


def _lists(request: HttpRequest) -> dict[str, Any]:
    day = timezone.localdate()
    choice = CandidateForm(request.GET or None, user=request.user)
    chosen = choice.cleaned_data if choice.is_valid() else {}
    found = notices.candidates(rules.visible_assignments(request.user), day)
    if chosen.get("colour"):
        found = found.filter(light=chosen["colour"])
    if chosen.get("unit"):
        found = found.filter(unit=chosen["unit"])
    return {
        "choice": choice,
        "candidates": BoundedPaginator(found, 50).get_page(request.GET.get("page")),
        "issued": _visible(request).select_related("assignment__unit", "assignment__commitment")[:30],
    }


@require_GET
@may_view
def supervision_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """One notice as it was issued."""
    found = _visible(request).filter(pk=pk).first()
    if found is None:
        raise Http404(_("There is no such notice."))
    return _docx([found])
