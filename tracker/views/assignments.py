"""The steps of an assignment, its evidence, and what happened to an item."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tracker import evidence, timeline, workflow
from tracker.forms.steps import FORMS, StepForm
from tracker.models import Assignment, Evidence
from tracker.rules import visible_assignments, visible_commitments


@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    """One step of one assignment: what it asks for, and taking it."""
    if action not in FORMS:
        raise Http404
    assignment = get_object_or_404(
        visible_assignments(request.user).select_related("commitment", "unit", "handed_from"), pk=pk
    )
    if not request.user.has_perm(f"tracker.{action}", assignment):
        raise PermissionDenied
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = FORMS[action](*sent, assignment=assignment, user=request.user)
    seen: int | None = None
    if form.is_bound and form.is_valid():
        try:
            form.take()
        except workflow.Stale as error:
            seen = form.cleaned_data.get("version")
            form = _again(form, error)
        except workflow.Refused as error:
            form.add_error(error.field if error.field in form.fields else None, error)
        else:
            messages.success(request, _("%(step)s: done.") % {"step": form.title})
            return redirect("commitment", assignment.commitment.number)
    context = {
        "form": form,
        "assignment": form.assignment,
        "commitment": form.assignment.commitment,
        "possible": form.is_bound or (not form.impossible and workflow.may(request.user, action, form.assignment)),
        "meanwhile": timeline.steps_since(form.assignment, seen) if seen else [],
        "action": action,
    }
    return render(request, "tracker/step.html", context, status=409 if seen else 200)


def _again(form: StepForm, error: workflow.Stale) -> StepForm:
    """The same form with what was typed, over the assignment as it now is."""
    present = Assignment.objects.select_related("commitment", "unit", "handed_from").get(pk=form.assignment.pk)
    data = form.data.copy()
    data["version"] = present.version
    again = type(form)(data, assignment=present, user=form.user)
    again.full_clean()
    again.add_error(None, error)
    return again


@require_GET
def evidence_file(request: HttpRequest, pk: int) -> FileResponse:
    """A file of evidence: a photo to look at, anything else to download; a browser never runs or guesses it."""
    file = get_object_or_404(Evidence.objects.filter(update__assignment__in=visible_assignments(request.user)), pk=pk)
    image = file.media_type in evidence.IMAGES.values()
    response = FileResponse(file.file.open(), as_attachment=not image, filename=file.name, content_type=file.media_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, max-age=3600"
    return response


@require_GET
def history(request: HttpRequest, number: str) -> HttpResponse:
    """Everything that happened to an item, page by page."""
    commitment = get_object_or_404(visible_commitments(request.user), number=number)
    before = timeline.moment(request.GET.get("before", ""))
    events = timeline.timeline(commitment, user=request.user, before=before, limit=timeline.PAGE + 1)
    context: dict[str, Any] = {"commitment": commitment, "timeline": events[: timeline.PAGE]}
    if len(events) > timeline.PAGE:
        context["earlier"] = events[timeline.PAGE - 1].at.isoformat()
    return render(request, "tracker/history.html", context)
