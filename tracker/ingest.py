"""Files into the ledger without a preview: what command ``ingest`` does with each file, and its task."""

import datetime as dt
import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from speeches import upload
from speeches.models import Finding, SourceFile, Speech
from speeches.readers import Limits, ReadError, read_guarded
from speeches.readers.document import MEBIBYTE
from speeches.readers.parts import SpeechPart
from speeches.readers.reading import check_size
from tracker import intake, workflow
from tracker.units import Directory

logger = logging.getLogger(__name__)
# Files that are refused for these leave their name and the reason, but not their bytes.
REFUSED_UNREAD = ("empty", "too_large")
# What --confirm takes into the ledger without a person looking at it.
CONFIRM = ("none", "hard", "all")


@dataclass(frozen=True)
class Outcome:
    """What became of one file: ``stored``, ``known`` (stored before) or ``failed``, with the sentence that says why."""

    name: str
    state: str
    speeches: int = 0
    findings: int = 0
    confirmed: int = 0
    reason: str = ""


class Undated(Exception):
    """A speech states no possible day, and none was given; the message says so."""


def files(paths: list[Path]) -> Iterator[Path]:
    """Every file that is named or lies in a named folder, in order of its path; hidden ones are left out."""
    for path in paths:
        if path.is_dir():
            inside = (found for found in path.rglob("*") if found.is_file())
            yield from sorted(
                found
                for found in inside
                if not any(part.startswith((".", "~$")) for part in found.relative_to(path).parts)
            )
        else:
            yield path


def limits() -> Limits:
    """How much a file may ask for, with the size that the office allows."""
    return Limits(max_bytes=settings.UPLOAD_LIMIT_MB * MEBIBYTE)


def size_problem(size: int) -> ReadError | None:
    """Why a file of ``size`` bytes is refused before anybody reads it; None where it is not."""
    try:
        check_size(size, limits())
    except ReadError as error:
        return error
    return None


def ingest(
    data: bytes, *, name: str, delivered_on: dt.date | None = None, confirm: str = "none", by: Any = None
) -> Outcome:
    """Read a file, store its speeches, and confirm what ``confirm`` says; never a half-made speech.

    The day that a speech states of itself counts; ``delivered_on`` is for those that state none. A file that
    is stored already is left as it is, but what nobody has reviewed in it is confirmed, so that a run which
    was interrupted can simply be run again.
    """
    known = upload.stored(data)
    try:
        speeches = known or _store(data, name=name, delivered_on=delivered_on, by=by)
    except upload.AlreadyStored as same:
        speeches = known = same.speeches
    except ReadError as error:
        if error.code in REFUSED_UNREAD:
            upload.record_refusal([data], name=name, error=error, by=by)
        else:
            upload.record_failure(data, name=name, error=error, by=by)
        return Outcome(name, "failed", reason=_(ReadError.CODES[error.code]) % error.params)
    except Undated as error:
        return Outcome(name, "failed", reason=str(error))
    confirmed = sum(confirm_unseen(speech, confirm, by=by) for speech in speeches)
    found = Finding.objects.filter(speech__in=speeches).count()
    return Outcome(name, "known" if known else "stored", len(speeches), found, confirmed)


def ingest_path(path: Path, *, delivered_on: dt.date | None = None, confirm: str = "none") -> Outcome:
    """``ingest`` for a file on this machine; one that cannot be opened has failed, with the system's own reason."""
    try:
        if problem := size_problem(path.stat().st_size):
            with path.open("rb") as file:
                upload.record_refusal(iter(lambda: file.read(MEBIBYTE), b""), name=path.name, error=problem)
            return Outcome(str(path), "failed", reason=_(ReadError.CODES[problem.code]) % problem.params)
        data = path.read_bytes()
    except OSError as error:
        return Outcome(str(path), "failed", reason=_("It cannot be opened: %(why)s.") % {"why": error.strerror})
    try:
        return replace(ingest(data, name=path.name, delivered_on=delivered_on, confirm=confirm), name=str(path))
    except Exception as error:  # one file of thousands: it is reported, and the others go on
        logger.exception("ingest of %s failed", path)
        return Outcome(str(path), "failed", reason=_("Unexpected error: %(why)s.") % {"why": error})


def ingest_received(pk: int, *, delivered_on: dt.date | None = None, confirm: str = "none") -> Outcome | None:
    """``ingest`` for a file whose bytes were put into the storage before: what a worker does.

    None where they are gone: the same task came twice, and the first time the file was refused and forgotten.
    """
    source = SourceFile.objects.filter(pk=pk).first()
    if source is None or not source.is_kept:
        return None
    with source.file.open() as file:
        data = file.read()
    outcome = ingest(data, name=source.name, delivered_on=delivered_on, confirm=confirm)
    for left in SourceFile.objects.filter(pk=pk, state=SourceFile.State.RECEIVED):
        upload.forget(left)  # refused for its date: as in-process, nothing of it stays
    return outcome


def _store(data: bytes, *, name: str, delivered_on: dt.date | None, by: Any) -> list[Speech]:
    document = read_guarded(data, name=name, limits=limits())
    parts = upload.parts_of(document.text)
    fallback = Path(name).stem
    drafts = [
        upload.draft_of(
            part,
            fallback_title=fallback if len(parts) == 1 else f"{fallback} {number}",
            delivered_on=_day_of(part, delivered_on, fallback),
        )
        for number, part in enumerate(parts, start=1)
    ]
    return upload.save(drafts, data=data, name=name, format=document.format, by=by)


def _day_of(part: SpeechPart, given: dt.date | None, title: str) -> dt.date:
    """The day of one speech: the one it states if that can be, else the one that was given."""
    today = timezone.localdate()
    stated = part.delivered_on.value if part.delivered_on else None
    for day in (stated, given):
        if day and not upload.date_problem(day, today=today):
            return day
    if given or stated:
        raise Undated(upload.date_problem(given or stated, today=today))
    words = part.title.value if part.title else title
    raise Undated(
        _("“%(title)s” does not say on which day it was delivered. Run again with --delivered-on YYYY-MM-DD.")
        % {"title": words[:40]}
    )


def confirm_unseen(speech: Speech, which: str, *, by: Any = None) -> int:
    """Confirm the findings of ``speech`` that nobody ever decided on: "none", "hard" or "all" of them."""
    if which == "none":
        return 0
    unseen = speech.findings.filter(reviews=None).select_related("speech")
    if which == "hard":
        unseen = unseen.filter(tier=Finding.Tier.HARD)
    directory = Directory()
    confirmed = 0
    for finding in unseen:
        try:
            intake.confirm(finding, by=by, as_draft=intake.draft(finding, directory))
        except workflow.Stale:  # a reviewer, or another run of the same command, was faster
            continue
        confirmed += 1
    return confirmed
