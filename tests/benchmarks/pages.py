"""How long the first page of every list takes, and how that grows with the ledger.

Run it on each database after ``manage.py make_load N``; the first run writes its times down, the second prints ratios:

    DATABASE_URL=… python tests/benchmarks/pages.py small.json
    DATABASE_URL=… python tests/benchmarks/pages.py large.json small.json

A time is the median of nine answers, in milliseconds, as the web process and the database make them together.
"""

import json
import os
import statistics
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")
os.environ.setdefault("LUOSHI_DEBUG", "1")

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.test import Client  # noqa: E402

from tracker.models import Assignment, Membership, Unit, User  # noqa: E402

RUNS = 9


def main() -> None:
    settings.DEBUG = False
    settings.ALLOWED_HOSTS = ["*"]
    root = Unit.objects.get(parent=None, kind=Unit.Kind.GOVERNMENT)
    unit = Unit.objects.filter(parent=root).first()
    user, _made = User.objects.get_or_create(username="benchmark", defaults={"name": "benchmark"})
    Membership.objects.get_or_create(user=user, unit=root, role=Membership.Role.COORDINATOR)
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    addresses = [
        "/", "/commitments/", "/commitments/?sort=deadline", "/commitments/?light=red", "/overdue/", "/departments/",
        f"/departments/{unit.pk}/",
    ]  # fmt: skip
    before = json.loads(Path(sys.argv[2]).read_text()) if len(sys.argv) > 2 else {}
    times = {}
    print(f"{Assignment.objects.count()} assignments")
    for address in addresses:
        client.get(address)
        taken = []
        for _run in range(RUNS):
            start = time.perf_counter()
            assert client.get(address).status_code == 200
            taken.append((time.perf_counter() - start) * 1000)
        times[address] = statistics.median(taken)
        ratio = f"  × {times[address] / before[address]:.2f}" if address in before else ""
        print(f"{times[address]:8.0f} ms  {address}{ratio}")
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_text(json.dumps(times))


if __name__ == "__main__":
    main()
