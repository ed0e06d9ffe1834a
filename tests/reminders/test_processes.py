"""The day's work in real processes: Celery workers on a real broker, and two of ``manage.py tick`` at once."""

import datetime as dt
import json
import os
import re
import socketserver
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
import redis
from django.conf import settings
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from tests import make
from tests.reminders.conftest import at
from tracker.celery import app
from tracker.models import Address, Assignment, Delivery, Message, Reminder
from tracker.reminders import outbox

ROOT = Path(__file__).resolve().parents[2]
REDIS = os.environ.get("LUOSHI_TEST_REDIS", "redis://127.0.0.1:6379/14")


def redis_is_there() -> bool:
    try:
        return bool(redis.Redis.from_url(REDIS, socket_connect_timeout=1).ping())
    except redis.RedisError:
        return False


def on_the_test_database(**variables: str) -> dict[str, str]:
    """The environment of another process that works on the test's own PostgreSQL database."""
    db = connection.settings_dict
    url = f"postgres://{db['USER']}:{db['PASSWORD']}@{db['HOST']}:{db['PORT']}/{db['NAME']}"
    own = {"DJANGO_SETTINGS_MODULE": "tracker.settings", "LUOSHI_DEBUG": "1", "DATABASE_URL": url}
    return os.environ | own | variables


def test_what_beat_is_to_start_are_tasks_that_workers_know():
    app.loader.import_default_modules()

    for entry in settings.CELERY_BEAT_SCHEDULE.values():
        assert entry["task"] in app.tasks


def test_beat_starts_the_day_in_the_office_s_own_morning():
    schedule = settings.CELERY_BEAT_SCHEDULE["tick"]["schedule"]

    assert (schedule.hour, schedule.minute) == ({8}, {0})
    assert settings.CELERY_TIMEZONE == "Asia/Shanghai"


@pytest.fixture
def workers(transactional_db):
    """Two Celery workers on Redis, on the test database."""
    if connection.vendor != "postgresql":
        pytest.skip("workers need a database that other processes can reach")
    if not redis_is_there():
        pytest.skip("there is no Redis")
    environment = on_the_test_database(CELERY_BROKER_URL=REDIS)
    command = [sys.executable, "-m", "celery", "-A", "tracker", "worker", "--pool", "solo", "-Q", "luoshi-tests"]
    command += ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "WARNING"]
    running = [
        subprocess.Popen([*command, "-n", f"tests{number}@%h"], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
        for number in (1, 2)
    ]
    broker = app.connection_for_write(REDIS)
    try:
        yield lambda name: app.send_task(name, queue="luoshi-tests", connection=broker)
    finally:
        broker.close()
        for worker in running:
            worker.terminate()
        for worker in running:
            worker.wait(20)


class MailServer(socketserver.ThreadingTCPServer):
    """Takes letters; while it is ``silent`` it takes one and never says so."""

    allow_reuse_address = daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), MailSession)
        self.letters: list[str] = []
        self.silent = False

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.server_address[1]}"


class MailSession(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        for line in self.rfile:
            command = line[:4].upper()
            if command == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                letter = b"".join(iter(self.rfile.readline, b".\r\n")).decode()
                silent = self.server.silent
                self.server.letters.append(letter)
                if silent:
                    return time.sleep(30)
            self.wfile.write(b"221 bye\r\n" if command == b"QUIT" else b"250 well\r\n")
        return None


@pytest.fixture
def mail_server():
    with MailServer() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def test_a_worker_killed_while_it_sends_doubles_nothing_and_loses_nothing(
    transactional_db, office, mail_server, client, settings
):
    if connection.vendor != "postgresql":
        pytest.skip("another process cannot reach this database")
    for number in range(4):
        unit = make.unit(f"县直单位{number}", office.root)
        someone = make.user(f"user{number}", liaison=unit)
        Address.objects.create(user=someone, channel="email", to=f"user{number}@linchuan.example")
        make.assignment(unit, deadline=timezone.localdate(), at=at(3, 1))
    environment = on_the_test_database(CELERY_BROKER_URL="", EMAIL_URL=mail_server.url)
    mail_server.silent = True
    worker = subprocess.Popen([sys.executable, "manage.py", "tick"], cwd=ROOT, env=environment)
    assert until(lambda: mail_server.letters)
    worker.kill()
    worker.wait(20)
    mail_server.silent = False
    lost = Delivery.objects.get(state=Delivery.State.SENDING)

    # The next run sends the others, and leaves alone what another may still be sending.
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = mail_server.server_address
    assert outbox.send_due().sent == 3
    assert len(mail_server.letters) == 4
    # When no worker can still be at it, nobody knows whether it arrived: a person is asked.
    outbox.send_due(now=timezone.now() + outbox.STUCK_AFTER + dt.timedelta(minutes=1))
    client.force_login(office.coordinator)
    shown = client.get(reverse("reminder_failures")).context["page"]
    assert [(row.pk, row.state) for row in shown] == [(lost.pk, Delivery.State.UNCONFIRMED)]
    assert len(mail_server.letters) == 4
    # And only that person's word sends it again.
    client.post(reverse("reminder_failures"), {"action": "retry", "pk": [lost.pk]})
    outbox.send_due()
    assert len(mail_server.letters) == 5
    assert set(Delivery.objects.values_list("state", flat=True)) == {Delivery.State.SENT}


def until(condition, seconds: float = 60) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.2)
    return False


def test_workers_on_a_broker_do_the_day_s_work_once_however_often_it_is_asked_for(workers, office):
    for number in range(6):
        unit = make.unit(f"县直单位{number}", office.root)
        someone = make.user(f"user{number}", liaison=unit)
        Address.objects.create(user=someone, channel="email", to=f"user{number}@linchuan.example")
        make.assignment(unit, deadline=timezone.localdate(), at=at(3, 1))

    for _ in range(4):
        workers("tracker.tasks.tick")

    sent = Delivery.objects.filter(state=Delivery.State.SENT)
    assert until(lambda: sent.count() == 6)
    workers("tracker.tasks.tick")
    workers("tracker.tasks.send_messages")
    time.sleep(2)
    assert Reminder.objects.count() == Message.objects.count() == sent.count() == 6
    assert set(sent.values_list("attempts", flat=True)) == {1}


def test_two_beats_by_mistake_remind_nobody_twice(transactional_db, office, tmp_path):
    if connection.vendor != "postgresql":
        pytest.skip("workers need a database that other processes can reach")
    if not redis_is_there():
        pytest.skip("there is no Redis")
    for number in range(6):
        unit = make.unit(f"县直单位{number}", office.root)
        someone = make.user(f"user{number}", liaison=unit)
        Address.objects.create(user=someone, channel="email", to=f"user{number}@linchuan.example")
        make.assignment(unit, deadline=timezone.localdate(), at=at(3, 1))
        make.commitment(lead=unit, rrule="FREQ=MONTHLY", begins_on=timezone.localdate(), at=at(3, 1))
    environment = on_the_test_database(CELERY_BROKER_URL=REDIS, DJANGO_SETTINGS_MODULE="tests.beat_settings")
    celery, log = [sys.executable, "-m", "celery", "-A", "tracker"], tmp_path / "workers.log"
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    running = []
    with log.open("wb") as out:
        for number in (1, 2):
            worker = ["worker", "--pool", "solo", "-n", f"beaten{number}@%h", "--loglevel", "INFO", *quiet]
            beat = ["beat", "--schedule", str(tmp_path / f"beat{number}"), "--pidfile", ""]
            for command in (worker, beat):
                running.append(subprocess.Popen([*celery, *command], cwd=ROOT, env=environment, stdout=out, stderr=out))

        def days_done() -> int:
            return len(re.findall(r"tracker\.tasks\.tick\[.+succeeded", log.read_text(errors="replace")))

        try:
            assert until(lambda: days_done() >= 8), log.read_text(errors="replace")
        finally:
            for process in running:
                process.terminate()
            for process in running:
                process.wait(30)
            redis.Redis.from_url(REDIS).delete("luoshi-tests-beat")

    once = Reminder.objects.values_list("assignment", "recipient", "level", "day")
    assert len(once) == len(set(once)) > 0
    assert Message.objects.count() == Delivery.objects.count() == 6
    assert set(Delivery.objects.values_list("state", "attempts")) == {(Delivery.State.SENT, 1)}
    periods = Assignment.objects.exclude(period=None).values_list("commitment", "unit", "period")
    assert len(periods) == len(set(periods)) >= 6


PREPARE = """
import datetime as dt, django
django.setup()
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from tests import make
from tracker.models import Address, OfficeSettings
call_command("migrate", verbosity=0)
OfficeSettings.objects.create(pk=1, quiet_on_holidays=False)
today = timezone.localdate()
root = make.unit("临川县人民政府")
for number in range(5):
    unit = make.unit(f"县直单位{number}", root)
    user = make.user(f"user{number}", liaison=unit)
    Address.objects.create(user=user, channel="email", to=f"user{number}@linchuan.example")
    make.commitment(lead=unit, deadline=today, at=timezone.now() - dt.timedelta(days=20))
    make.commitment(lead=unit, rrule="FREQ=MONTHLY", begins_on=today - dt.timedelta(days=200),
                    at=timezone.now() - dt.timedelta(days=200))
"""
COUNT = """
import django, json
django.setup()
from tracker.models import Assignment, Delivery, Message, Reminder
print(json.dumps({
    "doubled": len(Assignment.objects.values_list("commitment", "unit", "period"))
    - len(set(Assignment.objects.values_list("commitment", "unit", "period"))),
    "opened": Assignment.objects.exclude(period=None).count(),
    "people": Reminder.objects.values("recipient").distinct().count(),
    "messages": Message.objects.count(),
    "sent": sorted(Delivery.objects.values_list("state", "attempts")),
}))
"""


def test_two_of_manage_tick_at_once_on_sqlite_double_nothing(tmp_path):
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "tracker.settings",
        "LUOSHI_DEBUG": "1",
        "LUOSHI_DATA_DIR": str(tmp_path),
        "DATABASE_URL": f"sqlite:///{tmp_path / 'luoshi.sqlite3'}",
        "CELERY_BROKER_URL": "",
    }

    def python(*arguments: str) -> subprocess.Popen:
        return subprocess.Popen(
            [sys.executable, *arguments], cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )

    def outcome(process: subprocess.Popen) -> str:
        out, err = process.communicate(timeout=120)
        assert process.returncode == 0, err.decode()
        return out.decode()

    outcome(python("-c", PREPARE))
    for process in [python("manage.py", "tick"), python("manage.py", "tick")]:
        outcome(process)

    found = json.loads(outcome(python("-c", COUNT)))
    assert found["doubled"] == 0
    assert found["opened"] >= 5 * 7
    assert found["people"] == found["messages"] == 5
    assert found["sent"] == [["sent", 1]] * 5
