"""``manage.py reindex``: cut all speeches and commitments anew, after the dictionary of words has changed."""

import sys
from typing import Any

from django.core.management.base import BaseCommand
from rich.progress import track

from speeches.models import Speech
from tracker import search
from tracker.models import Commitment


class Command(BaseCommand):
    help = "Rebuild the search index of speeches and commitments. Safe while the site is in use."

    def handle(self, *args: Any, **options: Any) -> None:
        for model in (Speech, Commitment):
            rows = model.objects.order_by("pk")
            for row in track(
                rows.iterator(chunk_size=200),
                total=rows.count(),
                description=str(model._meta.verbose_name_plural),
                disable=not sys.stderr.isatty(),
            ):
                search.index(row)
