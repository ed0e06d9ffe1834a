"""What is due when: the days of a month, the bars of a timeline, and a calendar that other programs read."""

import calendar
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Case, Count, F, QuerySet, Value, When, Window
from django.db.models.functions import Coalesce, RowNumber
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Alarm, Calendar, Event

from tracker.days import EARLIEST, LATEST
from tracker.lights import Light, with_light
from tracker.models import Assignment

# What a cell of the month shows before it only counts.
SHOWN_A_DAY = 4
# A feed is fetched whole, again and again: it holds what can still matter.
FEED_PAST_DAYS, FEED_AHEAD_DAYS, FEED_MOST = 180, 400, 2000


@dataclass
class Day:
    """One day of a month's page: the most urgent items due on it, and how many there are."""

    date: dt.date
    in_month: bool
    items: list[Assignment] = field(default_factory=list)
    count: int = 0

    @property
    def more(self) -> int:
        return self.count - len(self.items)


def month(assignments: QuerySet[Assignment], first: dt.date, today: dt.date) -> list[list[Day]]:
    """The weeks (Monday first) that the month of ``first`` touches, in three queries whatever the number of items."""
    weeks = [
        [Day(date, date.month == first.month) for date in week]
        for week in calendar.Calendar().monthdatescalendar(first.year, first.month)
    ]
    days = {day.date: day for week in weeks for day in week}
    due = assignments.filter(deadline__range=(weeks[0][0].date, weeks[-1][-1].date))
    for row in due.order_by().values("deadline").annotate(count=Count("pk")):
        days[row["deadline"]].count = row["count"]
    for assignment in _first_of_each_day(due, today):
        days[assignment.deadline].items.append(assignment)
    return weeks


def _first_of_each_day(due: QuerySet[Assignment], today: dt.date) -> QuerySet[Assignment]:
    """What is open before what is done, the least advanced first: on one day these are the most urgent. Placed by
    columns of their own, and only what is shown is joined and given its light."""
    still_open = Case(When(closed_on=None, then=Value(0)), default=Value(1))
    placed = due.order_by().annotate(
        place=Window(RowNumber(), partition_by=F("deadline"), order_by=[still_open, Coalesce("progress", 0), "pk"])
    )
    first = placed.filter(place__lte=SHOWN_A_DAY).values_list("pk", flat=True)
    shown = with_light(Assignment.objects.filter(pk__in=list(first)), today).select_related("commitment", "unit")
    return shown.order_by("deadline", "urgency", "pk")


@dataclass(frozen=True)
class Bar:
    """One assignment on the timeline; ``x`` and ``width`` in thousandths of the time shown."""

    assignment: Assignment
    x: float
    width: float
    done_width: float


def bars(assignments: Iterable[Assignment], first: dt.date, last: dt.date) -> list[Bar]:
    """Where each assignment's time lies between ``first`` and ``last`` (both inclusive), clipped at both ends."""
    whole = (last - first).days + 1

    def place(days: int) -> float:
        return max(0.0, min(1000.0, days * 1000 / whole))

    made = []
    for assignment in assignments:
        x = place((assignment.begins_on - first).days)
        width = max(4.0, place((assignment.deadline - first).days + 1) - x)
        made.append(Bar(assignment, round(x, 1), round(width, 1), round(width * (assignment.progress or 0) / 100, 1)))
    return made


def today_mark(today: dt.date, first: dt.date, last: dt.date) -> float | None:
    """Where today's line stands, in thousandths; None where today is not shown."""
    if not first <= today <= last:
        return None
    return round(((today - first).days + 0.5) * 1000 / ((last - first).days + 1), 1)


def feed(assignments: QuerySet[Assignment], *, name: str, address: str, today: dt.date) -> bytes:
    """An iCalendar (RFC 5545) with one all-day event on the last day of each assignment.

    ``address`` is the site's own address, without a slash at its end, for the links. Read by Outlook, Apple
    Calendar and WPS; events are ``TRANSPARENT``, so that nobody looks busy for owing something.
    """
    made = Calendar()
    made.add("prodid", "-//Luoshi//luoshi//ZH")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", name)
    made.add("x-wr-timezone", "Asia/Shanghai")
    made.add("refresh-interval;value=duration", "PT6H")
    near = assignments.filter(
        deadline__range=(today - dt.timedelta(days=FEED_PAST_DAYS), today + dt.timedelta(days=FEED_AHEAD_DAYS))
    ).exclude(state=Assignment.State.WITHDRAWN)
    for assignment in (
        with_light(near, today).select_related("commitment", "unit").order_by("deadline", "pk")[:FEED_MOST]
    ):
        made.add_component(_event(assignment, address))
    return made.to_ical()


def _event(assignment: Assignment, address: str) -> Event:
    commitment = assignment.commitment
    light = Light(assignment.light)
    link = f"{address}/commitments/{commitment.number}/"
    event = Event()
    event.add("uid", f"assignment-{assignment.pk}@luoshi")
    event.add("dtstamp", assignment.last_update_at or assignment.created_at)
    event.add("sequence", assignment.version)
    event.add("dtstart", assignment.deadline)
    event.add("dtend", assignment.deadline + dt.timedelta(days=1))
    mark = f"【{light.label}】" if light in (Light.RED, Light.YELLOW, Light.BLUE) else ""
    event.add("summary", f"{mark}{commitment.title}")
    unit = assignment.unit.name if assignment.unit else _("To be assigned")
    event.add("description", "\n".join([f"{commitment.number} {unit}", str(assignment.get_state_display()), link]))
    event.add("categories", [str(light.label)])
    event.add("url", link)
    event.add("transp", "TRANSPARENT")
    if light not in (Light.DONE, Light.DONE_LATE):
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", commitment.title)
        alarm.add("trigger", dt.timedelta(days=-3, hours=9))
        event.add_component(alarm)
    return event


def first_of(text: str | None) -> dt.date:
    """The first day of the month written as ``2026-11``; of the present month where it is not understood."""
    try:
        first = dt.date.fromisoformat(f"{text}-01")
    except ValueError:
        first = None
    return first if first and EARLIEST <= first <= LATEST else timezone.localdate().replace(day=1)
