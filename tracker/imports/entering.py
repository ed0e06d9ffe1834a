"""An imported ledger from its upload to the ledger of the house. Each row is one transaction with its own key."""

import datetime as dt
from hashlib import sha256
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tracker import intake, progress, tree, workflow
from tracker.imports import columns, reading
from tracker.imports.rows import NEW, Proposal, proposals
from tracker.models import Assignment, Commitment, ImportedRow, LedgerImport, Unit, User
from tracker.rules import forget_scope
from tracker.units import Directory

# Rows entered in one request; what is left waits for the next, and a crash in between loses and doubles nothing.
PORTION = 50
_TOWNSHIP = ("镇", "乡", "街道", "街道办事处")


def upload(data: bytes, *, name: str, reckoned_from: dt.date, by: User) -> LedgerImport:
    """Read a file, choose the sheet that looks most like a ledger, and guess its columns.

    Raises ValidationError where the file cannot be read.
    """
    if not by.has_perm("tracker.add_commitment"):
        raise PermissionDenied
    sheets = reading.read(data, name)
    sheet = max(sheets, key=lambda one: (len(columns.headings(one.rows)), len(one.rows)))
    header = columns.header_row(sheet.rows)
    return LedgerImport.objects.create(
        name=name[:300],
        sheet=sheet.name[:100],
        sha256=sha256(data).hexdigest(),
        grid=[{"number": row.number, "cells": list(row.cells), "hidden": row.hidden} for row in sheet.rows],
        header_row=sheet.rows[header].number if header >= 0 else 0,
        columns=columns.guess(sheet.rows, header, Directory()),
        reckoned_from=reckoned_from,
        uploaded_by=by,
    )


def enter(ledger: LedgerImport, *, by: User, portion: int = PORTION) -> tuple[int, int]:
    """Enter the next ``portion`` of the rows that are new and sound: (how many were, how many are left)."""
    if not by.has_perm("tracker.add_commitment"):
        raise PermissionDenied
    ready = [row for row in proposals(ledger) if row.kind == NEW]
    if ready and any(row.unknown for row in ready):
        _create_units(ready, by)
        forget_scope(by)
        forget_scope(ledger.uploaded_by)
        ready = [row for row in proposals(ledger) if row.kind == NEW]
    entered = sum(_enter_row(row, ledger, by) for row in ready[:portion])
    left = max(0, len(ready) - portion)
    if not left:
        LedgerImport.objects.filter(pk=ledger.pk).update(finished_at=timezone.now())
    return entered, left


@transaction.atomic
def _create_units(rows: list[Proposal], by: User) -> None:
    """The units that the office chose to create, below its own top unit, in the order in which they are named."""
    if not by.has_perm("tracker.change_unit"):
        raise PermissionDenied
    root = tree.top(by)
    for name in dict.fromkeys(name for row in rows for name in row.unknown):
        kind = Unit.Kind.TOWNSHIP if name.endswith(_TOWNSHIP) else Unit.Kind.DEPARTMENT
        if len(name) <= 100 and not Unit.objects.filter(name=name).exists():
            Unit.objects.create(name=name, kind=kind, parent=root, position=Unit.objects.count() + 1)


def _enter_row(row: Proposal, ledger: LedgerImport, by: User) -> int:
    """1 where the row was entered, 0 where somebody else entered it in the meantime."""
    entered_on = row.draft.begins_on
    at = _noon(entered_on) if "entered_on" in row.cells else timezone.now()
    try:
        with transaction.atomic():
            # A row whose commitment was removed from the ledger may be brought in anew.
            ImportedRow.objects.filter(key=row.key, commitment__deleted_at__isnull=False).delete()
            commitment = intake.enter(row.draft, by=by, at=at)
            ImportedRow.objects.create(ledger=ledger, key=row.key, row=row.row, commitment=commitment)
            _take_over(commitment, row, ledger, at)
    except IntegrityError:
        if ImportedRow.objects.filter(key=row.key).exists():
            return 0
        raise
    return 1


def _noon(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time(12)))


def _take_over(commitment: Commitment, row: Proposal, ledger: LedgerImport, at: dt.datetime) -> None:
    """What the sheet says of the state: who is responsible, how far it is, what is in the way, whether it is closed.

    The steps are taken by the system in the units' name, and say in their note where they come from.
    """
    note = _("Taken over from %(name)s, row %(row)s") % {"name": ledger.name, "row": row.row}
    said = row.latest or (_("Progress %(percent)s%%") % {"percent": row.progress} if row.progress is not None else "")
    if not (said or row.problems or row.closed_on or row.person):
        return
    closed_at = _noon(row.closed_on) if row.closed_on else None
    for assignment in commitment.assignments.filter(state=Assignment.State.SENT, deleted_at=None):
        workflow.receive(assignment, by=None, person=row.person, at=min(at, closed_at) if closed_at else at)
        if said or row.problems:
            moment = closed_at or timezone.now()
            progress.report(
                assignment, by=None, text=said or note, percent=row.progress, problems=row.problems, at=moment
            )
        if closed_at:
            workflow.submit(assignment, by=None, note=note, at=closed_at)
            workflow.accept(assignment, by=None, note=note, at=closed_at)


def set_columns(ledger: LedgerImport, chosen: dict[str, int | None], **settings: Any) -> None:
    """Keep what the user confirmed. Raises ValidationError where one column is to serve two fields."""
    used = [at for at in chosen.values() if at is not None]
    if len(used) != len(set(used)):
        raise ValidationError(_("One column cannot serve two fields."))
    if chosen.get("title") is None:
        raise ValidationError(_("Say in which column the item stands."))
    ledger.columns = {name: at for name, at in chosen.items() if at is not None}
    for name, value in settings.items():
        setattr(ledger, name, value)
    ledger.save()
