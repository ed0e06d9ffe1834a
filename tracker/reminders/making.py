"""Reminders made. Each stands in its recipient's inbox at once; ``outbox`` takes it out of the house."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone, translation
from django.utils.functional import Promise

from speeches.extraction.almanac import add_workdays
from tracker.models import Assignment, Commitment, OfficeSettings, Reminder, Unit, User
from tracker.reminders import outbox, words
from tracker.reminders.people import Recipients
from tracker.reminders.stages import Stage, last_day_before_next_run, quiet, reached, stages

Level = Reminder.Level
# What a unit (or, where none is charged, the office) still has to do something about. What waits for the office's
# check is no longer the unit's to hurry.
WAITING = (Assignment.State.UNASSIGNED, Assignment.State.SENT, Assignment.State.ACTIVE)
BATCH = 500

Key = tuple[int, int, str, dt.date]  # assignment, recipient, level, day: the unique key of a reminder


def remind_due(*, now: dt.datetime) -> int:
    """Make every reminder that is due at ``now`` and not made yet. Returns how many; on quiet days none.

    Safe to run late, twice and twice at once: what is there is left, and the unique key refuses a second one.
    """
    today = timezone.localdate(now)
    policy = OfficeSettings.get()
    if quiet(today, policy):
        return 0
    until = last_day_before_next_run(today, policy)
    farthest = until + dt.timedelta(days=max([0, *policy.before]))
    due = Assignment.objects.filter(
        state__in=WAITING, deadline__lte=farthest, begins_on__lte=until, deleted_at=None, commitment__deleted_at=None
    )
    recipients = Recipients(today)
    # The values first, then batch by batch: SQLite lets nobody write who still holds an older reading open.
    rows = list(due.order_by("pk").values_list(*Due.COLUMNS))
    return sum(
        _remind_batch(rows[first : first + BATCH], recipients, policy, now=now, until=until)
        for first in range(0, len(rows), BATCH)
    )


class Due(NamedTuple):
    """What decides who is reminded of an assignment: values, since of most everybody has been reminded already."""

    pk: int
    unit: int | None
    leader: int | None
    deadline: dt.date
    begins_on: dt.date
    sent_at: dt.datetime | None
    entered_on: dt.date

    COLUMNS = ("pk", "unit", "commitment__leader", "deadline", "begins_on", "sent_at", "commitment__entered_on")


def _remind_batch(
    batch: Sequence[tuple], recipients: Recipients, policy: OfficeSettings, *, now: dt.datetime, until: dt.date
) -> int:
    today = timezone.localdate(now)

    @cache  # the units of a group have the same days
    def now_reached(deadline: dt.date, begins_on: dt.date, sent_on: dt.date) -> list[Stage]:
        found = stages(deadline, begins_on=begins_on, sent_on=sent_on, policy=policy)
        return sorted(reached(found, today=today, until=until), key=lambda stage: stage.day)

    day_of = cache(timezone.localdate)  # what was sent out together was sent at one moment
    wanted: dict[Key, User] = {}
    for values in batch:
        due = Due(*values)
        sent_on = day_of(due.sent_at) if due.sent_at else due.entered_on
        # Whoever is spoken to at several levels (a liaison where no head is known) hears of the newest alone.
        newest = {
            user.pk: (user, stage)
            for stage in now_reached(due.deadline, due.begins_on, sent_on)
            for user in recipients.at(stage.level, due.unit, due.leader)
        }
        for pk, (user, stage) in newest.items():
            wanted[due.pk, pk, stage.level, stage.day] = user
    same_days = Reminder.objects.filter(
        assignment__in=[values[0] for values in batch], day__in={key[3] for key in wanted}
    )
    there = _existing(same_days)
    missing = {key: user for key, user in wanted.items() if key not in there}
    rows = Assignment.objects.select_related("commitment", "unit").in_bulk({key[0] for key in missing})
    answer_by = add_workdays(today, policy.answer_within)
    made = []
    for (pk, _user, level, day), user in missing.items():
        with translation.override(user.language):
            text = words.reminder(level, rows[pk], today=today, answer_by=answer_by)
        made.append(_row(rows[pk], user, level=level, day=day, text=text, now=now))
    Reminder.objects.bulk_create(made, ignore_conflicts=True, batch_size=BATCH)
    return len(made)


def _existing(reminders: QuerySet[Reminder]) -> set[Key]:
    return set(reminders.values_list("assignment_id", "recipient_id", "level", "day"))


def _row(
    assignment: Assignment,
    user: User,
    *,
    level: str,
    day: dt.date,
    text: str,
    now: dt.datetime,
    by: User | None = None,
) -> Reminder:
    return Reminder(
        commitment=assignment.commitment,
        assignment=assignment,
        recipient=user,
        level=level,
        day=day,
        text=text,
        sent_at=now,
        sent_by=by,
    )


@dataclass
class Reminded:
    """What came of reminding by hand."""

    reminders: list[Reminder] = field(default_factory=list)
    # Assignments that had been reminded of by hand on the same day already: nobody is told the same twice a day.
    already: list[Assignment] = field(default_factory=list)
    # Units with nobody to tell.
    unreachable: list[Unit] = field(default_factory=list)

    @property
    def assignments(self) -> int:
        """How many assignments somebody was reminded of."""
        return len({reminder.assignment_id for reminder in self.reminders})


@transaction.atomic
def remind_now(
    assignments: Iterable[Assignment], *, by: User, text: str = "", now: dt.datetime | None = None
) -> Reminded:
    """催办 by hand: remind the liaisons of one or many assignments now, adding the office's ``text``.

    Each person gets one message for all of them, by every channel they use; it goes out when the transaction is
    through. Closed, suspended and withdrawn assignments are passed over. Raises PermissionDenied where ``by`` may
    not remind of one of them, and then nobody is reminded.
    """
    now = now or timezone.now()
    today = timezone.localdate(now)
    rows = list(
        Assignment.objects.filter(pk__in=[one.pk for one in assignments], deleted_at=None, commitment__deleted_at=None)
        .select_related("commitment", "unit")
        .order_by("deadline", "pk")
    )
    if not all(by.has_perm("tracker.remind", row) for row in rows):
        raise PermissionDenied
    rows = [row for row in rows if row.state in WAITING]
    recipients = Recipients(today)
    answer_by = add_workdays(today, OfficeSettings.get().answer_within)
    there = _existing(Reminder.objects.filter(assignment__in=rows, level=Level.MANUAL, day=today))
    result = Reminded()
    for row in rows:
        people = recipients.at(Level.MANUAL, row.unit_id)
        if not people and row.unit:
            result.unreachable.append(row.unit)
        fresh = [user for user in people if (row.pk, user.pk, Level.MANUAL, today) not in there]
        if people and not fresh:
            result.already.append(row)
        for user in fresh:
            with translation.override(user.language):
                sentence = words.reminder(Level.MANUAL, row, today=today, answer_by=answer_by, note=text)
            result.reminders.append(_row(row, user, level=Level.MANUAL, day=today, text=sentence, now=now, by=by))
    Reminder.objects.bulk_create(result.reminders, ignore_conflicts=True)
    _send_at_once(Reminder.objects.filter(assignment__in=rows, level=Level.MANUAL, day=today), now)
    return result


@transaction.atomic
def notify(
    users: Iterable[User],
    *,
    text: str | Promise,
    commitment: Commitment | None = None,
    assignment: Assignment | None = None,
    by: User | None = None,
    now: dt.datetime | None = None,
) -> list[Reminder]:
    """Tell ``users`` something about an item at once (批示, a decision, work handed on): inbox and channels.

    ``text`` may be lazy: it is made in each recipient's language. Each call tells once; whoever calls it in the
    transaction of what it tells of has neither without the other.
    """
    item = assignment.commitment if assignment else commitment
    if item is None:
        raise ValueError("a notice is about an assignment or a commitment")
    now = now or timezone.now()
    made = []
    for user in {user.pk: user for user in users if user.is_active}.values():
        with translation.override(user.language):
            sentence = str(text)
        made.append(
            Reminder(
                commitment=item,
                assignment=assignment,
                recipient=user,
                level=Level.NOTICE,
                day=timezone.localdate(now),
                text=sentence,
                sent_at=now,
                sent_by=by,
            )
        )
    Reminder.objects.bulk_create(made)
    _send_at_once(Reminder.objects.filter(pk__in=[one.pk for one in made]), now)
    return made


def people_of(commitment: Commitment, *, day: dt.date | None = None) -> list[User]:
    """The liaisons of every unit that a commitment charges: whom an instruction on it concerns."""
    recipients = Recipients(day or timezone.localdate())
    rows = commitment.assignments.filter(Q(unit__isnull=False) & ~Q(state=Assignment.State.WITHDRAWN), deleted_at=None)
    units = rows.order_by("pk").values_list("unit", flat=True).distinct()
    return list({user.pk: user for unit in units for user in recipients.liaisons(unit)}.values())


def _send_at_once(reminders: QuerySet[Reminder], now: dt.datetime) -> None:
    outbox.gather(reminders, now=now, daily=False)
    outbox.send_after_commit()
