"""The days that forms take: no later than anybody plans, so that a year mistyped is noticed where it is typed."""

import datetime as dt
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from speeches.models import EARLIEST_DELIVERY as EARLIEST

LATEST = dt.date(2200, 12, 31)


class DayField(forms.DateField):
    """A day from ``EARLIEST`` to ``LATEST``, both included."""

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value and not EARLIEST <= value <= LATEST:
            raise ValidationError(
                _("Check the year: a day lies between %(first)d and %(last)d.")
                % {"first": EARLIEST.year, "last": LATEST.year}
            )
