"""考核评分: points for each unit in a period, by a rule that the office sees and edits, each traced to its item.

Every assignment that was open in the period counts for its unit, leading and supporting alike. What gains or
loses points in a period, both of whose days belong to it:

===============  ==============================================================================================
``on_time``      closed in the period, declared done by its last day (or without one)
``done_late``    closed in the period, declared done after its last day
``overdue``      past its last day and still open at the end of the period
``days_late``    days of the period that lie after the last day and before it was declared done; capped an item
``returned``     times that the office sent it back in the period
``extended``     extensions granted in the period
``late_report``  months of the period, running since before their first day, without a report by the day due
===============  ==============================================================================================

The database reckons in whole hundredths of a point, the same expressions for the table of units and for the
items of one unit, so that a unit's points are always the sum of its items'.
"""

import calendar
import datetime as dt
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import (
    Case,
    Count,
    DateField,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Greatest, Least
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker import rules, workflow
from tracker.lights import Days, end_of_day, overdue_q
from tracker.models import Assignment, ScoringRule, StatusUpdate, Transition, Unit, User

State = Assignment.State
KINDS = {
    "on_time": gettext_lazy("closed on time"),
    "done_late": gettext_lazy("closed late"),
    "overdue": gettext_lazy("overdue"),
    "days_late": gettext_lazy("days late"),
    "returned": gettext_lazy("returned"),
    "extended": gettext_lazy("extended"),
    "late_report": gettext_lazy("months without a report"),
}
# Longer periods are scored year by year.
MOST_MONTHS = 24


@dataclass(frozen=True)
class Score:
    """One unit's or one item's points. ``times`` and ``points`` are by kind; ``total`` includes the base if any."""

    subject: Any
    items: int
    times: dict[str, int]
    points: dict[str, Decimal]
    total: Decimal
    rank: int = 0

    @property
    def lines(self) -> list[tuple[Any, int, Decimal]]:
        """(what, how often, points) for each kind, in order."""
        return [(label, self.times[kind], self.points[kind]) for kind, label in KINDS.items()]


def rule() -> ScoringRule:
    """The office's rule; the customary one until somebody edits it."""
    return ScoringRule.objects.filter(pk=1).first() or ScoringRule(pk=1)


@transaction.atomic
def change_rule(values: dict[str, Any], *, by: User, version: int) -> ScoringRule:
    """Keep ``values``; the rule's history keeps what it was. Raises ``workflow.Stale`` if it was changed meanwhile."""
    if not by.has_perm("tracker.change_scoring"):
        raise PermissionDenied
    kept = ScoringRule.objects.select_for_update().filter(pk=1).first() or ScoringRule(pk=1)
    if kept.version != version:
        raise workflow.Stale(_("Somebody else has changed the rule in the meantime. Look at it again."))
    for name, value in values.items():
        setattr(kept, name, value)
    kept.version += 1
    kept.save()
    return kept


def _count(queryset: QuerySet[Any]) -> Coalesce:
    """How many rows of ``queryset`` belong to the assignment in hand."""
    counted = queryset.filter(assignment=OuterRef("pk")).order_by().values("assignment").annotate(n=Count("pk"))
    return Coalesce(Subquery(counted.values("n")), 0)


def _months(start: dt.date, end: dt.date, report_day: int) -> list[tuple[dt.date, dt.date]]:
    """(first day, day due) of each month whose day due lies in the period."""
    if not report_day:
        return []
    months = []
    first = start.replace(day=1)
    while first <= end and len(months) < MOST_MONTHS:
        due = first.replace(day=report_day)
        if start <= due <= end:
            months.append((first, due))
        first += dt.timedelta(days=calendar.monthrange(first.year, first.month)[1])
    return months


def _late_reports(start: dt.date, end: dt.date, report_day: int) -> Any:
    """In how many months of the period a report was due and none came from the first to the day due."""
    total: Any = Value(0)
    for first, due in _months(start, end, report_day):
        # Read once a month for all rows, and not once for each row and month.
        said = StatusUpdate.objects.filter(at__gt=end_of_day(first - dt.timedelta(days=1)), at__lte=end_of_day(due))
        running = Q(begins_on__lt=first) & (Q(closed_on=None) | Q(closed_on__gt=due))
        silent = ~Q(pk__in=said.order_by().values("assignment"))
        total = total + Case(When(running & silent, then=1), default=0, output_field=IntegerField())
    return total


def owed(assignments: QuerySet[Assignment], start: dt.date, end: dt.date, by: ScoringRule) -> QuerySet[Assignment]:
    """The assignments that count from ``start`` to ``end``, with ``n_…`` and ``cents_…`` for each kind."""
    rows = assignments.filter(
        Q(closed_on=None) | Q(closed_on__gte=start), unit__isnull=False, begins_on__lte=end
    ).exclude(state__in=[State.WITHDRAWN, State.SUSPENDED])
    return rows.annotate(**_counts(start, end, by.report_day)).annotate(
        cents_on_time=F("n_on_time") * _cents(by.on_time),
        cents_done_late=F("n_done_late") * -_cents(by.done_late),
        cents_overdue=F("n_overdue") * -_cents(by.overdue),
        cents_days_late=-Least(F("n_days_late") * _cents(by.day_late), Value(_cents(by.most_for_days))),
        cents_returned=F("n_returned") * -_cents(by.returned),
        cents_extended=F("n_extended") * -_cents(by.extended),
        cents_late_report=F("n_late_report") * -_cents(by.late_report),
    )


def _counts(start: dt.date, end: dt.date, report_day: int) -> dict[str, Any]:
    """How often each kind holds for an assignment, as ``n_…``."""
    before = start - dt.timedelta(days=1)
    closed = Q(closed_on__range=(start, end))
    in_time = Q(deadline=None) | Q(finished_on__lte=F("deadline"))
    late, still_late = closed & ~in_time, overdue_q(end)
    finish = Case(When(closed, then=F("finished_on")), default=Value(end), output_field=DateField())
    since = Greatest("deadline", Value(before, output_field=DateField()))
    steps = Transition.objects.filter(at__gt=end_of_day(before), at__lte=end_of_day(end))

    def where(condition: Q, amount: Any = 1) -> Case:
        return Case(When(condition, then=amount), default=0, output_field=IntegerField())

    return {
        "n_on_time": where(closed & in_time),
        "n_done_late": where(late),
        "n_overdue": where(still_late),
        "n_days_late": where(late | still_late, Greatest(Days(finish, since), 0)),
        # The columns that count these for all time spare most rows the question.
        "n_returned": where(Q(times_returned__gt=0), _count(steps.filter(action="send_back"))),
        "n_extended": where(Q(times_extended__gt=0), _count(steps.filter(action="grant_extension"))),
        "n_late_report": _late_reports(start, end, report_day),
    }


def _cents(points: Decimal) -> int:
    return int(Decimal(str(points)) * 100)


def _score(subject: Any, items: int, row: Any, base: Decimal = Decimal(0)) -> Score:
    points = {kind: Decimal(row[f"cents_{kind}"]) / 100 for kind in KINDS}
    return Score(subject, items, {kind: row[f"n_{kind}"] for kind in KINDS}, points, base + sum(points.values()))


def scores(user: Any, start: dt.date, end: dt.date, by: ScoringRule) -> list[Score]:
    """Every unit that owed something in the period, of those that ``user`` may see, the best first. Two queries.

    A unit never has less than nothing. Units with the same points share a rank.
    """
    rows = owed(rules.visible_assignments(user), start, end, by)
    names = [f"{part}_{kind}" for kind in KINDS for part in ("n", "cents")]
    sums = rows.order_by().values("unit").annotate(items=Count("pk"), **{f"sum_{name}": Sum(name) for name in names})
    found = list(sums)
    units = Unit.objects.in_bulk([row["unit"] for row in found])
    base = Decimal(str(by.base))
    scored = [
        _score(units[row["unit"]], row["items"], {name: row[f"sum_{name}"] for name in names}, base) for row in found
    ]
    scored = [replace(score, total=max(score.total, Decimal(0))) for score in scored]
    scored.sort(key=lambda score: (-score.total, score.subject.position, score.subject.pk))
    return [replace(score, rank=1 + sum(other.total > score.total for other in scored)) for score in scored]


def trace(user: Any, unit: Unit, start: dt.date, end: dt.date, by: ScoringRule) -> list[Score]:
    """The items of ``unit`` that gained or lost points in the period, each with what for. One query."""
    rows = owed(rules.visible_assignments(user).filter(unit=unit), start, end, by)
    counted = rows.filter(
        Q(n_on_time__gt=0) | Q(n_done_late__gt=0) | Q(n_overdue__gt=0) | Q(n_days_late__gt=0) | Q(n_returned__gt=0)
        | Q(n_extended__gt=0) | Q(n_late_report__gt=0)
    )  # fmt: skip
    return [
        _score(row, 1, vars(row)) for row in counted.select_related("commitment", "unit").order_by("deadline", "pk")
    ]
