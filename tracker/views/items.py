"""What is done to an item as a whole: charging units, an instruction, taking it out, bringing it back, its export."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tracker import export, instructions, ledger, timeline, workflow
from tracker.forms.assigning import AssignForm
from tracker.forms.items import InstructionForm, RemoveForm
from tracker.models import Commitment
from tracker.paging import BoundedPaginator
from tracker.rules import restorable_commitments, visible_commitments

PAGE = 50


def _item(request: HttpRequest, number: str, permission: str) -> Commitment:
    """The item that the user may see (404) and do this to (403)."""
    item = get_object_or_404(visible_commitments(request.user), number=number)
    if not request.user.has_perm(permission, item):
        raise PermissionDenied
    return item


@require_http_methods(["GET", "POST"])
def assign(request: HttpRequest, number: str) -> HttpResponse:
    """交办: charge units, each in its part and by its day."""
    item = _item(request, number, "tracker.assign_commitment")
    form = AssignForm(request.POST if request.method == "POST" else None, commitment=item, user=request.user)
    if form.is_bound and form.is_valid():
        try:
            made = form.take()
        except workflow.Refused as error:
            form.add_error(None, error)
        else:
            names = "、".join(dict.fromkeys(row.unit.name for row in made))
            messages.success(request, _("Assigned to: %(units)s.") % {"units": names})
            return redirect("commitment", item.number)
    charged = item.assignments.filter(deleted_at=None, unit__isnull=False).select_related("unit").order_by("role", "pk")
    names = list(dict.fromkeys(f"{row.unit.name}（{row.get_role_display()}）" for row in charged))
    return render(request, "tracker/assign.html", {"commitment": item, "form": form, "charged": names})


@require_http_methods(["GET", "POST"])
def instruct(request: HttpRequest, number: str) -> HttpResponse:
    """批示: a leader writes on an item, and its units hear of it."""
    item = _item(request, number, "tracker.instruct_commitment")
    form = InstructionForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        instructions.instruct(item, by=request.user, text=form.cleaned_data["text"])
        messages.success(request, _("Your instruction stands on the item, and its units have been told."))
        return redirect("commitment", item.number)
    context = {
        "form": form,
        "commitment": item,
        "title": _("Write an instruction"),
        "explanation": _("Everybody who sees the item reads it. The liaisons of its units are told at once."),
    }
    return render(request, "tracker/item_form.html", context)


@require_http_methods(["GET", "POST"])
def remove(request: HttpRequest, number: str) -> HttpResponse:
    """Take an item out of the ledger, for a reason; it can be brought back."""
    item = _item(request, number, "tracker.delete_commitment")
    form = RemoveForm(request.POST if request.method == "POST" else None, initial={"version": item.version})
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        try:
            ledger.remove(item, by=request.user, reason=given["reason"], version=given["version"])
        except workflow.Refused as error:
            form = RemoveForm({"reason": given["reason"], "version": item.version})
            form.add_error(None, error)
        else:
            messages.success(request, _("%(number)s is out of the ledger.") % {"number": item.number})
            return redirect("removed")
    context = {
        "form": form,
        "commitment": item,
        "title": _("Take out of the ledger"),
        "explanation": _("For what should not be there at all. What is no longer owed is withdrawn instead."),
    }
    return render(request, "tracker/item_form.html", context)


@require_GET
def removed(request: HttpRequest) -> HttpResponse:
    """What was taken out of the ledger: by whom, when, why; each can be brought back."""
    if not request.user.has_perm("tracker.restore_commitment"):
        raise PermissionDenied
    page = BoundedPaginator(restorable_commitments(request.user), PAGE).get_page(request.GET.get("page"))
    taken = Commitment.history.filter(id__in=[row.pk for row in page], deleted_at__isnull=False)
    taken_out = {one.id: one for one in taken.select_related("history_user").order_by("history_id")}
    for row in page:
        row.taken_out = taken_out.get(row.pk)
    return render(request, "tracker/removed.html", {"page": page})


@require_POST
def restore(request: HttpRequest, number: str) -> HttpResponse:
    """Bring an item back into the ledger."""
    if not request.user.has_perm("tracker.restore_commitment"):
        raise PermissionDenied
    item = get_object_or_404(restorable_commitments(request.user), number=number)
    try:
        ledger.restore(item, by=request.user)
    except workflow.Refused as error:
        messages.error(request, " ".join(error.messages))
        return redirect("removed")
    messages.success(request, _("%(number)s is back in the ledger.") % {"number": item.number})
    return redirect("commitment", item.number)


HISTORY_COLUMNS = [
    export.Column("at", gettext_lazy("At"), lambda event: event.at),
    export.Column("what", gettext_lazy("What"), lambda event: event.what),
    export.Column("unit", gettext_lazy("Unit"), lambda event: event.unit and event.unit.name),
    export.Column("by", gettext_lazy("By"), lambda event: event.by and str(event.by)),
    export.Column("from", gettext_lazy("From"), lambda event: event.was),
    export.Column("to", gettext_lazy("To"), lambda event: event.now),
    export.Column("text", gettext_lazy("Text"), lambda event: event.text),
    export.Column("door", gettext_lazy("Through"), lambda event: event.origin_label and str(event.origin_label)),
    export.Column(
        "progress", gettext_lazy("Progress in percent"), lambda event: event.update.progress if event.update else None
    ),
]


@require_GET
def history_file(request: HttpRequest, number: str, format: str) -> HttpResponse:
    """Everything that happened to an item, as a file."""
    if format not in export.FORMATS:
        raise Http404
    item = get_object_or_404(visible_commitments(request.user), number=number)
    events = timeline.timeline(item, user=request.user, limit=timeline.MOST_EXPORTED)
    return export.download(events[::-1], HISTORY_COLUMNS, name=item.number, format=format)
