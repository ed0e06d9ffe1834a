"""The inbox: what a person was reminded of; how they want to be reminded; what did not arrive."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import ValidationError
from django.core.paginator import Page, Paginator
from django.db import transaction
from django.db.models import Count, Max, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_POST

from tracker.forms.reminders import AddressForm, LanguageForm
from tracker.models import Channel, Delivery, Reminder, User
from tracker.reminders import outbox
from tracker.reminders.channels import Routes
from tracker.rules import visible_deliveries

PAGE = 30


def _page(request: HttpRequest, rows: QuerySet[Any]) -> Page:
    return Paginator(rows, PAGE).get_page(request.GET.get("page"))


def inbox(request: HttpRequest) -> HttpResponse:
    """Everything that was sent to this person, the newest first; ``?unread=1`` for what is still to be read."""
    only_unread = request.GET.get("unread") == "1"
    mine = request.user.reminders.all()
    rows = mine.filter(read_at=None) if only_unread else mine
    rows = rows.select_related("commitment", "sent_by").order_by("-sent_at", "-pk")
    newest = mine.aggregate(pk=Max("pk"))["pk"]
    context = {"page": _page(request, rows), "only_unread": only_unread, "newest": newest}
    if request.user.has_perm("tracker.settle_deliveries"):
        context["troubles"] = _troubles(request).count()
    return render(request, "tracker/inbox.html", context)


def inbox_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Read one, and go to its item."""
    row = get_object_or_404(request.user.reminders.select_related("commitment"), pk=pk)
    _mark(request.user.reminders.filter(pk=pk))
    return redirect("commitment", row.commitment.number)


@require_POST
def inbox_read(request: HttpRequest) -> HttpResponse:
    """Mark one as read, or all that stood there when the page was drawn."""
    form = ReadForm(request.POST)
    if form.is_valid():
        mine = request.user.reminders.all()
        if form.cleaned_data["one"]:
            mine = mine.filter(pk=form.cleaned_data["one"])
        elif form.cleaned_data["up_to"]:
            mine = mine.filter(pk__lte=form.cleaned_data["up_to"])
        else:
            mine = mine.none()
        _mark(mine)
    return redirect("inbox")


class ReadForm(forms.Form):
    one = forms.IntegerField(required=False, min_value=1)
    up_to = forms.IntegerField(required=False, min_value=1)


def _mark(rows: QuerySet[Reminder]) -> None:
    rows.filter(read_at=None).update(read_at=timezone.now())


@sensitive_post_parameters()
@sensitive_variables()
def settings(request: HttpRequest) -> HttpResponse:
    """Which channels reach this person, and in which language."""
    routes = Routes()
    data = request.POST or None
    language = LanguageForm(data, instance=User.objects.get(pk=request.user.pk))
    channels = [AddressForm(data, channel=channel, user=request.user, routes=routes) for channel in Channel.values]
    if request.method == "POST" and all(form.is_valid() for form in [language, *channels]):
        _save([language, *channels])
        messages.success(request, _("Saved."))
        return redirect("inbox_settings")
    usable = set(routes.channels(request.user))
    context = {"own": language, "channels": channels, "usable": usable}
    return render(request, "tracker/inbox_settings.html", context)


@transaction.atomic
def _save(changed: list[Any]) -> None:
    for form in changed:
        form.save()


@require_POST
def test(request: HttpRequest) -> HttpResponse:
    """Send a line by one channel, and say what came of it."""
    channel = request.POST.get("channel", "")
    try:
        if channel not in Channel.values:
            raise ValidationError(_("There is no such channel."))
        delivery = outbox.send_test(request.user, channel)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        name = Channel(channel).label
        if delivery.state == Delivery.State.SENT:
            messages.success(request, _("A test was sent by %(channel)s. Look whether it arrived.") % {"channel": name})
        else:
            messages.error(
                request,
                _("The test by %(channel)s did not go out: %(error)s") % {"channel": name, "error": delivery.error},
            )
    return redirect("inbox_settings")


class SettleForm(forms.Form):
    """What a person decides about deliveries that failed or may have arrived."""

    ACTIONS = {
        "retry": gettext_lazy("Send again"),
        "arrived": gettext_lazy("It arrived"),
        "give_up": gettext_lazy("Give up"),
    }
    action = forms.ChoiceField(choices=list(ACTIONS.items()))
    pk = forms.TypedMultipleChoiceField(coerce=int)

    def __init__(self, data: Any, rows: QuerySet[Delivery]) -> None:
        super().__init__(data)
        self.fields["pk"].choices = [(pk, pk) for pk in rows.values_list("pk", flat=True)]
        self.fields["pk"].error_messages["required"] = _("Choose at least one message.")
        self.fields["pk"].error_messages["invalid_choice"] = _("Somebody else has dealt with one of these. Look again.")


def _troubles(request: HttpRequest) -> QuerySet[Delivery]:
    return visible_deliveries(request.user, outbox.troubles())


@permission_required("tracker.settle_deliveries", raise_exception=True)
def failures(request: HttpRequest) -> HttpResponse:
    """What did not go out, or may not have arrived, with the decision about it."""
    rows = _troubles(request)
    form = None
    if request.method == "POST":
        form = SettleForm(request.POST, rows)
        if form.is_valid():
            _settle(request, form.cleaned_data["action"], rows.filter(pk__in=form.cleaned_data["pk"]))
            return redirect("reminder_failures")
        for errors in form.errors.values():
            messages.error(request, errors[0])
    shown = rows.select_related("message__recipient").annotate(items=Count("message__reminders"))
    context = {"page": _page(request, shown.order_by("-message__day", "-pk")), "actions": SettleForm.ACTIONS}
    return render(request, "tracker/reminder_failures.html", context, status=400 if form else 200)


def _settle(request: HttpRequest, action: str, rows: QuerySet[Delivery]) -> None:
    match action:
        case "retry":
            count = outbox.retry(rows, by=request.user)
            done = ngettext("%(count)d message goes out again.", "%(count)d messages go out again.", count)
        case "arrived":
            count = outbox.settle_as_arrived(rows, by=request.user)
            done = ngettext("%(count)d message counts as sent.", "%(count)d messages count as sent.", count)
        case _:
            count = outbox.give_up(rows, by=request.user)
            done = ngettext("%(count)d message was given up.", "%(count)d messages were given up.", count)
    messages.success(request, done % {"count": count})
