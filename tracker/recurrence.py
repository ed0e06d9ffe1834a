"""Recurring duties: the periods of an RFC 5545 rule, each with its first and its last day.

A rule without days of its own (每月督办一次, ``FREQ=MONTHLY``) owes once in every calendar period: the week from
Monday, the month, the two months, the quarter, the half-year or the year that the day lies in. A rule with days
(每月28日前, ``BYMONTHDAY=27``; 每旬, ``BYMONTHDAY=10,20,-1``) owes by each of them. Either way a period begins on
the day after the last one ended, and the first begins with the duty itself, so that no day is left out.

Where RFC 5545 leaves out months that lack the day (the 30th in February), an office means the last day of the month,
and that is what stands here. An interval that divides the year counts from January: 每季度首月15日前 is due in
January, April, July and October whatever the day of the speech.
"""

import datetime as dt
import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from dateutil.relativedelta import relativedelta
from dateutil.rrule import rrulestr
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from tracker.models import Commitment

# How far ahead periods become assignments: near enough to matter, far enough for a plan.
HORIZON_DAYS = {"DAILY": 3, "WEEKLY": 14, "MONTHLY": 45, "YEARLY": 45}
# At most so many periods at a time; what is left follows with the next tick.
MOST_PERIODS = 400
_UNIT = {"DAILY": "days", "WEEKLY": "weeks", "MONTHLY": "months", "YEARLY": "years"}

Period = tuple[dt.date, dt.date]


@dataclass(frozen=True)
class Rule:
    """An RRULE taken apart: how often, how many, until when (inclusive), and on which days (``BY…``) if any."""

    freq: str
    interval: int
    count: int | None
    until: dt.date | None
    days: dict[str, str]


@lru_cache(maxsize=1024)
def parse(rrule: str) -> Rule:
    """Take a rule apart. Raises ValidationError with a sentence for whoever typed it."""
    try:
        pairs = [part.split("=", 1) for part in rrule.strip().upper().removeprefix("RRULE:").split(";") if part]
        parts = {key.strip(): value.strip() for key, value in pairs}
        freq, interval = parts.pop("FREQ"), int(parts.pop("INTERVAL", 1))
        count = int(parts.pop("COUNT")) if "COUNT" in parts else None
        until = dt.datetime.strptime(parts.pop("UNTIL")[:8], "%Y%m%d").date() if "UNTIL" in parts else None
        parts.pop("WKST", None)
        rule = Rule(freq, interval, count, until, parts)
        if freq not in _UNIT or not 1 <= interval <= 400 or (count is not None and count < 1):
            raise ValueError(rrule)
        if any(not 1 <= abs(int(number)) <= 31 for number in parts.get("BYMONTHDAY", "1").split(",")):
            raise ValueError(rrule)
        if next(_ends(rule, dt.date(2026, 1, 1), dt.date(2035, 12, 31)), None) is None:
            raise ValueError(rrule)
    except (KeyError, ValueError, OverflowError, TypeError, AttributeError) as error:
        raise ValidationError(
            _("“%(rule)s” is not a frequency that can be followed. Write for example FREQ=MONTHLY;BYMONTHDAY=27.")
            % {"rule": rrule[:100]}
        ) from error
    return rule


def horizon(commitment: Commitment, today: dt.date) -> dt.date:
    """The last day on which a period may begin to become an assignment already."""
    return today + dt.timedelta(days=HORIZON_DAYS[parse(commitment.rrule).freq])


def near(commitment: Commitment, *, today: dt.date, since: dt.date | None = None) -> list[Period]:
    """The periods that begin by the horizon (the first in any case) and end on ``since`` or later."""
    if not commitment.rrule:
        return []
    return periods(commitment, until=max(horizon(commitment, today), commitment.begins_on), since=since)


def periods(commitment: Commitment, *, until: dt.date, since: dt.date | None = None) -> list[Period]:
    """(first day, last day), both inclusive, of each period that begins by ``until`` and ends on ``since`` or later.

    In order, at most ``MOST_PERIODS``. Empty for a one-off. The duty ends with its deadline, its ``UNTIL`` or its
    ``COUNT``: a calendar period is cut short there, and a day of the rule that lies behind is no longer owed; but
    a duty that ends before its first day is owed once, by its end. Raises ValidationError for a broken rule.
    """
    if not commitment.rrule:
        return []
    wanted = (period for period in _periods(commitment, until) if since is None or period[1] >= since)
    return list(islice(wanted, MOST_PERIODS))


def first_days(rrule: str, *, begins_on: dt.date, count: int) -> list[dt.date]:
    """The first ``count`` last days of a duty that begins then; none where the rule cannot be followed."""
    duty = Commitment(rrule=rrule, begins_on=begins_on)
    try:
        return [end for _begin, end in islice(_periods(duty, begins_on + relativedelta(years=10)), count)]
    except ValidationError:
        return []


def more_to_come(commitment: Commitment, *, after: dt.date) -> bool:
    """Whether the duty has a period that ends after ``after``."""
    if not commitment.rrule:
        return False
    return bool(periods(commitment, until=after + dt.timedelta(days=1), since=after + dt.timedelta(days=1)))


def _periods(commitment: Commitment, until: dt.date) -> Iterator[Period]:
    rule = parse(commitment.rrule)
    over = min((day for day in (commitment.deadline, rule.until) if day), default=dt.date.max)
    begins = commitment.begins_on
    for number, end in enumerate(_ends(rule, begins, until)):
        if begins > min(until, over) or (rule.count and number >= rule.count):
            return
        if end > over and rule.days and number:
            return
        yield begins, min(end, over)
        if end >= over:
            return
        begins = end + dt.timedelta(days=1)


def _ends(rule: Rule, begins_on: dt.date, until: dt.date) -> Iterator[dt.date]:
    """The last day of each period in order, from the one that ``begins_on`` lies in."""
    first = _period_start(rule, begins_on)
    if rule.days:
        # A period that begins by ``until`` may end well after; a rule without any day at all must come to an end.
        limit = dt.datetime.combine(until, dt.time.max) + relativedelta(years=10 + 2 * rule.interval)
        last = None
        for day in _days_of(rule, first, limit):
            if day >= begins_on and day != last:
                yield day
                last = day
        return
    number = 0
    while True:
        number += 1
        yield first + relativedelta(**{_UNIT[rule.freq]: rule.interval * number}) - dt.timedelta(days=1)


def _days_of(rule: Rule, first: dt.date, limit: dt.datetime) -> Iterator[dt.date]:
    """Every day that a rule with ``BY…`` names, in order; the 29th to the 31st are the last day of shorter months."""
    days = dict(rule.days)
    if not days.keys() - {"BYMONTH"}:
        # 每年5月: some day of that month, so by its end. Without this RFC 5545 takes the day of the speech.
        days |= {"BYDAY": "SU"} if rule.freq == "WEEKLY" else {} if rule.freq == "DAILY" else {"BYMONTHDAY": "-1"}
    numbers = [int(number) for number in days.get("BYMONTHDAY", "").split(",") if number]
    late = [number for number in numbers if number > 28]
    if late and not days.keys() - {"BYMONTH", "BYMONTHDAY"}:
        series = [
            (day.replace(day=min(number, day.day)) for day in _rrule(rule, days | {"BYMONTHDAY": "-1"}, first, limit))
            for number in late
        ]
        if early := [str(number) for number in numbers if number <= 28]:
            series.append(_rrule(rule, days | {"BYMONTHDAY": ",".join(early)}, first, limit))
        yield from heapq.merge(*series)
    else:
        yield from _rrule(rule, days, first, limit)


def _rrule(rule: Rule, days: dict[str, str], first: dt.date, limit: dt.datetime) -> Iterator[dt.date]:
    text = ";".join([f"FREQ={rule.freq}", f"INTERVAL={rule.interval}", *(f"{k}={v}" for k, v in days.items())])
    found = rrulestr(text, dtstart=dt.datetime.combine(first, dt.time.min)).replace(until=limit)
    return (moment.date() for moment in found)


def _period_start(rule: Rule, day: dt.date) -> dt.date:
    """The first day of the calendar period that ``day`` lies in: quarters from January, weeks from Monday."""
    if rule.freq == "WEEKLY":
        return day - dt.timedelta(days=day.weekday())
    if rule.freq == "MONTHLY":
        step = rule.interval
        month = (day.month - 1) // step * step + 1 if 12 % step == 0 else day.month
        return day.replace(month=month, day=1)
    return day.replace(month=1, day=1) if rule.freq == "YEARLY" else day
