"""``manage.py export_corrections FOLDER``: what reviewers decided, as gold files to score the extractor with."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import ngettext

from speeches.models import Speech
from tracker import corrections


class Command(BaseCommand):
    help = (
        "Write every wholly reviewed speech as a gold file: texts/NAME.txt, items/NAME.json, and index.json "
        "with title, day and source of each."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, metavar="FOLDER")

    def handle(self, *, folder: Path, **options: Any) -> None:
        index = {}
        try:
            for part in ("texts", "items"):
                (folder / part).mkdir(parents=True, exist_ok=True)
            for name, speech, items in corrections.export(Speech.objects.select_related("source")):
                (folder / "texts" / f"{name}.txt").write_text(speech.text, encoding="utf-8", newline="")
                self._write(folder / "items" / f"{name}.json", items)
                index[name] = {
                    "title": speech.title,
                    "delivered_on": speech.delivered_on.isoformat(),
                    "source": speech.source.name if speech.source else "",
                }
            self._write(folder / "index.json", index)
        except OSError as error:
            raise CommandError(f"{folder}: {error.strerror}") from error
        count = len(index)
        self.stdout.write(
            ngettext("%(count)d reviewed speech written.", "%(count)d reviewed speeches written.", count)
            % {"count": count}
        )

    def _write(self, path: Path, content: Any) -> None:
        path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
