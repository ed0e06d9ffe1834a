"""The administrator's page: what the lights are judged by, when the office reminds, and by which channels."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from speeches.extraction.almanac import last_announced_year
from tracker.forms.office import OfficeSettingsForm
from tracker.forms.reminders import ROBOTS, AddressForm
from tracker.models import Channel, OfficeSettings
from tracker.reminders.channels import Routes
from tracker.reminders.people import Recipients


@permission_required("tracker.change_officesettings", raise_exception=True)
@sensitive_post_parameters()
@sensitive_variables()
def settings(request: HttpRequest) -> HttpResponse:
    """The office's settings and robots; and who cannot be reached."""
    routes = Routes()
    data = request.POST or None
    form = OfficeSettingsForm(data, instance=OfficeSettings.get())
    channels = [AddressForm(data, channel=channel, user=None, routes=routes) for channel in (Channel.EMAIL, *ROBOTS)]
    forms = [form, *channels]
    if request.method == "POST" and all(one.is_valid() for one in forms):
        with transaction.atomic():
            for one in forms:
                one.save()
        messages.success(request, _("Saved."))
        return redirect("office_settings")
    context = {
        "form": form,
        "channels": channels,
        "unreachable": Recipients(timezone.localdate()).unreachable(),
        "last_announced_year": last_announced_year(),
        "calendar_ends": last_announced_year() <= timezone.localdate().year,
    }
    return render(request, "tracker/office_settings.html", context)
