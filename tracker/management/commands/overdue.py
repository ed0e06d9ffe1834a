"""``manage.py overdue``: what is past its last day and not done, on the console or for another program."""

import csv
import datetime as dt
import json
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from rich.console import Console
from rich.table import Table

from tracker.lights import overdue_q, with_light
from tracker.models import Assignment
from tracker.units import Directory, subtree_ids


class Command(BaseCommand):
    help = "List what is overdue, the longest first: as of today or --as-of DATE, for all units or one and those below."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--as-of", type=_day, metavar="DATE", help="the day to look at, as 2026-05-01 (today)")
        parser.add_argument("--unit", metavar="NAME", help="a unit's name or alias; units below it are included")
        parser.add_argument("--format", choices=["table", "json", "csv"], default="table")

    def handle(self, *args: Any, **options: Any) -> None:
        day = options["as_of"] or timezone.localdate()
        late = Assignment.objects.filter(overdue_q(day), deleted_at=None, commitment__deleted_at=None)
        if options["unit"]:
            unit = Directory().find(options["unit"])
            if unit is None:
                raise CommandError(
                    _("No unit, or more than one, goes by the name “%(name)s”.") % {"name": options["unit"]}
                )
            late = late.filter(unit__in=subtree_ids([unit]))
        rows = _rows(with_light(late, day).order_by("-days_late", "pk"))
        getattr(self, f"as_{options['format']}")(rows, day)

    def as_table(self, rows: Iterator[dict[str, Any]], day: dt.date) -> None:
        table = Table(title=_("Overdue as of %(day)s") % {"day": day.isoformat()})
        headings = [_("Number"), _("Item"), _("Unit"), _("Last day"), _("Days late"), _("State")]
        for heading in headings:
            table.add_column(heading, justify="right" if heading == _("Days late") else "left", overflow="fold")
        for row in rows:
            table.add_row(
                row["number"], row["item"], row["unit"] or "—", row["last_day"], str(row["days_late"]), row["state"]
            )
        if table.row_count:
            # A pipe has no width of its own: rows stay whole lines there.
            Console(file=self.stdout._out, width=None if self.stdout.isatty() else 200).print(table)
        else:
            self.stdout.write(_("Nothing is overdue as of %(day)s.") % {"day": day.isoformat()})

    def as_json(self, rows: Iterator[dict[str, Any]], day: dt.date) -> None:
        self.stdout.write(json.dumps(list(rows), ensure_ascii=False, indent=1))

    def as_csv(self, rows: Iterator[dict[str, Any]], day: dt.date) -> None:
        writer = csv.DictWriter(self.stdout, ["number", "item", "unit", "last_day", "days_late", "state"])
        writer.writeheader()
        writer.writerows(rows)


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(_("“%(text)s” is no date. Write it as 2026-05-01.") % {"text": text}) from error


def _rows(queryset: Any) -> Iterator[dict[str, Any]]:
    for row in queryset.annotate(number=F("commitment__number"), item=F("commitment__title")).select_related("unit"):
        yield {
            "number": row.number,
            "item": row.item,
            "unit": row.unit.name if row.unit else "",
            "last_day": row.deadline.isoformat(),
            "days_late": row.days_late,
            "state": str(row.get_state_display()),
        }
