"""Who is acting, and from where: what every history row records beside the change itself.

A door (page, API, command, task) opens ``acting(user, origin)`` once; everything that is saved inside
carries both. It lives here, below everything else, because speeches and tracker both keep history.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords


class Origin(models.TextChoices):
    PAGE = "page", _("page")
    API = "api", _("API")
    COMMAND = "command", _("command")
    TASK = "task", _("background task")


@dataclass(frozen=True)
class Acting:
    user: Any = None
    origin: str = Origin.COMMAND


_acting: ContextVar[Acting] = ContextVar("acting", default=Acting())  # noqa: B039  frozen


@contextmanager
def acting(user: Any, origin: str) -> Iterator[None]:
    """Record ``user`` (None for the system itself) and ``origin`` on every change made inside."""
    token = _acting.set(Acting(user if getattr(user, "pk", None) else None, origin))
    try:
        yield
    finally:
        _acting.reset(token)


def become(user: Any, origin: str) -> None:
    """Name another actor inside an open ``acting``: a door that learns only later who has come in."""
    _acting.set(Acting(user, origin))


def current() -> Acting:
    return _acting.get()


def current_origin() -> str:
    return _acting.get().origin


class FromWhere(models.Model):
    """Adds to every history row the door that the change came through."""

    history_origin = models.CharField(max_length=10, choices=Origin, default=current_origin)

    class Meta:
        abstract = True


def history(**kwargs: Any) -> HistoricalRecords:
    """The history of a model: one full row for each change, with who, when and from where."""
    return HistoricalRecords(bases=[FromWhere], get_user=lambda instance, request=None: current().user, **kwargs)
