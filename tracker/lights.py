"""Lights: how an assignment stands on a day. The same rule twice, in Python for one row and in SQL for lists.

As of day ``d``, in this order:

=============  ==========  ==========================================================================
``done``       办结        accepted by ``d``, and declared done by its last day (or it has none)
``done_late``  逾期办结    accepted by ``d``, declared done after its last day
``grey``       未启动      suspended or withdrawn, without a last day, or not begun by ``d``
``red``        逾期        ``d`` is after its last day
``yellow``     未达序时    progress is behind the share of time gone by more than the tolerance
``blue``       临期        its last day is at most ``LIGHT_BLUE_DAYS`` days from ``d``
``green``      正常        everything else
=============  ==========  ==========================================================================

Time gone counts the days from ``begins_on`` to ``d``, both included, as a share of those from
``begins_on`` to the last day, both included. An assignment that never reported stands at 0 percent.
For today progress is the assignment's own; for an earlier day it is what had been reported by then.
"""

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Func, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tracker.models import Assignment, StatusUpdate


class Light(models.TextChoices):
    """In the order of urgency: the worst first."""

    RED = "red", _("overdue")
    YELLOW = "yellow", _("behind schedule")
    BLUE = "blue", _("due soon")
    GREEN = "green", _("on track")
    GREY = "grey", _("not begun or open-ended")
    DONE_LATE = "done_late", _("closed late")
    DONE = "done", _("closed on time")


URGENCY = {light: rank for rank, light in enumerate(Light.values)}
OPEN_LIGHTS = [Light.RED, Light.YELLOW, Light.BLUE, Light.GREEN, Light.GREY]


@dataclass(frozen=True)
class Thresholds:
    """``tolerance`` in percentage points, ``blue_days`` in calendar days."""

    tolerance: int
    blue_days: int


def thresholds() -> Thresholds:
    return Thresholds(settings.LIGHT_TOLERANCE, settings.LIGHT_BLUE_DAYS)


def end_of_day(day: dt.date) -> dt.datetime:
    """The last moment of a day in the office's time zone."""
    return timezone.make_aware(dt.datetime.combine(day, dt.time.max))


def time_gone(assignment: Assignment, day: dt.date) -> int | None:
    """The share of its time that has gone at the end of ``day``, in percent rounded down; None without a last day."""
    if assignment.deadline is None:
        return None
    whole = (assignment.deadline - assignment.begins_on).days + 1
    gone = (day - assignment.begins_on).days + 1
    return max(0, min(100, gone * 100 // whole)) if whole > 0 else 100


def light(assignment: Assignment, day: dt.date, *, progress: int | None = None) -> Light:
    """The light of one assignment at the end of ``day``. ``progress`` is its percentage on that day."""
    limits = thresholds()
    last = assignment.deadline
    if assignment.closed_on and assignment.closed_on <= day:
        return Light.DONE if last is None or assignment.finished_on <= last else Light.DONE_LATE
    if assignment.state in (Assignment.State.SUSPENDED, Assignment.State.WITHDRAWN):
        return Light.GREY
    if last is None or assignment.begins_on > day:
        return Light.GREY
    if day > last:
        return Light.RED
    whole = (last - assignment.begins_on).days + 1
    gone = (day - assignment.begins_on).days + 1
    if gone * 100 > ((progress or 0) + limits.tolerance) * whole:
        return Light.YELLOW
    if (last - day).days <= limits.blue_days:
        return Light.BLUE
    return Light.GREEN


def progress_on(assignment: Assignment, day: dt.date) -> int | None:
    """The percentage that had been reported by the end of ``day``."""
    if day >= timezone.localdate():
        return assignment.progress
    update = assignment.updates.filter(at__lte=end_of_day(day), progress__isnull=False).order_by("at", "pk").last()
    return update.progress if update else None


class Days(Func):
    """Whole days from the second date to the first, as an integer, on SQLite and PostgreSQL alike."""

    output_field = IntegerField()
    arity = 2

    def as_sqlite(self, compiler, connection, **context):
        return self.as_sql(
            compiler,
            connection,
            template="CAST(julianday(%(expressions)s) AS INTEGER)",
            arg_joiner=") - julianday(",
            **context,
        )

    def as_postgresql(self, compiler, connection, **context):
        return self.as_sql(compiler, connection, template="((%(expressions)s))", arg_joiner=")::date - (", **context)


def with_light(queryset: QuerySet[Assignment], day: dt.date) -> QuerySet[Assignment]:
    """Annotate ``light``, its ``urgency`` (0 is worst) and ``days_late`` (negative before the day) as of ``day``."""
    limits = thresholds()
    d = Value(day, output_field=models.DateField())
    if day >= timezone.localdate():
        queryset = queryset.annotate(progress_then=Coalesce("progress", 0))
    else:
        reported = StatusUpdate.objects.filter(
            assignment=OuterRef("pk"), at__lte=end_of_day(day), progress__isnull=False
        ).order_by("-at", "-pk")
        queryset = queryset.annotate(progress_then=Coalesce(Subquery(reported.values("progress")[:1]), 0))
    behind = Q(gone__gt=(F("progress_then") + limits.tolerance) * F("whole"))
    light_rule = Case(
        When(Q(closed_on__lte=day) & (Q(deadline=None) | Q(finished_on__lte=F("deadline"))), then=Value(Light.DONE)),
        When(closed_on__lte=day, then=Value(Light.DONE_LATE)),
        When(state__in=[Assignment.State.SUSPENDED, Assignment.State.WITHDRAWN], then=Value(Light.GREY)),
        When(Q(deadline=None) | Q(begins_on__gt=day), then=Value(Light.GREY)),
        When(deadline__lt=day, then=Value(Light.RED)),
        When(behind, then=Value(Light.YELLOW)),
        When(deadline__lte=day + dt.timedelta(days=limits.blue_days), then=Value(Light.BLUE)),
        default=Value(Light.GREEN),
        output_field=models.CharField(max_length=10),
    )
    queryset = queryset.annotate(
        whole=Days(F("deadline"), F("begins_on")) + 1,
        gone=(Days(d, F("begins_on")) + 1) * 100,
        days_late=Days(d, F("deadline")),
        light=light_rule,
    )
    ranks = [When(light=name, then=Value(rank)) for name, rank in URGENCY.items()]
    return queryset.annotate(urgency=Case(*ranks, output_field=IntegerField()))


def overdue_q(day: dt.date) -> Q:
    """What is past its last day and not done on ``day``: the condition of the red light, on indexed columns."""
    return (
        Q(deadline__lt=day, begins_on__lte=day)
        & (Q(closed_on=None) | Q(closed_on__gt=day))
        & ~Q(state__in=[Assignment.State.SUSPENDED, Assignment.State.WITHDRAWN])
    )
