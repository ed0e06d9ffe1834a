"""``manage.py scoreboard FOLDER``: how far the extractor agrees with annotated texts, per text and per field."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from rich.console import Console
from rich.table import Table

from speeches import scoreboard


class Command(BaseCommand):
    help = "Score the extractor against a folder of annotated texts (texts, items, index.json): F1 per field."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="FOLDER")

    def handle(self, *, folder: Path, **options: Any) -> None:
        if not (folder / "index.json").is_file():
            raise CommandError(_("%(path)s holds no annotated texts: index.json is missing.") % {"path": folder})
        table = Table("", *scoreboard.MEASURES)
        for board in scoreboard.boards(folder):
            figures = [f"{board.tallies[m].f1:.3f}" for m in scoreboard.MEASURES]
            table.add_row(board.name, *figures, end_section=board.name != "all")
        Console(file=self.stdout, width=None if self.stdout.isatty() else 160).print(table)
