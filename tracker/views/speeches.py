"""Speeches: the list, the reading view, the original as it came."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from django_filters.views import FilterView
from django_tables2 import SingleTableMixin

from speeches.highlight import marked, windows
from speeches.models import Speech
from tracker import corrections, desk, redating, workflow
from tracker.filters import SpeechFilter
from tracker.forms.upload import SpeechForm
from tracker.rules import looks_on, visible_speeches
from tracker.tables.speeches import SpeechTable, with_counts
from tracker.views.lists import whole
from tracker.views.upload import original

MOST_MONTHS = 60
FIELDS = SpeechForm.Meta.fields


class Speeches(PermissionRequiredMixin, SingleTableMixin, FilterView):
    """Every speech that the user may read, sorted, filtered and paged in the database."""

    permission_required = "speeches.view_speech"
    raise_exception = True
    template_name = "speeches/list.html"
    table_class = SpeechTable
    filterset_class = SpeechFilter
    paginate_by = 50
    strict = False

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        may_upload = self.request.user.has_perm("speeches.add_speech")
        return super().get_context_data(may_upload=may_upload, **kwargs)

    def get_queryset(self) -> QuerySet[Speech]:
        speeches = visible_speeches(self.request.user).defer("text").select_related("added_by")
        return with_counts(speeches)


def page_of(request: HttpRequest, pages: list[tuple[int, int]]) -> int:
    """The page of a long text that is asked for, from 1; the first where the number makes no sense."""
    asked = whole(request.GET.get("page"))
    return asked if asked and asked <= len(pages) else 1


@require_GET
def speech(request: HttpRequest, pk: int) -> HttpResponse:
    """The reading view: the text with what was found in it marked in place, and its fields beside it.

    A liaison reads which commitments charge their own units; the findings themselves are the office's business.
    """
    found = get_object_or_404(visible_speeches(request.user).select_related("source", "added_by"), pk=pk)
    cards = desk.cards(found) if looks_on(request.user) else desk.cards_of_commitments(found, request.user)
    pages = windows(found.text, [card.start for card in cards])
    number = page_of(request, pages)
    start, end = pages[number - 1]
    here = [card for card in cards if start <= card.start < end]
    context = {
        "speech": found,
        "may_review": request.user.has_perm("tracker.review_finding"),
        "siblings": siblings(found, request.user),
        "text": marked(found.text, [card.mark for card in here], start=start, end=end),
        "cards": here,
        "count": len(cards),
        "page": number,
        "pages": range(1, len(pages) + 1),
    }
    return render(request, "speeches/speech.html", context)


def siblings(speech: Speech, user: Any) -> list[Speech]:
    """The speeches of the same file that ``user`` may read, in order; none where it is the only one."""
    if not speech.source_id:
        return []
    rows = visible_speeches(user).filter(source=speech.source_id)
    found = list(rows.only("title", "number").order_by("number"))
    return found if len(found) > 1 else []


@permission_required("tracker.view_reports", raise_exception=True)
@require_GET
def accuracy(request: HttpRequest) -> HttpResponse:
    """How well the extractor reads this office's own speeches, month by month."""
    return render(request, "speeches/accuracy.html", {"months": corrections.accuracy()[:MOST_MONTHS]})


@require_GET
def speech_original(request: HttpRequest, pk: int) -> FileResponse:
    """The file as it was uploaded, byte for byte, for those who look over the whole of it."""
    found = get_object_or_404(visible_speeches(request.user).select_related("source"), pk=pk)
    if found.source is None or not looks_on(request.user):
        raise Http404
    return original(found.source)


@permission_required("speeches.change_speech", raise_exception=True)
def speech_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct what is known of a speech. Where its day moves confirmed deadlines, the user chooses which first."""
    found = get_object_or_404(visible_speeches(request.user), pk=pk)
    form = SpeechForm(request.POST or None, instance=Speech(**{name: getattr(found, name) for name in FIELDS}))
    moving: list[redating.Shift] = []
    if request.method == "POST" and form.is_valid():
        moving = redating.shifts(found, form.cleaned_data["delivered_on"])
        if not moving or request.POST.get("decided") == str(form.cleaned_data["delivered_on"]):
            return _corrected(request, found, form)
    version = request.POST.get("version") or found.version
    context = {"speech": found, "form": form, "moving": moving, "version": version}
    return render(request, "speeches/edit.html", context, status=422 if form.errors else 200)


def _corrected(request: HttpRequest, found: Speech, form: SpeechForm) -> HttpResponse:
    move = {pk for pk in map(whole, request.POST.getlist("move")) if pk is not None}
    version = whole(request.POST.get("version")) or 0
    try:
        findings, commitments = redating.correct(
            found, by=request.user, version=version, move=move, **form.cleaned_data
        )
    except workflow.Stale as stale:
        messages.error(request, " ".join(stale.messages))
        return redirect("speech_edit", found.pk)
    if findings or commitments:
        messages.success(
            request,
            _("Corrected. %(findings)d findings and %(commitments)d items of the ledger have a new last day.")
            % {"findings": findings, "commitments": commitments},
        )
    else:
        messages.success(request, _("Corrected."))
    return redirect("speech", found.pk)
