"""The front door: who gets in, in which language, and what every answer carries."""

import pytest
from django.urls import reverse

from tests import make


@pytest.fixture
def sign_in(client, county):
    def post(username: str, password: str = make.PASSWORD, **kwargs):
        return client.post(reverse("login"), {"username": username, "password": password}, **kwargs)

    return post


def test_a_user_signs_in_and_comes_to_the_workbench(sign_in):
    assert sign_in("jiaotong").url == reverse("home")


def test_a_wrong_password_says_so_in_chinese(sign_in):
    answer = sign_in("jiaotong", "wrong")

    assert "用户名和密码" in answer.content.decode()


def test_guessing_is_locked_out(sign_in, settings):
    settings.AXES_ENABLED = True
    for _guess in range(settings.AXES_FAILURE_LIMIT):
        sign_in("jiaotong", "wrong")

    answer = sign_in("jiaotong")
    assert answer.status_code == 429
    assert "尝试次数过多" in answer.content.decode()


def test_who_is_not_signed_in_is_sent_to_the_door(client, db):
    assert client.get(reverse("overdue")).url.startswith(reverse("login"))


def test_the_language_can_be_changed(client, db):
    client.post(reverse("set_language"), {"language": "en", "next": reverse("login")})

    assert "Sign in" in client.get(reverse("login")).content.decode()


def test_every_answer_forbids_foreign_and_inline_scripts(client, db):
    policy = client.get(reverse("login")).headers["Content-Security-Policy"]

    assert "default-src 'self'" in policy
    assert "unsafe-inline" not in policy


def test_an_address_that_does_not_exist_gets_a_plain_sentence(client, county):
    client.force_login(county.liaison)

    answer = client.get("/no/such/page/")
    assert answer.status_code == 404
    assert "该地址没有内容" in answer.content.decode()
