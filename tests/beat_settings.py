"""The project's own settings with a day's work every second, for beats and workers that a test starts."""

from tracker.settings import *  # noqa: F403
from tracker.settings import CELERY_BEAT_SCHEDULE

CELERY_BEAT_SCHEDULE["tick"]["schedule"] = 1.0
CELERY_TASK_DEFAULT_QUEUE = "luoshi-tests-beat"
