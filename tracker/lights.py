"""Lights: how an assignment stands on a day. The same rule twice, in Python for one row and in SQL for lists.

As of day ``d``, in this order:

=============  ==========  ==========================================================================
``done``       办结        accepted by ``d``, and declared done by its last day (or it has none)
``done_late``  逾期办结    accepted by ``d``, declared done after its last day
``grey``       未启动      suspended or withdrawn, without a last day, or not begun by ``d``
``red``        逾期        ``d`` is after its last day
``yellow``     未达序时    progress is behind the share of time gone by more than the tolerance, or a
                           milestone (倒排工期) whose day is past has not been reached
``blue``       临期        its last day is at most so many days from ``d`` as the office has set
``green``      正常        everything else
=============  ==========  ==========================================================================

Time gone counts the days from ``begins_on`` to ``d``, both included, as a share of those from
``begins_on`` to the last day, both included. An assignment that never reported stands at 0 percent.
Where the deadline was given in 工作日 (and has not been moved since), time gone and the days to the last day
count working days only.

For today and later an assignment's own columns say how it stands. For an earlier day the steps that had been
taken by then say it: an extension granted since, a suspension, a closing or a reopening since make no
difference. An item that was entered since is looked at as if it had been sent out on its first terms.

The tolerance and the days are the office's (``OfficeSettings``): one yardstick for every list, figure and past day.
An issued bulletin is frozen and keeps what was counted then. SQL reads them in the same statement; Python reads the
row, once within ``read_once``, which every door opens.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from django.db import models
from django.db.models import Case, Exists, F, Func, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact, GreaterThan, In, IsNull, LessThan, LessThanOrEqual
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from speeches.extraction.almanac import add_workdays
from tracker.models import Assignment, Commitment, Milestone, OfficeSettings, Transition

# Terms in 工作日 are short; a longer one is counted in calendar days.
MOST_WORKING_DAYS = 66


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


def end_of_day(day: dt.date) -> dt.datetime:
    """The last moment of a day in the office's time zone."""
    return timezone.make_aware(dt.datetime.combine(day, dt.time.max))


@dataclass(frozen=True)
class Standing:
    """What a light follows from, as of a day. ``deadline`` is inclusive, ``progress`` in percent."""

    state: str
    deadline: dt.date | None
    finished_on: dt.date | None
    closed_on: dt.date | None
    progress: int
    missed_milestone: bool


def standing(assignment: Assignment, day: dt.date) -> Standing:
    """How ``assignment`` stood at the end of ``day``; one query for today and later where it has milestones."""
    if day >= timezone.localdate():
        missed = assignment.next_milestone is not None and assignment.next_milestone < day
    else:
        missed = assignment.milestones.filter(_missed(day)).exists()
    if not _touched_since(assignment, day):
        row = assignment
        return Standing(row.state, row.deadline, row.finished_on, row.closed_on, row.progress or 0, missed)
    step = assignment.transitions.filter(at__lte=end_of_day(day)).order_by("-at", "-pk").first()
    if step is None:
        return Standing(Assignment.State.SENT, assignment.original_deadline, None, None, 0, missed)
    deadline = step.deadline or assignment.original_deadline
    return Standing(step.to_state, deadline, step.finished_on, step.closed_on, step.progress or 0, missed)


def _touched_since(assignment: Assignment, day: dt.date) -> bool:
    """Whether steps after the end of ``day`` have made its own columns useless for that day."""
    last = assignment.last_step_at
    return day < timezone.localdate() and last is not None and last > end_of_day(day)


def _missed(day: dt.date) -> Q:
    return Q(due__lt=day) & (Q(done_on=None) | Q(done_on__gt=day))


def _time(assignment: Assignment, deadline: dt.date, day: dt.date) -> tuple[int, int]:
    """Days gone and days in all, to the end of ``day``; working days where the deadline counts those."""
    if counts_working_days(assignment, deadline):
        left = sum(1 for day_off in _workdays_after(day) if day_off <= deadline)
        return assignment.working_days - left, assignment.working_days
    return (day - assignment.begins_on).days + 1, (deadline - assignment.begins_on).days + 1


def counts_working_days(assignment: Assignment, deadline: dt.date | None) -> bool:
    """Whether the time to ``deadline`` is counted in working days: given so, and not moved since."""
    return assignment.working_days is not None and deadline == assignment.original_deadline


def term_in_working_days(commitment: Commitment, begins_on: dt.date, deadline: dt.date | None) -> int | None:
    """The working days from ``begins_on`` to ``deadline``, both included, where the item's deadline counts those."""
    if deadline is None or deadline != commitment.deadline or "工作日" not in commitment.deadline_text:
        return None
    count = sum(1 for day in _workdays_after(begins_on - dt.timedelta(days=1)) if day <= deadline)
    return count if count < MOST_WORKING_DAYS else None


@lru_cache(maxsize=512)
def _workdays_after(day: dt.date, count: int = MOST_WORKING_DAYS) -> tuple[dt.date, ...]:
    """The next ``count`` working days after ``day``."""
    found = []
    while len(found) < count:
        day = add_workdays(day, 1)
        found.append(day)
    return tuple(found)


def _last_blue_day(day: dt.date, *, working: bool) -> dt.date:
    blue = OfficeSettings.get().light_days
    return add_workdays(day, blue) if working else day + dt.timedelta(days=blue)


def time_gone(assignment: Assignment, day: dt.date) -> int | None:
    """The share of its time that has gone at the end of ``day``, in percent rounded down; None without a last day."""
    if assignment.deadline is None:
        return None
    gone, whole = _time(assignment, assignment.deadline, day)
    return max(0, min(100, gone * 100 // whole)) if whole > 0 else 100


def light(assignment: Assignment, day: dt.date, *, progress: int | None = None) -> Light:
    """The light of one assignment at the end of ``day``. ``progress`` in percent, where the caller knows better."""
    then = standing(assignment, day)
    last = then.deadline
    if then.closed_on and then.closed_on <= day:
        return Light.DONE if last is None or then.finished_on <= last else Light.DONE_LATE
    if then.state in (Assignment.State.SUSPENDED, Assignment.State.WITHDRAWN):
        return Light.GREY
    if last is None or assignment.begins_on > day:
        return Light.GREY
    if day > last:
        return Light.RED
    gone, whole = _time(assignment, last, day)
    reached = then.progress if progress is None else progress
    if gone * 100 > (reached + OfficeSettings.get().light_tolerance) * whole or then.missed_milestone:
        return Light.YELLOW
    if last <= _last_blue_day(day, working=counts_working_days(assignment, last)):
        return Light.BLUE
    return Light.GREEN


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


class WorkdaysLeft(Func):
    """The working days after a day up to a date, at most ``MOST_WORKING_DAYS``: dates compared, no calendar read.

    Written out by hand, because as many ``When`` would take Django longer to put together than the query takes.
    """

    output_field = IntegerField()
    arity = 1

    def __init__(self, deadline: Any, day: dt.date) -> None:
        super().__init__(deadline)
        self.days = _workdays_after(day)

    def as_sql(self, compiler, connection, **context):
        column, params = compiler.compile(self.source_expressions[0])
        steps = " ".join(f"WHEN {column} < %s THEN {left}" for left in range(len(self.days)))
        filled = [value for day in self.days for value in (*params, connection.ops.adapt_datefield_value(day))]
        return f"CASE {steps} ELSE {len(self.days)} END", filled


def _set(name: str) -> Coalesce:
    """What the office has set, read by the query itself: a list costs no query more for it."""
    return Coalesce(
        Subquery(OfficeSettings.objects.filter(pk=1).values(name)), OfficeSettings._meta.get_field(name).default
    )


@dataclass(frozen=True)
class Columns:
    """Where the rule finds what it needs: an assignment's own columns, or those of a step and its assignment."""

    state: Any
    deadline: Any
    finished_on: Any
    closed_on: Any
    progress: Any
    begins_on: Any
    original_deadline: Any
    working_days: Any
    missed: Any


def _own(missed: Any) -> Columns:
    names = ("state", "deadline", "finished_on", "closed_on", "begins_on", "original_deadline", "working_days")
    return Columns(**{name: F(name) for name in names}, progress=Coalesce("progress", 0), missed=missed)


def _rule(day: dt.date, of: Columns, told: Callable[[Light], Any]) -> Case:
    """The light, as the table at the top has it, as what is ``told`` of it: itself, or its rank."""
    d = Value(day, output_field=models.DateField())
    closed = Q(LessThanOrEqual(of.closed_on, d))
    in_time = Q(IsNull(of.deadline, True)) | Q(LessThanOrEqual(of.finished_on, of.deadline))
    stopped = Q(In(of.state, [Assignment.State.SUSPENDED, Assignment.State.WITHDRAWN]))
    not_begun = Q(IsNull(of.deadline, True)) | Q(GreaterThan(of.begins_on, d))
    working = Q(IsNull(of.working_days, False)) & Q(Exact(of.deadline, of.original_deadline))
    tolerance, blue_days = _set("light_tolerance"), _set("light_days")
    allowed = of.progress + tolerance
    gone, whole = Days(d, of.begins_on) + 1, Days(of.deadline, of.begins_on) + 1
    left_working = WorkdaysLeft(of.original_deadline, day)
    gone_working = of.working_days - left_working
    behind = Q(GreaterThan(gone * 100, allowed * whole))
    behind_working = Q(GreaterThan(gone_working * 100, allowed * of.working_days))
    blue = Q(LessThanOrEqual(Days(of.deadline, d), blue_days))
    blue_working = Q(LessThanOrEqual(left_working, blue_days))
    return Case(
        When(closed & in_time, then=Value(told(Light.DONE))),
        When(closed, then=Value(told(Light.DONE_LATE))),
        When(stopped | not_begun, then=Value(told(Light.GREY))),
        When(Q(LessThan(of.deadline, d)), then=Value(told(Light.RED))),
        When(working & behind_working, then=Value(told(Light.YELLOW))),
        When(~working & behind, then=Value(told(Light.YELLOW))),
        When(of.missed, then=Value(told(Light.YELLOW))),
        When(blue | (working & blue_working), then=Value(told(Light.BLUE))),
        default=Value(told(Light.GREEN)),
    )


def _touched(day: dt.date) -> Q:
    return Q(last_step_at__gt=end_of_day(day))


def _steps_by(day: dt.date) -> QuerySet[Transition]:
    """The steps of an assignment (the outer row) by the end of ``day``, the last first."""
    return Transition.objects.filter(assignment=OuterRef("pk"), at__lte=end_of_day(day)).order_by("-at", "-pk")


def _light_then(day: dt.date, told: Callable[[Light], Any]) -> Coalesce:
    """The light of an assignment that was touched since ``day``: from its last step by then, or its first terms."""
    none = Value(None, output_field=models.DateField())
    missed = Q(Exists(Milestone.objects.filter(_missed(day), assignment=OuterRef("pk"))))
    first = replace(
        _own(missed),
        state=Value(Assignment.State.SENT),
        deadline=F("original_deadline"),
        finished_on=none,
        closed_on=none,
        progress=Value(0),
    )
    left = Columns(
        state=F("to_state"),
        deadline=Coalesce(F("deadline"), OuterRef("original_deadline")),
        finished_on=F("finished_on"),
        closed_on=F("closed_on"),
        progress=Coalesce("progress", 0),
        begins_on=OuterRef("begins_on"),
        original_deadline=OuterRef("original_deadline"),
        working_days=OuterRef("working_days"),
        missed=Q(Exists(Milestone.objects.filter(_missed(day), assignment=OuterRef("assignment")))),
    )
    step = _steps_by(day).annotate(light=_rule(day, left, told)).values("light")[:1]
    return Coalesce(Subquery(step), _rule(day, first, told))


def with_light(queryset: QuerySet[Assignment], day: dt.date) -> QuerySet[Assignment]:
    """Annotate ``light``, its ``urgency`` (0 is worst) and ``days_late`` (negative before the day) as of ``day``.

    ``progress_then`` is the percentage on that day.
    """
    progress, deadline = Coalesce("progress", 0), F("deadline")
    if day < timezone.localdate():
        touched, steps = _touched(day), _steps_by(day)
        progress = Case(When(touched, then=Coalesce(Subquery(steps.values("progress")[:1]), 0)), default=progress)
        last_day = Coalesce(Subquery(steps.values("deadline")[:1]), F("original_deadline"))
        deadline = Case(When(touched, then=last_day), default=deadline)
    return queryset.annotate(
        progress_then=progress,
        days_late=Days(Value(day, output_field=models.DateField()), deadline),
        light=_light(day, lambda light: light.value),
        urgency=_light(day, URGENCY.__getitem__),
    )


def _light(day: dt.date, told: Callable[[Light], Any]) -> Case:
    if day >= timezone.localdate():
        return _rule(day, _own(Q(next_milestone__lt=day)), told)
    missed = Q(Exists(Milestone.objects.filter(_missed(day), assignment=OuterRef("pk"))))
    return Case(When(_touched(day), then=_light_then(day, told)), default=_rule(day, _own(missed), told))


def overdue_q(day: dt.date) -> Q:
    """What is past its last day and not done on ``day``: the condition of the red light, on indexed columns."""
    # Nothing is closed on a day to come, and the index of what is open serves only a plain "not closed".
    not_done = Q(closed_on=None) if day >= timezone.localdate() else Q(closed_on=None) | Q(closed_on__gt=day)
    red = (
        Q(deadline__lt=day, begins_on__lte=day)
        & not_done
        & ~Q(state__in=[Assignment.State.SUSPENDED, Assignment.State.WITHDRAWN])
    )
    if day >= timezone.localdate():
        return red
    untouched = Q(last_step_at=None) | Q(last_step_at__lte=end_of_day(day))
    was_red = Q(Exact(_light_then(day, lambda light: light.value), Value(Light.RED)))
    # What could have been red at all, on indexed columns: only of these few are the steps looked up.
    possible = Q(begins_on__lte=day, earliest_deadline__lt=day) & not_done
    return possible & ((untouched & red) | (_touched(day) & was_red))
