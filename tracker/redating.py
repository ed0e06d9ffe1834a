"""Correcting what is known of a speech. A new day reckons every deadline anew: at once where nobody has confirmed it,
and for confirmed commitments where a person chooses so."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from speeches import upload
from speeches.extraction import resolve_value
from speeches.models import Speech
from tracker import ledger, workflow
from tracker.models import Commitment, User


@dataclass(frozen=True)
class Shift:
    """A confirmed commitment whose words come to another last day when the speech's day is corrected."""

    commitment: Commitment
    old: dt.date | None
    new: dt.date | None


def shifts(speech: Speech, day: dt.date) -> list[Shift]:
    """The commitments of ``speech`` that would move if it had been given on ``day``, in the order of the text.

    Only where the present last day follows from the words: what a person set by hand, or extended, stays. Nothing is
    moved to before its own beginning.
    """
    words = upload.lexicon()
    found = []
    open_ones = speech.commitments.filter(deleted_at=None, state=Commitment.State.OPEN).exclude(deadline_value="")
    for commitment in open_ones.order_by("start", "pk"):
        value = commitment.deadline_value
        old, new = (resolve_value(value, delivered_on=each, lexicon=words) for each in (speech.delivered_on, day))
        if old == commitment.deadline and new != old and (new is None or new >= _begins(commitment, speech, day)):
            found.append(Shift(commitment, old, new))
    return found


def _begins(commitment: Commitment, speech: Speech, day: dt.date) -> dt.date:
    """When ``commitment`` begins if ``speech`` was given on ``day``: with it, unless a person set another day."""
    return day if commitment.begins_on == speech.delivered_on else commitment.begins_on


@transaction.atomic
def correct(
    speech: Speech, *, by: User | None, version: int, move: Collection[int] = (), **fields: Any
) -> tuple[int, int]:
    """Correct fields of a speech. Returns how many findings and how many commitments have another last day now.

    ``move`` are the ids of the commitments (of ``shifts``) whose deadlines follow a corrected ``delivered_on``.
    Raises ``workflow.Stale`` where the speech was corrected since ``version``.
    """
    if by is not None and not by.has_perm("speeches.change_speech"):
        raise PermissionDenied
    row = Speech.objects.select_for_update().get(pk=speech.pk)
    if row.version != version:
        raise workflow.Stale(
            _("Somebody else has changed this in the meantime. Look at it again, then repeat your step.")
        )
    before, day = row.delivered_on, fields.pop("delivered_on", row.delivered_on)
    moving = [shift for shift in shifts(row, day) if shift.commitment.pk in move] if day != before else []
    beginnings = {shift.commitment.pk: _begins(shift.commitment, row, day) for shift in moving}
    for name, value in fields.items():
        setattr(row, name, value)
    row.version += 1
    row.save(update_fields=[*fields, "version"])
    findings = upload.redate(row, day) if day != before else 0
    for shift in moving:
        item = shift.commitment
        ledger.correct(item, by=by, version=item.version, deadline=shift.new, begins_on=beginnings[item.pk])
    return findings, len(moving)
