"""What the administrator sets for the whole office."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from speeches.acting import history

# What has been read inside ``read_once``; None outside of it.
_read: ContextVar[list["OfficeSettings"] | None] = ContextVar("office_settings", default=None)


@contextmanager
def read_once() -> Iterator[None]:
    """Inside of this (a request, a day's work) the settings are read from the database at most once."""
    token = _read.set([])
    try:
        yield
    finally:
        _read.reset(token)


def default_before() -> list[int]:
    return [30, 7, 3, 1]


def default_liaison() -> list[int]:
    return [1, 3]


def default_head() -> list[int]:
    return [7]


def default_leader() -> list[int]:
    return [15]


class OfficeSettings(models.Model):
    """By what the lights are judged and when the office reminds: one row, as delivered until somebody changes it.

    Days of reminders are calendar days before or after an assignment's last day.
    """

    # Yellow: progress is more than so many percentage points behind the share of time gone.
    light_tolerance = models.PositiveSmallIntegerField(
        _("percentage points behind the time gone"), default=10, validators=[MaxValueValidator(100)]
    )
    # Blue: the last day is at most so many days away.
    light_days = models.PositiveSmallIntegerField(
        _("days in which it counts as due soon"), default=7, validators=[MaxValueValidator(60)]
    )
    before = models.JSONField(_("days before the last day"), default=default_before)
    on_day = models.BooleanField(_("on the last day"), default=True)
    liaison = models.JSONField(_("days after: liaison"), default=default_liaison)
    head = models.JSONField(_("days after: head of the unit"), default=default_head)
    leader = models.JSONField(_("days after: leader in charge"), default=default_leader)
    # The answer that an overdue reminder asks for is due so many working days later.
    answer_within = models.PositiveSmallIntegerField(
        _("working days to answer"), default=3, validators=[MinValueValidator(1), MaxValueValidator(30)]
    )
    quiet_on_holidays = models.BooleanField(_("quiet on holidays"), default=True)
    # Beside the services' own hosts: an intranet gateway, as "host", "host:port" or "http://host:port", one a line.
    gateways = models.TextField(_("gateways inside the intranet"), blank=True)
    history = history()

    class Meta:
        verbose_name = _("settings of the office")
        verbose_name_plural = _("settings of the office")
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="one_row_of_settings")]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        if read := _read.get():
            read.clear()

    @classmethod
    def get(cls) -> "OfficeSettings":
        """The office's settings; inside ``read_once`` the same object each time."""
        read = _read.get()
        if read:
            return read[0]
        found = cls.objects.filter(pk=1).first() or cls(pk=1)
        if read is not None:
            read.append(found)
        return found
