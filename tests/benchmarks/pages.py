"""How long the first page of every list takes, and how that grows with the ledger.

Fill a database for each size with ``manage.py make_load N``, then name them, the smallest first; SQLite by its file:

    python tests/benchmarks/pages.py postgres://…/small postgres://…/large
    python tests/benchmarks/pages.py data/luoshi.sqlite3

The databases take turns, address by address, so that what else the machine does falls on all of them alike. ``ms`` is
the shortest of several answers on the clock, ``work`` the mean processor time of the web process and the database
together, which others on the machine do not change (PostgreSQL works without helpers here, so that all of it
is counted). The ratio is that of the last database's work to the first's.
"""

import datetime as dt
import logging
import os
import sys
import time
from pathlib import Path
from statistics import fmean
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")
os.environ.setdefault("LUOSHI_DEBUG", "1")
if "://" in sys.argv[-1]:  # the settings of a connection are those of its kind of database
    os.environ["DATABASE_URL"] = sys.argv[-1]

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connections  # noqa: E402
from django.db.utils import load_backend  # noqa: E402
from django.test import Client  # noqa: E402
from environs import Env  # noqa: E402

from speeches.models import Speech  # noqa: E402
from tracker.models import Assignment, Commitment, Membership, Unit, UnitFigures, User  # noqa: E402

RUNS = int(os.environ.get("RUNS", "7"))


class Ledger:
    """One database with somebody signed in to it."""

    def __init__(self, address: str) -> None:
        url = address if "://" in address else f"sqlite:///{Path(address).resolve()}"
        named = Env().dj_db_url("", url)
        options = connections.configure_settings({"default": named})["default"] | {"CONN_MAX_AGE": None}
        if named["ENGINE"] == settings.DATABASES["default"]["ENGINE"]:
            options["OPTIONS"] = settings.DATABASES["default"]["OPTIONS"]
        self.connection = load_backend(options["ENGINE"]).DatabaseWrapper(options, "default")
        self.use()
        root = Unit.objects.get(parent=None, kind=Unit.Kind.GOVERNMENT)
        user, _made = User.objects.get_or_create(username="benchmark", defaults={"name": "benchmark"})
        Membership.objects.get_or_create(user=user, unit=root, role=Membership.Role.COORDINATOR)
        self.client = Client()
        self.client.force_login(user, backend="tracker.backends.PasswordBackend")
        self.count = Assignment.objects.count()

    def use(self) -> None:
        connections["default"] = self.connection

    def worked(self) -> float:
        """Seconds of processor time so far, of this process and of the database's."""
        own = time.process_time()
        if self.connection.vendor != "postgresql":
            return own
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid(), set_config('max_parallel_workers_per_gather', '0', false)")
            pid = cursor.fetchone()[0]
        stat = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return own + (int(stat[11]) + int(stat[12])) / os.sysconf("SC_CLK_TCK")

    def names(self) -> dict[str, Any]:
        """What stands for the braces in an address."""
        self.use()
        today = dt.date.today()
        unit = Unit.objects.exclude(parent=None).first()
        return {
            "unit": unit.pk,
            "speech": Speech.objects.order_by("-delivered_on").first().pk,
            "item": Commitment.objects.filter(state=Commitment.State.OPEN).order_by("pk").first().number,
            "past": today - dt.timedelta(days=100),
            "long_past": today - dt.timedelta(days=1000),
            "ahead": today + dt.timedelta(days=60),
        }

    def answer(self, address: str, *, counted_anew: bool = False) -> tuple[float, float]:
        """Milliseconds on the clock and of work."""
        self.use()
        if counted_anew:
            UnitFigures.objects.all().delete()
        work, start = self.worked(), time.perf_counter()
        response = self.client.get(address)
        taken = (time.perf_counter() - start) * 1000
        assert response.status_code == 200, (address, response.status_code)
        return taken, (self.worked() - work) * 1000


ADDRESSES = [
    "/", "/lights/", "/?as=leader", "/commitments/", "/commitments/?sort=number", "/commitments/?sort=deadline",
    "/commitments/?sort=-deadline", "/commitments/?sort=state", "/commitments/?light=red",
    "/commitments/?light=yellow", "/commitments/?light=done_late", "/commitments/?light=grey",
    "/commitments/?unit={unit}", "/commitments/?unit={unit}&light=red&sort=deadline", "/commitments/?text=水库",
    "/commitments/?text=没有这样的话", "/commitments/?heading=危桥", "/commitments/?person=王",
    "/commitments/?speech={speech}", "/commitments/?tier=assigned", "/commitments/?state=withdrawn",
    "/commitments/?due_from={past}&due_to={ahead}", "/commitments/?page=20", "/commitments/{item}/",
    "/commitments/{item}/history/", "/overdue/", "/overdue/?sort=unit", "/overdue/?sort=level",
    "/overdue/?group=unit", "/overdue/?group=speech", "/overdue/?group=level", "/overdue/?age=month",
    "/overdue/?unit={unit}", "/overdue/?as_of={past}", "/overdue/?as_of={past}&group=unit",
    "/overdue/?as_of={long_past}", "/overdue/?as_of={ahead}", "/departments/", "/departments/?sort=rank",
    "/departments/{unit}/", "/departments/{unit}/?light=done", "/departments/{unit}/?light=done_late&below=1",
    "/calendar/", "/calendar/?month={past:%Y-%m}", "/calendar/?unit={unit}", "/calendar/timeline/",
    "/calendar/timeline/?unit={unit}", "/search/?q=水库", "/search/?q=交通局", "/search/?q=危桥加固 完工",
    "/speeches/", "/speeches/?sort=-found", "/speeches/?words=水库", "/speeches/?state=open",
    "/speeches/{speech}/", "/inbox/", "/removed/", "/reports/", "/reports/bulletins/", "/reports/notices/",
    "/imports/", "/scores/",
]  # fmt: skip
# What has to be counted first, on the day's first look at the units.
COUNTED = ["/departments/"]


def main() -> None:
    logging.disable()
    settings.DEBUG = False
    settings.ALLOWED_HOSTS = ["*"]
    ledgers = [Ledger(address) for address in sys.argv[1:]] or sys.exit(__doc__)
    names = [ledger.names() for ledger in ledgers]
    only = os.environ.get("ONLY", "")
    print("  ".join(f"{ledger.count:>9} rows   work" for ledger in ledgers))
    jobs = [(address, False) for address in ADDRESSES] + [(address, True) for address in COUNTED]
    for address, anew in jobs:
        if only not in address:
            continue
        taken: list[list[tuple[float, float]]] = [[] for _ledger in ledgers]
        for run in range(RUNS + 1):
            for ledger, name, times in zip(ledgers, names, taken, strict=True):
                answer = ledger.answer(address.format(**name), counted_anew=anew)
                if run:  # the first one warms up
                    times.append(answer)
        best = [(min(clock for clock, _work in times), fmean(work for _clock, work in times)) for times in taken]
        ratio = f"  × {best[-1][1] / best[0][1]:.2f}" if len(best) > 1 else ""
        figures = "  ".join(f"{clock:8.0f} ms {work:7.0f}" for clock, work in best)
        print(f"{figures}{ratio}  {address}{' (counted anew)' if anew else ''}", flush=True)


if __name__ == "__main__":
    main()
