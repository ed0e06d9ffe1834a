"""Recurring duties: the periods of an RFC 5545 rule, each with its first and its last day."""

import datetime as dt

from dateutil.relativedelta import relativedelta
from dateutil.rrule import rrulestr

from tracker.models import Commitment

# How far ahead periods become assignments: near enough to matter, far enough for a plan.
HORIZON_DAYS = 45
# A rule with no end, or one that somebody mistyped, must not make rows without end.
MOST_PERIODS = 400


def horizon(today: dt.date) -> dt.date:
    """The last day up to which periods become assignments."""
    return today + dt.timedelta(days=HORIZON_DAYS)


def periods(commitment: Commitment, *, until: dt.date) -> list[tuple[dt.date, dt.date]]:
    """(first day, last day) of each period of the commitment that begins by ``until``, both inclusive, in order.

    A period without a day of its own (每月督办一次) ends with the calendar period: month, quarter, half-year,
    year or week. One with a day (每月28日前, BYMONTHDAY=27) ends on it. The duty ends with its deadline.
    Empty for a one-off.
    """
    if not commitment.rrule:
        return []
    last = min(until, commitment.deadline) if commitment.deadline else until
    found: list[tuple[dt.date, dt.date]] = []
    begins = commitment.begins_on
    for end in _ends(commitment.rrule, commitment.begins_on):
        if begins > last or len(found) >= MOST_PERIODS:
            break
        if commitment.deadline and end > commitment.deadline:
            end = commitment.deadline
        found.append((begins, end))
        begins = end + dt.timedelta(days=1)
    return found


def _ends(rule: str, begins_on: dt.date):
    """The last day of each period, in order, from the one that ``begins_on`` lies in."""
    parts = dict(part.split("=", 1) for part in rule.removeprefix("RRULE:").split(";") if "=" in part)
    if any(key.startswith("BY") for key in parts):
        start = dt.datetime.combine(begins_on, dt.time.min)
        for moment in rrulestr(rule, dtstart=start):
            yield moment.date()
        return
    step = int(parts.get("INTERVAL", 1))
    first = _period_start(parts["FREQ"], step, begins_on)
    for count in range(MOST_PERIODS):
        yield _shift(parts["FREQ"], first, step * (count + 1)) - dt.timedelta(days=1)


def _period_start(freq: str, step: int, day: dt.date) -> dt.date:
    """The first day of the calendar period that ``day`` lies in: quarters from January, weeks from Monday."""
    if freq == "WEEKLY":
        return day - dt.timedelta(days=day.weekday())
    if freq == "MONTHLY":
        month = (day.month - 1) // step * step + 1 if 12 % step == 0 else day.month
        return day.replace(month=month, day=1)
    return day.replace(month=1, day=1) if freq == "YEARLY" else day


def _shift(freq: str, day: dt.date, count: int) -> dt.date:
    unit = {"DAILY": "days", "WEEKLY": "weeks", "MONTHLY": "months", "YEARLY": "years"}[freq]
    return day + relativedelta(**{unit: count})
