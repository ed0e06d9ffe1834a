"""make_load N: fill the ledger with N invented assignments, to measure pages with."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import Progress

from tracker import load


class Command(BaseCommand):
    help = "Fills the ledger with N invented assignments (and a third as many items), in bulk and without history."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("count", type=int, metavar="N")
        parser.add_argument("--seed", type=int, default=1, help="the same seed makes the same ledger")

    def handle(self, *args: Any, count: int, seed: int, **options: Any) -> None:
        if not 1 <= count <= 10_000_000:
            raise CommandError("N is a number from 1 to 10,000,000.")
        console = Console(file=self.stderr, force_terminal=None if self.stderr.isatty() else False)
        with Progress(console=console, disable=not self.stderr.isatty()) as progress:
            task = progress.add_task("make_load", total=count)
            for made in load.make(count, seed=seed):
                progress.update(task, completed=made)
        self.stdout.write(f"{count} assignments made.")
