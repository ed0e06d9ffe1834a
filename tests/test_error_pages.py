"""What is shown where there is nothing, where one may not look, and where something broke."""

import pytest
from django.db import DatabaseError
from django.test import Client

from tracker.views import errors


@pytest.fixture
def signed_in(client, county) -> Client:
    client.raise_request_exception = False
    client.force_login(county.liaison)
    return client


def breaks(*args, **kwargs):
    raise DatabaseError("the database has gone away")


@pytest.mark.parametrize(
    ("path", "status", "says"),
    [
        ("/nothing/", 404, "该地址没有内容"),
        ("/commitments/9999-0001/", 404, "该地址没有内容"),
        ("/users/", 403, "超出您的角色"),
    ],
)
def test_what_is_not_there_or_not_allowed_is_told_in_a_sentence_with_the_way_on(signed_in, path, status, says):
    answer = signed_in.get(path, headers={"accept-language": "zh-hans"})
    assert answer.status_code == status
    assert says in answer.content.decode()
    assert 'href="/"' in answer.content.decode()


def test_what_broke_is_told_without_a_word_of_the_program(signed_in, monkeypatch):
    monkeypatch.setattr("tracker.views.home.workbench.owed", breaks)
    answer = signed_in.get("/", headers={"accept-language": "zh-hans"})
    assert answer.status_code == 500
    assert "系统出了问题" in answer.content.decode()
    assert "database" not in answer.content.decode()


def test_it_is_told_even_where_the_page_around_it_breaks_too(signed_in, monkeypatch):
    monkeypatch.setattr("tracker.views.home.workbench.owed", breaks)
    monkeypatch.setattr(errors, "render", breaks)
    answer = signed_in.get("/", headers={"accept-language": "zh-hans"})
    assert answer.status_code == 500
    assert "系统出了问题" in answer.content.decode()


def test_a_program_is_told_in_its_own_form_what_broke(signed_in, monkeypatch):
    monkeypatch.setattr("tracker.api.people.scope", breaks)
    answer = signed_in.get("/api/me")
    assert answer.status_code == 500
    assert answer.json()["status"] == 500
