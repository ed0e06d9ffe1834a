"""How units stand beside each other: what each owes by light, how punctual it was, how it keeps pace.

* lights: open assignments as they stand today, and those that were closed within the last twelve months;
* on-time rate 按期办结率: of what fell due within the last twelve months, the share declared done by its last day
  and accepted; what is still open past its day counts against it;
* pace 进度 / 时间: mean progress and mean share of time gone over what is open and has begun and has a last day;
* late reports 迟报: under way, and no report for more than ``REPORT_EVERY_DAYS`` days;
* rank: by on-time rate; units with the same rate share a rank. Its change is against the end of last month.

``with_below`` counts each unit together with those below it, as whoever stands above answers for them.

Counting a unit looks at everything it did for a year. So its figures are kept for the day (``UnitFigures``) until
one of its assignments changes, and a page counts only the units whose figures are missing.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.db.models import Avg, Case, Count, DateField, F, FloatField, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Cast, ExtractMonth, ExtractYear

from tracker.lights import Days, Light, end_of_day, with_light
from tracker.models import Assignment, Unit, UnitFigures

MONTHS = 12
# Offices ask for a report every month, by the 25th or 28th.
REPORT_EVERY_DAYS = 31


@dataclass
class Month:
    """What fell due in one month: how much, and how much of it was done by its day."""

    first: dt.date
    due: int = 0
    on_time: int = 0

    @property
    def rate(self) -> int | None:
        return self.on_time * 100 // self.due if self.due else None


@dataclass
class UnitStanding:
    """One unit's figures. ``rank`` is 1 for the best; ``climbed`` is positive where it rose since last month."""

    unit: Unit
    months: list[Month]
    lights: dict[str, int] = field(default_factory=lambda: dict.fromkeys(Light.values, 0))
    progress: int | None = None
    gone: int | None = None
    late_reports: int = 0
    extensions: int = 0
    # How many of its open items the pace is the mean of.
    running: int = 0
    rank: int | None = None
    climbed: int | None = None
    known: bool = False
    # How many units below it are counted with it.
    below: int = 0

    @property
    def total(self) -> int:
        return sum(self.lights.values())

    @property
    def open(self) -> int:
        return self.total - self.closed

    @property
    def closed(self) -> int:
        return self.lights[Light.DONE] + self.lights[Light.DONE_LATE]

    @property
    def rate(self) -> int | None:
        return _rate(self.months)

    @property
    def behind(self) -> bool:
        return self.progress is not None and self.gone is not None and self.progress < self.gone


def _rate(months: Iterable[Month]) -> int | None:
    due = on_time = 0
    for month in months:
        due += month.due
        on_time += month.on_time
    return on_time * 100 // due if due else None


def compare(units: Iterable[Unit], day: dt.date) -> list[UnitStanding]:
    """The standing of each of ``units`` on ``day`` (today), in their order; at most three queries for any number.

    Read ``units`` together with their ``figures``. Counts everything a unit owes: show it only to whoever may see it.
    """
    first = day.replace(day=1) - relativedelta(months=MONTHS - 1)
    found = {unit.pk: _blank(unit, first) for unit in units}
    for standing in found.values():
        kept = getattr(standing.unit, "figures", None)
        if kept and kept.day == day and set(KEPT) <= set(kept.figures):
            _restore(standing, kept.figures)
    missing = {pk: standing for pk, standing in found.items() if not standing.known}
    if missing:
        owed = Assignment.objects.filter(unit__in=list(missing), deleted_at=None).order_by()
        _count_open(owed, missing, day)
        _count_past(owed, missing, first, day)
        _keep(missing.values(), day)
    _rank(list(found.values()))
    return list(found.values())


def with_below(found: list[UnitStanding]) -> list[UnitStanding]:
    """The same units, each counted together with what is below it in the tree, and ranked by that. No query.

    Read the units with their tree fields.
    """
    sums = {standing.unit.pk: _blank(standing.unit, standing.months[0].first) for standing in found}
    pace = {pk: [0, 0] for pk in sums}
    for own in found:
        for pk in own.unit.tree_path:
            if pk in sums:
                _add(sums[pk], own)
                pace[pk][0] += (own.progress or 0) * own.running
                pace[pk][1] += (own.gone or 0) * own.running
    for pk, standing in sums.items():
        standing.below -= 1  # itself
        if standing.running:
            standing.progress, standing.gone = (total // standing.running for total in pace[pk])
    _rank(list(sums.values()))
    return list(sums.values())


def _add(total: UnitStanding, own: UnitStanding) -> None:
    total.below += 1
    for name in ("late_reports", "extensions", "running"):
        setattr(total, name, getattr(total, name) + getattr(own, name))
    for light, n in own.lights.items():
        total.lights[light] += n
    for month, other in zip(total.months, own.months, strict=True):
        month.due += other.due
        month.on_time += other.on_time


def _blank(unit: Unit, first: dt.date) -> UnitStanding:
    return UnitStanding(unit, [Month(first + relativedelta(months=n)) for n in range(MONTHS)])


KEPT = ("lights", "progress", "gone", "late_reports", "extensions", "running")


def _restore(standing: UnitStanding, figures: dict[str, Any]) -> None:
    for name in KEPT:
        setattr(standing, name, figures[name])
    for month, (due, on_time) in zip(standing.months, figures["months"], strict=True):
        month.due, month.on_time = due, on_time
    standing.known = True


def _keep(standings: Iterable[UnitStanding], day: dt.date) -> None:
    rows = []
    for standing in standings:
        figures = {name: getattr(standing, name) for name in KEPT}
        figures["months"] = [(month.due, month.on_time) for month in standing.months]
        rows.append(UnitFigures(unit=standing.unit, day=day, figures=figures))
        standing.known = True
    UnitFigures.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["unit"], update_fields=["day", "figures"]
    )


def forget(instance: Assignment, **kwargs: Any) -> None:
    """A unit's figures go when one of its assignments changes. Two changes at once do not wait for each other."""
    with transaction.atomic():
        kept = UnitFigures.objects.select_for_update(skip_locked=True).filter(unit=instance.unit_id)
        UnitFigures.objects.filter(pk__in=list(kept.values_list("pk", flat=True))).delete()


def _count_open(owed: QuerySet[Assignment], found: dict[int, UnitStanding], day: dt.date) -> None:
    """Lights, pace, late reports and extensions of what is open."""
    silent = Q(state=Assignment.State.ACTIVE) & (
        Q(last_update_at__lt=end_of_day(day - dt.timedelta(days=REPORT_EVERY_DAYS)))
        | Q(last_update_at=None, received_at__lt=end_of_day(day - dt.timedelta(days=REPORT_EVERY_DAYS)))
    )
    today = Value(day, output_field=DateField())
    share = Case(
        When(deadline__lt=day, then=Value(100.0)),
        default=Cast(Days(today, F("begins_on")) + 1, FloatField()) * 100 / (Days(F("deadline"), F("begins_on")) + 1),
        output_field=FloatField(),
    )
    running = Q(light__in=[Light.RED, Light.YELLOW, Light.BLUE, Light.GREEN])
    rows = (
        with_light(owed.filter(closed_on=None), day)
        .exclude(state=Assignment.State.WITHDRAWN)
        .values("unit", "light")
        .annotate(
            n=Count("state"),
            progress=Avg("progress_then", filter=running),
            gone_share=Avg(share, filter=running),
            silent=Count("state", filter=silent),
            extended=Sum("times_extended"),
        )
    )
    sums: dict[int, list[float]] = {}
    for row in rows:
        standing = found[row["unit"]]
        standing.lights[row["light"]] = row["n"]
        standing.late_reports += row["silent"]
        standing.extensions += row["extended"]
        if row["progress"] is not None:
            entry = sums.setdefault(row["unit"], [0, 0, 0])
            entry[0] += row["progress"] * row["n"]
            entry[1] += (row["gone_share"] or 0) * row["n"]
            entry[2] += row["n"]
    for pk, (progress, gone, n) in sums.items():
        found[pk].progress, found[pk].gone, found[pk].running = int(progress / n), min(100, int(gone / n)), n


def _count_past(owed: QuerySet[Assignment], found: dict[int, UnitStanding], first: dt.date, day: dt.date) -> None:
    """What fell due from ``first`` to yesterday, month by month, and how much of it was done by its day; and what
    was closed within a year, on time or late, and how often it had been given more time."""
    stopped = Q(state__in=[Assignment.State.WITHDRAWN, Assignment.State.SUSPENDED])
    due = Q(deadline__gte=first, deadline__lt=day) & ~stopped
    closed = Q(closed_on__gt=day - relativedelta(months=MONTHS))
    rows = (
        owed.filter(Q(deadline__gte=first, deadline__lt=day) | closed)
        .values("unit", year=ExtractYear("deadline"), month=ExtractMonth("deadline"))
        .annotate(
            due=Count("state", filter=due),
            on_time=Count("state", filter=due & Q(closed_on__isnull=False, finished_on__lte=F("deadline"))),
            closed=Count("state", filter=closed),
            late=Count("state", filter=closed & Q(finished_on__gt=F("deadline"))),
            extended=Sum("times_extended", filter=closed),
        )
    )
    for row in rows:
        standing = found[row["unit"]]
        standing.lights[Light.DONE] += row["closed"] - row["late"]
        standing.lights[Light.DONE_LATE] += row["late"]
        standing.extensions += row["extended"] or 0
        if row["due"]:
            month = standing.months[(row["year"] - first.year) * 12 + row["month"] - first.month]
            month.due, month.on_time = row["due"], row["on_time"]


def _rank(standings: list[UnitStanding]) -> None:
    """Rank units beside each other; a government is the whole that they are part of, and stands beside nobody. Nor
    does what stands above it."""
    wholes: set[int] = set()
    for standing in standings:
        if standing.unit.kind == Unit.Kind.GOVERNMENT:
            wholes.update(getattr(standing.unit, "tree_path", [standing.unit.pk]))
    standings = [standing for standing in standings if standing.unit.pk not in wholes]
    now = _ranks({standing.unit.pk: standing.rate for standing in standings})
    before = _ranks({standing.unit.pk: _rate(standing.months[:-1]) for standing in standings})
    for standing in standings:
        pk = standing.unit.pk
        standing.rank = now.get(pk)
        if pk in now and pk in before:
            standing.climbed = before[pk] - now[pk]


def _ranks(rates: dict[int, int | None]) -> dict[int, int]:
    """1 for the highest rate; equal rates share a rank; without a rate there is none."""
    ordered = sorted((rate for rate in rates.values() if rate is not None), reverse=True)
    return {pk: ordered.index(rate) + 1 for pk, rate in rates.items() if rate is not None}
