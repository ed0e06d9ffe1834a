"""A day's work: periods that come due, reminders, and what the outbox holds."""

import datetime as dt
from dataclasses import dataclass, field

from django.utils import timezone

from tracker import duties
from tracker.models import OfficeSettings, Reminder
from tracker.models.office import read_once
from tracker.reminders import outbox, remind_due
from tracker.reminders.stages import quiet


@dataclass
class TickResult:
    """What one run did. ``reminders`` counts those that were due and not there yet when it looked."""

    day: dt.date
    assignments: int = 0
    reminders: int = 0
    messages: int = 0
    sent: int = 0
    failed: int = 0
    unconfirmed: int = 0
    # Numbers of commitments whose frequency cannot be followed until somebody corrects it.
    broken: list[str] = field(default_factory=list)


@read_once()
def tick(*, now: dt.datetime | None = None) -> TickResult:
    """Do the day's work as of ``now``: open the periods that are near, make the reminders that are due, send.

    Safe to run late, twice, or twice at once: every row that it makes has a unique key, and every message is
    claimed before it is sent. Call it outside of a transaction. Whoever dies half-way leaves whole rows only, and
    the next run goes on from there.
    """
    now = now or timezone.now()
    result = TickResult(timezone.localdate(now))
    made = duties.materialise_all(at=now)
    result.assignments, result.broken = made.assignments, made.broken
    result.reminders = remind_due(now=now)
    if not quiet(result.day, OfficeSettings.get()):  # what an earlier run left behind waits for the next working day
        by_hand = (Reminder.Level.MANUAL, Reminder.Level.NOTICE)
        result.messages = outbox.gather(Reminder.objects.exclude(level__in=by_hand), now=now, daily=True)
    sent = outbox.send_due(now=now)
    result.sent, result.failed, result.unconfirmed = sent.sent, sent.failed, sent.unconfirmed
    return result
