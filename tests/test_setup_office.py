"""An empty installation gets its first unit and its first user."""

import pytest
from django.core.management import CommandError, call_command

from tracker.models import User
from tracker.rules import scope


@pytest.fixture
def password(monkeypatch):
    monkeypatch.setenv("LUOSHI_PASSWORD", "a-long-passphrase-2026")


def test_the_first_user_administers_and_coordinates_the_top_unit(db, password):
    call_command("setup_office", "临川县人民政府", "--administrator", "guanli", verbosity=0)

    user = User.objects.get(username="guanli")
    assert user.check_password("a-long-passphrase-2026")
    assert scope(user).has("administrator")
    assert scope(user).has("coordinator")


def test_a_weak_password_is_refused_and_nothing_is_made(db, monkeypatch):
    monkeypatch.setenv("LUOSHI_PASSWORD", "12345")

    with pytest.raises(CommandError):
        call_command("setup_office", "临川县人民政府", "--administrator", "guanli")
    assert not User.objects.exists()


def test_a_name_that_is_taken_is_refused(county, password):
    with pytest.raises(CommandError, match="guanli"):
        call_command("setup_office", "临川县人民政府", "--administrator", "guanli")


def test_without_a_terminal_it_says_how_to_give_a_password(db, monkeypatch):
    monkeypatch.delenv("LUOSHI_PASSWORD", raising=False)

    def nobody_types(_prompt: str) -> str:
        raise EOFError

    monkeypatch.setattr("getpass.getpass", nobody_types)
    with pytest.raises(CommandError, match="LUOSHI_PASSWORD"):
        call_command("setup_office", "临川县人民政府", "--administrator", "guanli")
    assert not User.objects.exists()
