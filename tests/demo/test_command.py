"""``manage.py demo`` on an empty, on its own and on somebody else's database."""

import io
import re
import socket
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from tests import make
from tracker.demo import county, load
from tracker.demo.environment import prepare
from tracker.management.commands import demo
from tracker.models import Assignment, Unit, User

pytestmark = pytest.mark.django_db


def run(*options: str) -> str:
    out = io.StringIO()
    call_command("demo", "--no-serve", *options, stdout=out)
    return out.getvalue()


@pytest.fixture
def a_short_story(monkeypatch):
    """Only the county is founded: what follows is tested where the whole story is told."""
    whole = load.Replay.events
    monkeypatch.setattr(load.Replay, "events", lambda replay: whole(replay)[:1])


def test_it_fills_an_empty_database_and_prints_the_sign_ins(a_short_story):
    printed = run()

    assert User.objects.count() == len(county.PEOPLE)
    assert county.PASSWORD in printed
    assert "jiaotong" in printed


def test_everybody_can_sign_in_with_the_printed_password(a_short_story, client):
    run()

    assert client.login(username="shiqiao", password=county.PASSWORD)


def test_piped_it_prints_no_control_characters(a_short_story):
    assert "\x1b" not in run()


def test_a_second_run_leaves_what_was_entered_and_says_how_to_begin_anew(a_short_story):
    run()
    make.unit("县档案馆", kind="other")

    assert "--reset" in run()
    assert Unit.objects.filter(name="县档案馆").exists()


@pytest.mark.django_db(transaction=True)
def test_reset_says_what_it_deletes_and_tells_the_story_anew(a_short_story):
    run()
    make.unit("县档案馆", kind="other")

    assert str(connection.settings_dict["NAME"]) in run("--reset")
    assert not Unit.objects.filter(name="县档案馆").exists()
    assert load.is_here()


def test_it_leaves_a_database_with_other_data_alone():
    make.unit("临川县人民政府", kind="government")

    for options in ([], ["--reset"]):
        with pytest.raises(CommandError, match=re.escape(str(connection.settings_dict["NAME"]))):
            run(*options)
    assert Unit.objects.get().name == "临川县人民政府"


def test_it_touches_nothing_in_the_database_of_another_program(monkeypatch):
    monkeypatch.setattr(connection.introspection, "table_names", lambda: ["wp_posts"])

    with pytest.raises(CommandError, match="DATABASE_URL"):
        run()


def test_an_interrupted_load_leaves_nothing(monkeypatch):
    def interrupt(*_arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr(load.Replay, "_enter_speech", interrupt)
    with pytest.raises(KeyboardInterrupt):
        run()
    assert not User.objects.exists()
    assert not Assignment.objects.exists()


def test_ports_that_are_taken_are_passed_over(monkeypatch):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        monkeypatch.setattr(demo, "PORTS", range(port, port + 1))
        with pytest.raises(CommandError, match=str(port)):
            demo.free_port()


def test_without_any_settings_the_demo_has_a_place_of_its_own():
    environ: dict[str, str] = {}
    prepare(environ)

    assert environ["LUOSHI_DEBUG"] == "1"
    assert Path(environ["LUOSHI_DATA_DIR"]).name == "demo"


def test_settings_that_somebody_made_are_kept():
    environ = {"LUOSHI_SECRET_KEY": "s" * 50, "DATABASE_URL": "postgres:///luoshi"}
    prepare(environ)

    assert environ == {"LUOSHI_SECRET_KEY": "s" * 50, "DATABASE_URL": "postgres:///luoshi"}
