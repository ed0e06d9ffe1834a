"""The calendar: a month, a timeline by unit, and secret addresses for other calendar programs."""

import datetime as dt

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tracker import calendars
from tracker.lights import with_light
from tracker.models import Assignment, CalendarFeed, Unit
from tracker.paging import BoundedPaginator
from tracker.rules import LOOKING, Role, scope, visible_assignments
from tracker.units import subtree_ids


class UnitChoice(forms.Form):
    """The unit that a page is narrowed to, of those that the user reaches."""

    unit = forms.ModelChoiceField(Unit.objects.none(), required=False, empty_label=_("All units"))

    def __init__(self, *args, user, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        reached = scope(user).reach(*LOOKING, Role.LIAISON)
        self.fields["unit"].queryset = Unit.objects.filter(pk__in=reached, is_active=True).exclude(kind=Unit.Kind.GROUP)
        self.fields["unit"].label = _("Unit")

    @property
    def chosen(self) -> Unit | None:
        return self.cleaned_data.get("unit") if self.is_valid() else None


def _shown(request: HttpRequest, form: UnitChoice):
    rows = visible_assignments(request.user).exclude(state=Assignment.State.WITHDRAWN)
    return rows.filter(unit__in=subtree_ids([form.chosen])) if form.chosen else rows


def _around(first: dt.date) -> dict[str, dt.date]:
    return {
        "previous": (first - dt.timedelta(days=1)).replace(day=1),
        "next": (first + dt.timedelta(days=32)).replace(day=1),
    }


def month(request: HttpRequest) -> HttpResponse:
    form = UnitChoice(request.GET or None, user=request.user)
    first = calendars.first_of(request.GET.get("month"))
    weeks = calendars.month(_shown(request, form), first, timezone.localdate())
    return render(
        request,
        "tracker/calendar.html",
        {"form": form, "first": first, "weeks": weeks, "view": "month", **_around(first)},
    )


def timeline(request: HttpRequest) -> HttpResponse:
    """Six months of assignments as bars, by unit, from the month before the chosen one."""
    form = UnitChoice(request.GET or None, user=request.user)
    first = calendars.first_of(request.GET.get("month"))
    start = _around(first)["previous"]
    months = [start]
    while len(months) < 6:
        months.append(_around(months[-1])["next"])
    last = _around(months[-1])["next"] - dt.timedelta(days=1)
    rows = _shown(request, form).filter(begins_on__lte=last, deadline__gte=start)
    order = (F("unit__position").asc(nulls_first=True), "unit__name", "deadline", "pk")
    today = timezone.localdate()
    # Sorted by their ids alone; only what the page shows is read whole.
    page = BoundedPaginator(rows.order_by(*order).values_list("pk", flat=True), 60).get_page(request.GET.get("page"))
    shown = with_light(Assignment.objects.filter(pk__in=list(page.object_list)), today).order_by(*order)
    context = {
        "form": form, "first": first, "view": "timeline", "page": page,
        "bars": calendars.bars(shown.select_related("commitment", "unit"), start, last),
        "today_x": calendars.today_mark(today, start, last),
        "months": [(month, calendars.today_mark(month, start, last)) for month in months],
        **_around(first),
    }  # fmt: skip
    return render(request, "tracker/gantt.html", context)


def feeds(request: HttpRequest) -> HttpResponse:
    """The user's secret addresses: which there are, a new one, and revoking one."""
    form = UnitChoice(user=request.user)
    secret = request.session.pop("new_feed", None)
    address = request.build_absolute_uri(reverse("calendar_feed", args=[secret])) if secret else None
    mine = request.user.feeds.select_related("unit")
    return render(request, "tracker/feeds.html", {"form": form, "feeds": mine, "address": address})


@require_POST
def feed_renew(request: HttpRequest) -> HttpResponse:
    form = UnitChoice(request.POST, user=request.user)
    if not form.is_valid():
        messages.error(request, _("Choose one of your units."))
    else:
        request.session["new_feed"] = CalendarFeed.renew(request.user, form.chosen)
    return redirect("calendar_feeds")


@require_POST
def feed_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    request.user.feeds.filter(pk=pk).delete()
    messages.success(request, _("The address no longer works."))
    return redirect("calendar_feeds")


@login_not_required
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """What the owner of the secret may see today, as iCalendar. A calendar program cannot sign in."""
    found = (
        CalendarFeed.objects.select_related("user", "unit")
        .filter(secret_hash=CalendarFeed.hashed(secret), user__is_active=True)
        .first()
    )
    if found is None:
        raise Http404
    rows = visible_assignments(found.user)
    if found.unit:
        rows = rows.filter(unit__in=subtree_ids([found.unit]))
    CalendarFeed.objects.filter(pk=found.pk).update(last_read_at=timezone.now())
    name = _("Luoshi: %(whose)s") % {"whose": found.unit.name if found.unit else found.user.name}
    body = calendars.feed(
        rows, name=name, address=request.build_absolute_uri("/").rstrip("/"), today=timezone.localdate()
    )
    return HttpResponse(
        body,
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": 'inline; filename="luoshi.ics"', "Cache-Control": "private, no-store"},
    )
