"""The task that empties the outbox; ``tracker.tasks`` makes it known to the workers."""

import dataclasses

from celery import shared_task
from django.conf import settings

from tracker.reminders import outbox


@shared_task(name="tracker.tasks.send_messages")
def send_messages() -> dict[str, int]:
    """Send what the outbox holds. Where there is no broker this runs inside the request: then only for a while."""
    seconds = 10 if settings.CELERY_TASK_ALWAYS_EAGER else None
    return dataclasses.asdict(outbox.send_due(seconds=seconds))
