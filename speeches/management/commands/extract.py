"""``manage.py extract FILE…``: the commitments in files, printed for people or other programs. Stores nothing."""

import csv
import datetime as dt
import json
import sys
from argparse import ArgumentParser
from collections.abc import Callable, Iterator
from dataclasses import asdict
from io import BytesIO
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils.translation import gettext as _
from openpyxl import Workbook
from rich.console import Console
from rich.table import Table

from speeches.extraction import Lexicon, extract
from speeches.readers import ReadError, read_guarded
from speeches.readers.splitting import split
from speeches.upload import lexicon

Row = dict[str, Any]
# A cell that begins so is taken for a formula when a spreadsheet opens a CSV.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Command(BaseCommand):
    help = "Print the commitments in files of speeches, without storing anything."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument(
            "--delivered-on",
            type=dt.date.fromisoformat,
            metavar="YYYY-MM-DD",
            help="the day of the speech; else the day that the text states",
        )
        parser.add_argument("--format", choices=["table", "json", "jsonl", "csv", "xlsx"], default="table")
        parser.add_argument("--output", type=Path, metavar="FILE", help="write there instead of on the console")

    def handle(self, *, files: list[Path], delivered_on: dt.date | None, **options: Any) -> None:
        try:
            words = lexicon()
        except DatabaseError:
            words = None
            self.stderr.write(_("Without the office's units: the database is not set up. Run migrate first."))
        rows = [row for path in files for row in _rows(path, delivered_on, words)]
        if options["format"] == "xlsx":
            self._write(_xlsx(rows), options["output"])
        elif options["output"]:
            with options["output"].open(
                "w", encoding="utf-8-sig" if options["format"] == "csv" else "utf-8", newline=""
            ) as out:
                getattr(self, f"as_{options['format']}")(rows, out)
        else:
            getattr(self, f"as_{options['format']}")(rows, self.stdout)

    def as_table(self, rows: list[Row], out: Any) -> None:
        table = Table(
            _("Item"), _("Last day"), _("How often"), _("Targets"), _("Units"), _("Confidence"), show_lines=True
        )
        for row in rows:
            flat = _flat(row)
            units = "、".join(filter(None, (flat["responsible"], flat["supporting"], flat["people"])))
            last_day = flat["last_day"] or flat["deadline"]
            table.add_row(
                row["quote"], last_day, flat["recurrence"], flat["targets"], units, f"{row['confidence']:.2f}"
            )
        Console(file=out, width=None if getattr(out, "isatty", bool)() else 160).print(table)

    def as_json(self, rows: list[Row], out: Any) -> None:
        out.write(json.dumps(rows, ensure_ascii=False, indent=1, default=str) + "\n")

    def as_jsonl(self, rows: list[Row], out: Any) -> None:
        for row in rows:
            out.write(json.dumps(row, ensure_ascii=False, default=str) + "\n")

    def as_csv(self, rows: list[Row], out: Any) -> None:
        writer = csv.DictWriter(out, fieldnames=_COLUMNS, lineterminator="\n")
        writer.writeheader()
        for row in rows:
            writer.writerow({k: f"'{v}" if v.startswith(_FORMULA) else v for k, v in _flat(row).items()})

    def _write(self, data: bytes, target: Path | None) -> None:
        if target:
            target.write_bytes(data)
        elif sys.stdout.isatty():
            raise CommandError(_("A spreadsheet cannot be shown here. Name a file with --output."))
        else:
            sys.stdout.buffer.write(data)


def _unreadable(path: Path, reason: str) -> CommandError:
    return CommandError(_("%(path)s cannot be read: %(reason)s") % {"path": path, "reason": reason})


def _rows(path: Path, delivered_on: dt.date | None, words: Lexicon | None) -> Iterator[Row]:
    """One row for each commitment of each speech in a file; offsets are those of its own speech."""
    try:
        document = read_guarded(path.read_bytes(), name=path.name)
    except OSError as error:
        raise CommandError(
            _("%(path)s cannot be read: %(reason)s") % {"path": path, "reason": error.strerror}
        ) from error
    except ReadError as error:
        raise _unreadable(path, _(ReadError.CODES[error.code]) % error.params) from error
    for number, part in enumerate(split(document.text), start=1):
        day = delivered_on or (part.delivered_on.value if part.delivered_on else None)
        for found in extract(part.text, delivered_on=day, lexicon=words):
            yield {"file": path.name, "speech": number, "delivered_on": day, **asdict(found)}


def _deadline(row: Row, key: str) -> str:
    return str(row["deadline"][key] or "") if row["deadline"] else ""


_COLUMNS: dict[str, Callable[[Row], str]] = {
    "file": lambda row: str(row["file"]),
    "speech": lambda row: str(row["speech"]),
    "delivered_on": lambda row: str(row["delivered_on"] or ""),
    "heading": lambda row: " / ".join(row["heading"]),
    "quote": lambda row: str(row["quote"]),
    "tier": lambda row: str(row["tier"]),
    "deadline": lambda row: _deadline(row, "text"),
    "last_day": lambda row: _deadline(row, "last_day"),
    "recurrence": lambda row: str(row["recurrence"]["text"]) if row["recurrence"] else "",
    "rrule": lambda row: str(row["recurrence"]["rrule"]) if row["recurrence"] else "",
    "targets": lambda row: "；".join(t["text"] for t in row["targets"]),
    "responsible": lambda row: "、".join(row["responsible"]),
    "supporting": lambda row: "、".join(row["supporting"]),
    "people": lambda row: "、".join(row["people"]),
    "start": lambda row: str(row["start"]),
    "end": lambda row: str(row["end"]),
    "confidence": lambda row: str(row["confidence"]),
    "reasons": lambda row: " ".join(row["reasons"]),
}


def _flat(row: Row) -> dict[str, str]:
    """A row as plain cells, for tables."""
    return {name: cell(row) for name, cell in _COLUMNS.items()}


def _xlsx(rows: list[Row]) -> bytes:
    """The rows as a workbook; every cell is text, none is calculated."""
    book = Workbook(write_only=False)
    sheet = book.active
    sheet.append(list(_COLUMNS))
    for line, row in enumerate(rows, start=2):
        for column, value in enumerate(_flat(row).values(), start=1):
            cell = sheet.cell(line, column)
            cell.value, cell.data_type = value, "s"
    out = BytesIO()
    book.save(out)
    return out.getvalue()
