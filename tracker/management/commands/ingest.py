"""``manage.py ingest PATH…``: files and folders of speeches into the ledger."""

import datetime as dt
from collections import Counter
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from speeches import upload
from speeches.acting import Origin, acting
from tracker import ingest, ingest_workers
from tracker.ingest import Outcome


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
        workers = ingest_workers.Workers(delivered_on=delivered_on, confirm=confirm, on_leaving=self._alone)
        if settings.CELERY_BROKER_URL and ingest_workers.answer():
            reading = workers.read(found)
        else:
            if settings.CELERY_BROKER_URL:
                self._alone()
            reading = (ingest.ingest_path(path, delivered_on=delivered_on, confirm=confirm) for path in found)
        outcomes: list[Outcome] = []
        try:
            with acting(None, Origin.COMMAND), _progress(console) as progress:
                for outcome in progress.track(reading, total=len(found), description=""):
                    outcomes.append(outcome)
        except KeyboardInterrupt:
            self._report(console, outcomes)
            raise CommandError(
                _("Interrupted after %(done)d of %(files)d files. Run the same command again: it goes on from there.")
                % {"done": len(outcomes), "files": len(found)},
                returncode=130,
            ) from None
        self._report(console, outcomes)

    def _alone(self) -> None:
        self.stderr.write(_("No worker answers at the broker; the files are read here, one after the other."))

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
