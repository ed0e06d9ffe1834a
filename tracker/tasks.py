"""Background tasks: thin wrappers around domain functions, safe to run twice."""

import dataclasses
import datetime as dt
from typing import Any

from celery import shared_task

from speeches.acting import Origin, acting
from tracker import ingest, tick
from tracker.reminders.tasks import send_messages

__all__ = ["daily_tick", "ingest_file", "send_messages"]


@shared_task
def ingest_file(source: int, delivered_on: str | None, confirm: str) -> dict[str, Any] | None:
    """Read a received file (id of its SourceFile); the day as YYYY-MM-DD. Returns what ``ingest_received`` does."""
    day = dt.date.fromisoformat(delivered_on) if delivered_on else None
    with acting(None, Origin.TASK):
        outcome = ingest.ingest_received(source, delivered_on=day, confirm=confirm)
    return outcome and dataclasses.asdict(outcome)


@shared_task(name="tracker.tasks.tick")
def daily_tick() -> dict[str, Any]:
    """The day's work, as ``tracker.tick.tick``; run twice it does nothing the second time."""
    with acting(None, Origin.TASK):
        result = dataclasses.asdict(tick.tick())
    return result | {"day": result["day"].isoformat()}
