"""Who stands in for whom while they are away."""

import datetime as dt

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tracker.forms.items import DelegationForm
from tracker.models import Delegation, User
from tracker.people import manageable_users


def _absentees(user: User) -> QuerySet[User]:
    """Whose absence ``user`` may set: their own, and as an administrator that of the users they manage."""
    return User.objects.filter(Q(pk=user.pk) | Q(pk__in=manageable_users(user)), is_active=True)


@require_http_methods(["GET", "POST"])
def delegations(request: HttpRequest) -> HttpResponse:
    """The absences that concern the user, and setting one."""
    users = _absentees(request.user)
    form = DelegationForm(
        request.POST if request.method == "POST" else None,
        users=users,
        today=timezone.localdate(),
        initial={"absent": request.user},
    )
    if form.is_bound and form.is_valid():
        form.save()
        messages.success(request, _("Set. The substitute acts with these roles on these days."))
        return redirect("delegations")
    rows = Delegation.objects.filter(Q(absent__in=users) | Q(substitute=request.user)).select_related(
        "absent", "substitute"
    )
    mine = set(users.values_list("pk", flat=True))
    return render(request, "tracker/delegations.html", {"form": form, "rows": rows[:100], "mine": mine})


@require_POST
def delegation_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an absence back, or end it today."""
    row = get_object_or_404(Delegation.objects.filter(absent__in=_absentees(request.user)), pk=pk)
    today = timezone.localdate()
    if row.starts_on >= today:
        row.delete()
    elif row.ends_on >= today:
        row.ends_on = today - dt.timedelta(days=1)
        row.save(update_fields=["ends_on"])
    messages.success(request, _("Ended."))
    return redirect("delegations")
