"""One item's page, and entering or correcting an item."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from tracker import intake, ledger, workflow
from tracker.forms.commitments import (
    CommitmentForm,
    Meanwhile,
    NewCommitmentForm,
    TargetFormSet,
    meanwhile,
    over,
    targets_of,
)
from tracker.lights import light, time_gone
from tracker.models import Commitment, Target
from tracker.rules import visible_assignments, visible_commitments

# A monthly duty of twenty townships has so many assignments in two years.
MOST_SHOWN = 500


def _item(request: HttpRequest, number: str) -> Commitment:
    """The item of that number that the user may see; 404 for any other."""
    visible = visible_commitments(request.user).select_related("speech", "leader", "entered_by")
    item = get_object_or_404(visible, number=number)
    item.seen_by = request.user.pk
    return item


def commitment(request: HttpRequest, number: str) -> HttpResponse:
    """One item: where it was said, what it asks, who owes it and how it stands."""
    item = _item(request, number)
    today = timezone.localdate()
    owed = visible_assignments(request.user, item.assignments.select_related("unit", "via", "handed_from__unit"))
    owed = list(owed.prefetch_related("extensions", "milestones")[:MOST_SHOWN])
    for assignment in owed:
        assignment.commitment = item
        assignment.light = light(assignment, today, progress=assignment.progress)
        assignment.gone = time_gone(assignment, today)
        assignment.next = ledger.next_step(assignment)
    context = {
        "commitment": item,
        "assignments": owed,
        "standing": ledger.standing_of(owed),
        "targets": ledger.measured_targets(item, owed),
        "passage": ledger.passage(item),
        "may_change": request.user.has_perm("tracker.change_commitment", item),
    }
    return render(request, "tracker/commitment.html", context)


def new(request: HttpRequest) -> HttpResponse:
    """立项 by hand: what no speech said, or what was said where nobody wrote it down."""
    if not request.user.has_perm("tracker.add_commitment"):
        raise PermissionDenied
    form = NewCommitmentForm(request.POST or None)
    targets = TargetFormSet(request.POST or None, queryset=Target.objects.none(), prefix="targets")
    if request.method == "POST" and form.is_valid() and targets.is_valid():
        try:
            item = intake.enter_once(form.draft(targets_of(targets)), by=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Entered as %(number)s.") % {"number": item.number})
            return redirect("commitment", item.number)
    context = {"form": form, "targets": targets}
    return render(request, "tracker/commitment_form.html", context, status=422 if form.is_bound else 200)


def edit(request: HttpRequest, number: str) -> HttpResponse:
    """Correct an item; whoever saves second is told that it has changed."""
    item = _item(request, number)
    if not request.user.has_perm("tracker.change_commitment", item):
        raise PermissionDenied
    targets = TargetFormSet(request.POST or None, queryset=item.targets.all(), prefix="targets")
    form = CommitmentForm(request.POST or None, instance=item)
    there: Meanwhile | None = None
    if request.method == "POST" and form.is_valid():
        try:
            # Before the numbers are judged: one of them may have been taken out meanwhile.
            if form.cleaned_data["version"] != item.version:
                raise workflow.Stale("")
            if targets.is_valid():
                return _corrected(request, item, form, targets_of(targets))
        except workflow.Stale:
            item = _item(request, number)
            there = meanwhile(form, targets, item)
            form, targets = over(form, targets, item)
        except ValidationError as error:
            field = getattr(error, "field", None)
            form.add_error(field if field in form.fields else None, error)
    context = {"form": form, "targets": targets, "commitment": item, "there": there}
    status = 409 if there else 422 if form.is_bound else 200
    return render(request, "tracker/commitment_form.html", context, status=status)


def _corrected(request: HttpRequest, item: Commitment, form: CommitmentForm, targets: list[Target]) -> HttpResponse:
    version = form.cleaned_data["version"]
    ledger.correct(item, by=request.user, version=version, targets=targets, **form.corrections())
    messages.success(request, _("The correction is saved."))
    return redirect("commitment", item.number)
