"""批示: what a leader writes on an item, and who hears of it."""

import datetime as dt

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker.models import Commitment, Instruction, User
from tracker.reminders import notify
from tracker.reminders.making import people_of
from tracker.workflow import Refused


@transaction.atomic
def instruct(commitment: Commitment, *, by: User, text: str, at: dt.datetime | None = None) -> Instruction:
    """Write an instruction on an item; the liaisons of every unit that it charges are told at once.

    Raises PermissionDenied for anyone but a leader who sees the item, ``Refused`` for an empty text.
    """
    if not by.has_perm("tracker.instruct_commitment", commitment):
        raise PermissionDenied
    if not text.strip():
        raise Refused(_("Write what is to be done."), field="text")
    at = at or timezone.now()
    row = Instruction.objects.create(commitment=commitment, text=text.strip(), by=by, at=at)
    told = format_lazy(gettext_lazy("Instruction by {leader}: {text}"), leader=str(by), text=row.text)
    notify(people_of(commitment, day=timezone.localdate(at)), text=told, commitment=commitment, by=by, now=at)
    return row
