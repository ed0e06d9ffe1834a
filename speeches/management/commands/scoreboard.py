"""``manage.py scoreboard FOLDER``: how far the extractor agrees with annotated texts, per text, genre and field."""

import re
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from rich.console import Console
from rich.table import Table

from speeches import scoreboard


class Command(BaseCommand):
    help = "Score the extractor against folders of annotated texts: F1 per field, for each text, genre and folder."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
        parser.add_argument(
            "--held-out",
            metavar="PATTERN",
            default="$.",
            help="texts whose whole name matches are only totalled, apart",
        )

    def handle(self, *, folders: list[Path], held_out: str, **options: Any) -> None:
        for folder in folders:
            if not (folder / "index.json").is_file():
                raise CommandError(_("%(path)s holds no annotated texts: index.json is missing.") % {"path": folder})

        def totals(each: scoreboard.Annotated) -> list[str]:
            if re.fullmatch(held_out, each.name):
                return [f"~ {each.genre} *", "~ all *"]
            return [each.name, f"~ {each.genre}", "~ all"]

        for folder in folders:
            table = Table(str(folder), "", *scoreboard.MEASURES)
            for board in scoreboard.boards(scoreboard.read(folder), totals):
                figures = [f"{board.tallies[m].f1:.3f}" for m in scoreboard.MEASURES]
                table.add_row(board.name.removeprefix("~ "), str(board.texts), *figures)
            Console(file=self.stdout, width=None if self.stdout.isatty() else 160).print(table)
