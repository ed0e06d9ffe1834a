"""Many files on all Celery workers at once, with the result that reading them here one by one would have."""

import datetime as dt
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from celery.exceptions import TimeoutError
from celery.result import AsyncResult
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError

from speeches import upload
from tracker import celery_app, ingest
from tracker.ingest import Outcome
from tracker.tasks import ingest_file

# Files that the workers have been given at a time, so that a folder of any size takes little memory here.
MOST_WAITING = 64
# Seconds after which it is asked whether there are workers at all, and after which one file is no longer waited for.
LOOK_AFTER, PATIENCE = 30, 600


def answer() -> bool:
    """Whether at least one worker is there to take files."""
    try:
        return bool(celery_app.control.ping(timeout=3))
    except OperationalError:  # no broker at that address either
        return False


@dataclass
class Workers:
    """The bytes travel through the storage, so workers may be on other machines.

    What no worker answers for is read here; if a worker should come to it all the same, nothing is doubled.
    ``on_leaving`` is called once, when no worker is there any more.
    """

    delivered_on: dt.date | None
    confirm: str
    on_leaving: Callable[[], None]
    there: bool = True

    def read(self, found: Iterable[Path]) -> Iterator[Outcome]:
        """The outcome of each file, in about the order of ``found``."""
        waiting: deque[tuple[Path, AsyncResult]] = deque()
        for path in found:
            while len(waiting) >= MOST_WAITING:
                yield self._outcome(*waiting.popleft())
            sent = self._send(path) if self.there else self._here(path)
            if isinstance(sent, Outcome):
                yield sent
            else:
                waiting.append((path, sent))
        while waiting:
            yield self._outcome(*waiting.popleft())

    def _here(self, path: Path) -> Outcome:
        return ingest.ingest_path(path, delivered_on=self.delivered_on, confirm=self.confirm)

    def _send(self, path: Path) -> AsyncResult | Outcome:
        """Hand a file to the workers; what is refused without being read needs none."""
        try:
            data = b"" if ingest.size_problem(path.stat().st_size) else path.read_bytes()
        except OSError:
            data = b""
        if not data:
            return self._here(path)
        source = upload.receive(data, name=path.name)
        return ingest_file.delay(source.pk, self.delivered_on and self.delivered_on.isoformat(), self.confirm)

    def _outcome(self, path: Path, result: AsyncResult) -> Outcome:
        for _look in range(PATIENCE // LOOK_AFTER):
            try:
                made = result.get(timeout=LOOK_AFTER if self.there else 0.1)
                return replace(Outcome(**made), name=str(path)) if made else self._here(path)
            except TimeoutError:
                if not self._still_there():
                    break
            except Exception as error:  # whatever stopped the worker is this file's outcome; the others go on
                why = _("The worker stopped: %(why)s. Run it again.") % {"why": error}
                return Outcome(str(path), "failed", reason=why)
        return self._here(path)

    def _still_there(self) -> bool:
        if self.there and not answer():
            self.there = False
            self.on_leaving()
        return self.there
