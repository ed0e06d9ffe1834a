"""Which days an assignment is reminded on. Pure functions of its days and the office's settings.

A run that comes late must neither skip a stage nor make up for each that it missed: so for each audience only the
newest stage that has been reached counts, and it is made once for whoever holds the post.
"""

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

from speeches.extraction.almanac import works
from tracker.models import OfficeSettings, Reminder

Level = Reminder.Level
# Who is spoken to at each level: an audience hears of its newest stage only.
AUDIENCES = ((Level.BEFORE, Level.ON_DAY, Level.LIAISON), (Level.HEAD,), (Level.LEADER,))


class Stage(NamedTuple):
    """A level that is reached on ``day``."""

    level: str
    day: dt.date


def stages(deadline: dt.date, *, begins_on: dt.date, sent_on: dt.date, policy: OfficeSettings) -> list[Stage]:
    """Every stage of an assignment, in order of its day.

    Nobody is reminded beforehand on a day before the work begins or before it was sent out; and what was sent
    out after its last day already escalates from the day that it was sent.
    """
    known = max(begins_on, sent_on)
    before = [Stage(Level.BEFORE, deadline - dt.timedelta(days=days)) for days in policy.before]
    found = [stage for stage in before if stage.day > known]
    if policy.on_day and deadline >= known:
        found.append(Stage(Level.ON_DAY, deadline))
    late = max(deadline, sent_on)
    for level, offsets in ((Level.LIAISON, policy.liaison), (Level.HEAD, policy.head), (Level.LEADER, policy.leader)):
        found += [Stage(level, late + dt.timedelta(days=days)) for days in offsets]
    return sorted(found, key=lambda stage: stage.day)


def reached(found: Iterable[Stage], *, today: dt.date, until: dt.date) -> list[Stage]:
    """The newest stage of each audience. ``until`` is the last day before the next run that may speak: what falls
    due while the office is away is said before it leaves, but nobody is called late before they are."""
    result = []
    for levels in AUDIENCES:
        now = [
            stage
            for stage in found
            if stage.level in levels and stage.day <= (until if stage.level in (Level.BEFORE, Level.ON_DAY) else today)
        ]
        if now:
            result.append(max(now, key=lambda stage: stage.day))
    return result


def quiet(today: dt.date, policy: OfficeSettings) -> bool:
    """Whether nobody is to be disturbed: a day on which offices do not work, where the office wants quiet then."""
    return policy.quiet_on_holidays and not works(today)


def last_day_before_next_run(today: dt.date, policy: OfficeSettings) -> dt.date:
    """The last day that must be spoken of today: today itself, or the end of the holidays that begin tomorrow."""
    day = today
    while quiet(day + dt.timedelta(days=1), policy):
        day += dt.timedelta(days=1)
    return day
