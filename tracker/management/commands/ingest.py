"""``manage.py ingest PATH…``: files and folders of speeches into the ledger."""

import datetime as dt
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from celery.exceptions import TimeoutError
from celery.result import AsyncResult
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from speeches import upload
from speeches.acting import Origin, acting
from tracker import celery_app, ingest
from tracker.ingest import Outcome
from tracker.tasks import ingest_file

# Files that the workers have been given at a time, so that a folder of any size takes little memory here.
MOST_WAITING = 64
# Seconds after which it is asked whether there are workers at all, and after which no worker is waited for longer.
LOOK_AFTER, PATIENCE = 30, 600


class Rate(ProgressColumn):
    """Files a second, so far."""

    def render(self, task: Task) -> Text:
        return Text(_("%(rate).1f files/s") % {"rate": task.speed or 0.0}, style="progress.data.speed")


class Command(BaseCommand):
    help = "Read files of speeches (folders with everything in them) into the ledger. Running it again doubles nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
        parser.add_argument(
            "--delivered-on",
            type=dt.date.fromisoformat,
            metavar="YYYY-MM-DD",
            help="the day of those speeches that do not state it themselves",
        )
        parser.add_argument(
            "--confirm",
            choices=ingest.CONFIRM,
            default="none",
            help="enter findings into the ledger unreviewed: those with a date or number (hard), or all",
        )

    def handle(self, *, paths: list[Path], delivered_on: dt.date | None, confirm: str, **options: Any) -> None:
        for path in paths:
            if not path.exists():
                raise CommandError(_("There is no %(path)s.") % {"path": path})
        if delivered_on and (problem := upload.date_problem(delivered_on, today=timezone.localdate())):
            raise CommandError(problem)
        console = _console(self.stdout)
        found = list(ingest.files(paths))
        read = _through_workers if settings.CELERY_BROKER_URL and workers_answer() else _in_process
        if settings.CELERY_BROKER_URL and read is _in_process:
            self.stderr.write(_("No worker answers at the broker; the files are read here, one after the other."))
        outcomes: list[Outcome] = []
        try:
            with acting(None, Origin.COMMAND), _progress(console) as progress:
                for outcome in progress.track(read(found, delivered_on, confirm), total=len(found), description=""):
                    outcomes.append(outcome)
        except KeyboardInterrupt:
            self._report(console, outcomes)
            raise CommandError(
                _("Interrupted after %(done)d of %(files)d files. Run the same command again: it goes on from there.")
                % {"done": len(outcomes), "files": len(found)},
                returncode=130,
            ) from None
        self._report(console, outcomes)

    def _report(self, console: Console, outcomes: list[Outcome]) -> None:
        count = Counter(outcome.state for outcome in outcomes)
        console.print(
            _(
                "%(files)d files: %(stored)d stored, %(known)d stored before, %(failed)d failed. "
                "%(speeches)d speeches, %(findings)d findings, %(confirmed)d confirmed."
            )
            % {
                "files": len(outcomes),
                "stored": count["stored"],
                "known": count["known"],
                "failed": count["failed"],
                "speeches": sum(outcome.speeches for outcome in outcomes),
                "findings": sum(outcome.findings for outcome in outcomes),
                "confirmed": sum(outcome.confirmed for outcome in outcomes),
            }
        )
        failed = [outcome for outcome in outcomes if outcome.state == "failed"]
        if failed:
            table = Table(title=_("Not read"))
            for heading in (_("File"), _("Reason and what to do")):
                table.add_column(heading, overflow="fold")  # a Chinese sentence has no spaces to break at
            for outcome in failed:
                table.add_row(outcome.name, outcome.reason)
            console.print(table)


def _console(stdout: Any) -> Console:
    """A console on the command's output; piped, its lines are not broken, so that a program can read them."""
    file = getattr(stdout, "_out", stdout)
    return Console(file=file, width=None if file.isatty() else 1000)


def _progress(console: Console) -> Progress:
    """A bar with rate and remaining time on a terminal; nothing where the output is piped."""
    columns = BarColumn(), MofNCompleteColumn(), Rate(), TimeRemainingColumn(), TextColumn("{task.description}")
    return Progress(*columns, console=console, disable=not console.is_terminal)


def workers_answer() -> bool:
    """Whether at least one worker is there to take files."""
    try:
        return bool(celery_app.control.ping(timeout=3))
    except OperationalError:  # no broker at that address either
        return False


def _in_process(found: Iterable[Path], delivered_on: dt.date | None, confirm: str) -> Iterator[Outcome]:
    for path in found:
        yield ingest.ingest_path(path, delivered_on=delivered_on, confirm=confirm)


def _through_workers(found: Iterable[Path], delivered_on: dt.date | None, confirm: str) -> Iterator[Outcome]:
    """The same on all workers at once. The bytes travel through the storage, so workers may be on other machines."""
    waiting: deque[tuple[Path, AsyncResult]] = deque()
    for path in found:
        while len(waiting) >= MOST_WAITING:
            yield _outcome(*waiting.popleft(), delivered_on, confirm)
        sent = _send(path, delivered_on, confirm)
        if isinstance(sent, Outcome):
            yield sent
        else:
            waiting.append((path, sent))
    while waiting:
        yield _outcome(*waiting.popleft(), delivered_on, confirm)


def _send(path: Path, delivered_on: dt.date | None, confirm: str) -> AsyncResult | Outcome:
    """Hand a file to the workers; what is refused without being read needs none."""
    try:
        data = path.read_bytes()
    except OSError:
        data = b""
    if not data or len(data) > ingest.limits().max_bytes:
        return ingest.ingest_path(path, delivered_on=delivered_on, confirm=confirm)
    source = upload.receive(data, name=path.name)
    return ingest_file.delay(source.pk, delivered_on and delivered_on.isoformat(), confirm)


def _outcome(path: Path, result: AsyncResult, delivered_on: dt.date | None, confirm: str) -> Outcome:
    """What a worker made of a file. One that no worker answers for is read here; if both do it, nothing is doubled."""
    for _look in range(PATIENCE // LOOK_AFTER):
        try:
            return replace(Outcome(**result.get(timeout=LOOK_AFTER)), name=str(path))
        except TimeoutError:
            if not workers_answer():
                break
        except Exception as error:  # whatever stopped the worker is this file's outcome; the others go on
            return Outcome(str(path), "failed", reason=_("The worker stopped: %(why)s. Run it again.") % {"why": error})
    return ingest.ingest_path(path, delivered_on=delivered_on, confirm=confirm)
