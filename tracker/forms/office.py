"""What the administrator sets for the whole office."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tracker.models import OfficeSettings
from tracker.reminders.channels import check_gateway

MOST_DAYS = 12


class DaysField(forms.CharField):
    """A few numbers of days: "30、7、3、1". Empty means never."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=80, help_text=_("Numbers of days from 1 to 365."), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "、".join(map(str, value)) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[int]:
        parts = [part for part in re.split(r"[\s,，、;；]+", super().clean(value)) if part]
        if not all(part.isascii() and part.isdigit() and 1 <= int(part) <= 365 for part in parts):
            raise ValidationError(_("Write whole numbers of days from 1 to 365, like 30、7、3、1."))
        if len(parts) > MOST_DAYS:
            raise ValidationError(_("At most %(most)d numbers.") % {"most": MOST_DAYS})
        return sorted({int(part) for part in parts})

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)


class OfficeSettingsForm(forms.ModelForm):
    """By what the lights are judged, when the office reminds, and whether its gateways may be posted to."""

    before = DaysField(label=_("Days before the last day"))
    liaison = DaysField(label=_("Days overdue: liaison"))
    head = DaysField(label=_("Days overdue: head of the unit"))
    leader = DaysField(label=_("Days overdue: leader in charge"))

    class Meta:
        model = OfficeSettings
        fields = (
            *("light_tolerance", "light_days"),
            *("before", "on_day", "liaison", "head", "leader", "answer_within", "quiet_on_holidays", "gateways"),
        )
        labels = {
            "light_tolerance": _("Yellow: percentage points behind the time gone"),
            "light_days": _("Blue: days before the last day"),
            "on_day": _("Remind on the last day itself"),
            "answer_within": _("Working days to answer"),
            "quiet_on_holidays": _("Quiet on weekends and holidays"),
            "gateways": _("Gateways inside the intranet"),
        }
        help_texts = {
            "light_tolerance": _(
                "From 0 to 100. With 10, an item whose time is half gone turns yellow below 40 percent."
            ),
            "light_days": _("From 0 to 60; working days where the deadline was given in working days."),
            "answer_within": _("An overdue reminder asks for an answer so many working days later."),
            "quiet_on_holidays": _("What falls due while the office is away is said on the last working day before."),
            "gateways": _("One a line: gw.example.gov.cn, or http://10.1.2.3:8080. Robots may be posted to there."),
        }
        widgets = {"gateways": forms.Textarea(attrs={"rows": 3})}

    LIGHTS = ("light_tolerance", "light_days")

    def lights(self) -> list[forms.BoundField]:
        """The fields about the lights; ``reminders`` has the rest, for a page in two parts."""
        return [self[name] for name in self.LIGHTS]

    def reminders(self) -> list[forms.BoundField]:
        return [field for field in self if field.name not in self.LIGHTS]

    def clean_before(self) -> list[int]:
        return sorted(self.cleaned_data["before"], reverse=True)

    def clean_gateways(self) -> str:
        lines = [line.strip() for line in self.cleaned_data["gateways"].splitlines() if line.strip()]
        return "\n".join(dict.fromkeys(check_gateway(line) for line in lines))
