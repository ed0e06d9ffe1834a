"""The demo's months, told as of a day of the test's choice."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace

import time_machine

from tracker.demo import load


@contextmanager
def telling(day: dt.date) -> Iterator[SimpleNamespace]:
    """The county as it stands at four in the afternoon of ``day``; told.replay knows its commitments."""
    now = load.moment(day, 16)
    with time_machine.travel(now, tick=False):
        replay = load.Replay(now)
        load.run(replay.events())
        yield SimpleNamespace(now=now, today=day, replay=replay)
