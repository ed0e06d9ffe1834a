"""Recurring duties come due: each period that is near becomes one assignment for every unit that is charged so far.

It may run late, twice, or on two machines at once. Periods are made strictly in order, each in a transaction that
holds the commitment's row, so whoever comes second finds the period there; the unique keys of the database are
the last guard. What a crash leaves unmade, the next run makes.
"""

import datetime as dt
import logging
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from tracker import recurrence, workflow
from tracker.models import Assignment, Commitment, Transition

logger = logging.getLogger(__name__)


@dataclass
class Materialised:
    """How many assignments were made, and the numbers of the commitments whose frequency cannot be followed."""

    assignments: int = 0
    broken: list[str] = field(default_factory=list)


def materialise_all(*, at: dt.datetime) -> Materialised:
    """Every period of every open duty that is near at ``at`` and not there yet. One broken rule stops no other."""
    result = Materialised()
    duties = Commitment.objects.filter(deleted_at=None, state=Commitment.State.OPEN).exclude(rrule="")
    for commitment in duties.annotate(last_period=Max("assignments__period")).order_by("pk"):
        try:
            result.assignments += materialise(commitment, at=at, last_period=commitment.last_period)
        except ValidationError:
            logger.warning("Commitment %s has a frequency that cannot be followed.", commitment.number)
            result.broken.append(commitment.number)
    return result


def open_for_units(commitment: Commitment, *, at: dt.datetime) -> list[recurrence.Period]:
    """The periods that units charged at ``at`` will owe: from the day of entry on where nobody is charged yet, else
    from the present one on. Those already charged get theirs first, so that no period stands there without them.

    Empty for a one-off. Locks a recurring commitment until the transaction ends: the day's work must not add a
    period between this and the charging.
    """
    if not commitment.rrule:
        return []
    Commitment.objects.select_for_update(no_key=True).get(pk=commitment.pk)
    today = timezone.localdate(at)
    charged = commitment.assignments.filter(deleted_at=None, unit__isnull=False)
    if not charged.exists():
        # A duty from an old speech is followed from the day it entered the ledger: nobody could sign for, or
        # be late with, what had passed before.
        return recurrence.near(commitment, today=today, since=commitment.entered_on)
    materialise(commitment, at=at, last_period=charged.aggregate(last=Max("period"))["last"])
    return recurrence.near(commitment, today=today, since=today)


def materialise(commitment: Commitment, *, at: dt.datetime, last_period: dt.date | None) -> int:
    """The periods that are near at ``at`` and after ``last_period``, the last there is. Returns how many rows."""
    since = last_period + dt.timedelta(days=1) if last_period else None
    made = 0
    for begins_on, period in recurrence.near(commitment, today=timezone.localdate(at), since=since):
        made += _open_period(commitment.pk, begins_on, period, at)
    return made


@transaction.atomic
def _open_period(pk: int, begins_on: dt.date, period: dt.date, at: dt.datetime) -> int:
    """One period, for the units of the one before it; nothing if it is there already or is owed by nobody."""
    commitment = Commitment.objects.select_for_update(no_key=True).get(pk=pk)
    if commitment.deleted_at or commitment.state != Commitment.State.OPEN:
        return 0
    # Deleted rows count: what somebody has taken out is not put back.
    last = commitment.assignments.aggregate(last=Max("period"))["last"]
    if last and period <= last:
        return 0
    if last:
        # A frequency that was changed on the way must not owe a day twice.
        begins_on = max(begins_on, last + dt.timedelta(days=1))
    if period < _resumed_on(commitment):
        return 0
    return _carry_on(commitment, last, begins_on, period, at)


def _carry_on(
    commitment: Commitment, last: dt.date | None, begins_on: dt.date, period: dt.date, at: dt.datetime
) -> int:
    """Charge the units of the period ``last`` again, with their part, person and group. Withdrawn ones owe no more;
    what a unit handed on to one below it stays with that unit."""
    rows = commitment.assignments.filter(period=last, deleted_at=None, handed_from=None)
    carried = list(rows.exclude(state=Assignment.State.WITHDRAWN).select_related("unit", "via").order_by("pk"))
    made = 0
    for row in carried:
        if row.unit is not None:
            made += len(
                workflow.charge(
                    commitment,
                    [row.unit],
                    by=None,
                    role=row.role,
                    via=row.via,
                    person=row.person,
                    begins_on=begins_on,
                    period=period,
                    at=at,
                )
            )
    if carried and not made:
        workflow.leave_unassigned(commitment, begins_on=begins_on, period=period)
        made = 1
    return made


def _resumed_on(commitment: Commitment) -> dt.date:
    """The day on which the duty was last resumed: periods that ended while it was suspended are not owed."""
    resumed = Transition.objects.filter(assignment__commitment=commitment, action="resume").aggregate(at=Max("at"))
    return timezone.localdate(resumed["at"]) if resumed["at"] else dt.date.min
