"""Background tasks: thin wrappers around domain functions, safe to run twice."""

import dataclasses
import datetime as dt
from typing import Any

from celery import shared_task

from speeches.acting import Origin, acting
from tracker import ingest


@shared_task
def ingest_file(source: int, delivered_on: str | None, confirm: str) -> dict[str, Any]:
    """Read a received file (id of its SourceFile); the day as YYYY-MM-DD. Returns an ``ingest.Outcome`` as a dict."""
    day = dt.date.fromisoformat(delivered_on) if delivered_on else None
    with acting(None, Origin.TASK):
        return dataclasses.asdict(ingest.ingest_received(source, delivered_on=day, confirm=confirm))
