"""What goes out to WeCom, DingTalk and Feishu, what their answers mean, and where nothing may ever be posted."""

import base64
import datetime as dt
import hashlib
import hmac
import logging
import threading

import pytest
from django.core.exceptions import ValidationError

from tests import make
from tests.reminders.conftest import at
from tracker.models import Address, Delivery, OfficeSettings
from tracker.reminders import outbox
from tracker.reminders import robots as robot_module
from tracker.reminders.channels import SERVICES, check_gateway, check_webhook
from tracker.tick import tick

DEADLINE = dt.date(2026, 4, 30)
State = Delivery.State
PATHS = {
    "wecom": "/cgi-bin/webhook/send?key=693a91f6-7xxx-4bc4",
    "dingtalk": "/robot/send?access_token=566cc69da782ec42",
    "feishu": "/open-apis/bot/v2/hook/0a1b2c3d-4e5f",
}


@pytest.fixture
def send(office, robots):
    """Have the liaison of transport reminded through a robot of ``channel``; returns the delivery."""
    make.assignment(office.transport, deadline=DEADLINE, at=at(3, 1))

    def send(channel: str, *, shared: bool = False, **fields) -> Delivery:
        fields.setdefault("webhook", robots.origin + PATHS[channel])
        Address.objects.create(user=None if shared else office.liaison, channel=channel, **fields)
        tick(now=at(4, 30))
        return Delivery.objects.get()

    return send


def test_wecom_gets_what_its_interface_asks_for(send, robots):
    delivery = send("wecom", to="13800000000")

    assert delivery.state == State.SENT
    assert robots.paths == [PATHS["wecom"]]
    (payload,) = robots.posted
    assert payload["msgtype"] == "text"
    assert payload["text"]["mentioned_mobile_list"] == ["13800000000"]
    assert payload["text"]["content"].splitlines()[0] == "落实：2026年4月30日督办提醒（1条）"
    assert "【到期提醒】您单位（交通局）承办的“完成县道改造”" in payload["text"]["content"]


def test_wecom_can_be_told_whom_to_name_by_user_id(send, robots):
    send("wecom", to="zhaoweimin")

    assert robots.posted[0]["text"]["mentioned_list"] == ["zhaoweimin"]


def test_dingtalk_gets_a_signed_message_that_names_the_person(send, robots):
    delivery = send("dingtalk", to="13800000000", secret="SECabcdef123")

    assert delivery.state == State.SENT
    (query,) = robots.queries
    assert query["access_token"] == ["566cc69da782ec42"]
    text = f"{query['timestamp'][0]}\nSECabcdef123".encode()
    expected = base64.b64encode(hmac.new(b"SECabcdef123", text, hashlib.sha256).digest()).decode()
    assert query["sign"] == [expected]
    (payload,) = robots.posted
    assert payload["msgtype"] == "text"
    assert payload["at"] == {"atMobiles": ["13800000000"], "isAtAll": False}
    assert payload["text"]["content"].endswith("@13800000000")


def test_feishu_gets_a_message_signed_in_its_body(send, robots):
    delivery = send("feishu", to="ou_18eac8", secret="abcdef123")

    assert delivery.state == State.SENT
    (payload,) = robots.posted
    assert payload["msg_type"] == "text"
    assert payload["content"]["text"].startswith('<at user_id="ou_18eac8"></at> 落实：')
    key = f"{payload['timestamp']}\nabcdef123".encode()
    assert payload["sign"] == base64.b64encode(hmac.new(key, b"", hashlib.sha256).digest()).decode()


def test_a_robot_of_the_office_says_whom_it_means(send, robots):
    send("wecom", shared=True)

    assert robots.posted[0]["text"]["content"].startswith("联络员丙：落实：")


def test_a_long_message_is_cut_between_items_to_what_wecom_takes(send, robots, office):
    for number in range(40):
        make.assignment(office.transport, deadline=DEADLINE, at=at(3, 1), title=f"改造第{number}座危桥")

    send("wecom")

    content = robots.posted[0]["text"]["content"]
    assert len(content.encode()) <= SERVICES["wecom"].most_bytes
    assert content.splitlines()[-1].startswith("……其余")


@pytest.mark.parametrize(
    ("channel", "answer", "code"),
    [
        ("wecom", b'{"errcode": 93000, "errmsg": "invalid webhook url"}', "93000"),
        ("dingtalk", b'{"errcode": 310000, "errmsg": "keywords not in content"}', "310000"),
        ("feishu", b'{"code": 19021, "msg": "sign match fail"}', "19021"),
    ],
)
def test_a_refusal_inside_an_answer_of_200_counts_as_not_sent(send, robots, channel, answer, code):
    robots.answer = answer
    delivery = send(channel)

    assert (delivery.state, delivery.attempts) == (State.PENDING, 1)
    assert code in delivery.error


@pytest.mark.parametrize("status", [302, 404, 429, 500])
def test_any_other_status_counts_as_not_sent_and_no_redirect_is_followed(send, robots, status):
    robots.status, robots.headers = status, {"Location": f"{robots.origin}/elsewhere"}
    delivery = send("wecom")

    assert delivery.state == State.PENDING
    assert len(robots.paths) == 1


@pytest.mark.parametrize("answer", [b"<html>", b"[]", b'{"ok": true}', b'{"errcode": "x"}'])
def test_an_answer_that_nobody_understands_goes_to_a_person(send, robots, answer):
    robots.answer = answer

    assert send("wecom").state == State.UNCONFIRMED


def test_an_answer_that_does_not_come_goes_to_a_person(send, robots, monkeypatch):
    monkeypatch.setattr(robot_module, "TIMEOUT", (1, 0.2))
    robots.hang = threading.Event()
    delivery = send("wecom")
    robots.hang.set()

    assert delivery.state == State.UNCONFIRMED


def test_a_service_that_cannot_be_reached_is_tried_again(send):
    OfficeSettings.objects.update(gateways="http://127.0.0.1:9")

    delivery = send("wecom", webhook="http://127.0.0.1:9" + PATHS["wecom"])
    assert delivery.state == State.PENDING
    assert "连接" in delivery.error


def test_no_key_is_in_any_log_or_error(send, robots, caplog):
    caplog.set_level(logging.INFO)
    robots.answer = b'{"errcode": 93000}'
    delivery = send("dingtalk", secret="SECabcdef123")
    OfficeSettings.objects.update(gateways="http://127.0.0.1:9")
    Address.objects.update(webhook="http://127.0.0.1:9" + PATHS["dingtalk"])
    outbox.send_due(now=at(4, 30, 10))
    delivery.refresh_from_db()

    assert delivery.attempts == 2
    for key in ("566cc69da782ec42", "SECabcdef123", "access_token"):
        assert key not in caplog.text
        assert key not in delivery.error


def test_the_history_of_an_address_knows_who_changed_it_and_not_the_key(send):
    send("dingtalk", secret="SECabcdef123")

    row = Address.history.get()
    assert not hasattr(row, "webhook")
    assert not hasattr(row, "secret")


def test_a_gateway_that_is_no_longer_listed_is_no_longer_posted_to(send, robots, office):
    robots.status = 500
    send("wecom")
    OfficeSettings.objects.update(gateways="")

    outbox.send_due(now=at(4, 30, 10))

    assert len(robots.posted) == 1
    assert "网关" in Delivery.objects.get().error


@pytest.mark.parametrize(("channel", "path"), PATHS.items())
def test_the_services_own_addresses_are_allowed(channel, path):
    webhook = check_webhook(channel, f" https://{SERVICES[channel].host}{path} ", "")

    assert webhook.key in path


@pytest.mark.parametrize(
    "address",
    [
        "http://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=abcdef",
        "https://qyapi.weixin.qq.com:8443/cgi-bin/webhook/send?key=abcdef",
        "https://qyapi.weixin.qq.com.evil.example/cgi-bin/webhook/send?key=abcdef",
        "https://qyapi.weixin.qq.com@evil.example/cgi-bin/webhook/send?key=abcdef",
        "https://user:pw@qyapi.weixin.qq.com/cgi-bin/webhook/send?key=abcdef",
        "https://evil.example/cgi-bin/webhook/send?key=abcdef",
        "https://oapi.dingtalk.com/robot/send?access_token=abcdef",
        "https://qyapi.weixin.qq.com/cgi-bin/gettoken?key=abcdef",
        "https://qyapi.weixin.qq.com/cgi-bin/webhook/send/../../user/delete?key=abcdef",
        "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=a/../b",
        "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=",
        "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=密钥密钥密钥",
        "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=abcdef#x",
        "https://127.0.0.1/cgi-bin/webhook/send?key=abcdef",
        "https://169.254.169.254/latest/meta-data",
        "http://localhost:5432/",
        "https://[::1]/cgi-bin/webhook/send?key=abcdef",
        "https://[::1/",
        "https://qyapi.weixin.qq.com:x/",
        "file:///etc/passwd",
        "gopher://127.0.0.1:6379/_FLUSHALL",
        "qyapi.weixin.qq.com",
        "https://gw.linchuan.example.evil.example/hook",
        "http://gw.linchuan.example/hook",
        "https://gw.linchuan.example:8443/hook",
    ],
)
def test_nothing_else_may_be_posted_to(address):
    with pytest.raises(ValidationError) as refused:
        check_webhook("wecom", address, "https://gw.linchuan.example")
    assert "abcdef" not in refused.value.messages[0]


def test_a_gateway_that_the_office_has_named_may_be_posted_to():
    gateways = "https://gw.linchuan.example\nhttp://10.1.2.3:8080"

    assert check_webhook("wecom", "https://GW.linchuan.example/wecom/send?key=1", gateways).address
    assert check_webhook("feishu", "http://10.1.2.3:8080/feishu/x", gateways).address


@pytest.mark.parametrize(
    "entry",
    [
        "",
        "http://",
        "ftp://gw.example",
        "gw.example/path",
        "http://169.254.169.254",
        "http://0.0.0.0",
        "http://[::1",
        "http://u:p@gw.example",
        "gw.example:x",
    ],
)
def test_a_gateway_is_a_host(entry):
    with pytest.raises(ValidationError):
        check_gateway(entry)


def test_a_gateway_is_tidied():
    assert check_gateway("gw.linchuan.example") == "https://gw.linchuan.example"
    assert check_gateway("http://10.1.2.3:8080/") == "http://10.1.2.3:8080"
