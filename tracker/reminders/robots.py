"""The robots of WeCom, DingTalk and Feishu: apprise's, corrected where offices would lose messages by them.

All three services answer 200 with an error code in the body where they refuse a message (a wrong key, a missing
keyword, too many a minute); apprise takes that for sent, so here the answer is read. Its DingTalk signature is
encoded twice, its Feishu robot cannot be signed for, its WeCom robot cannot name anybody, and none of them can stand
behind a gateway of the intranet.
"""

import base64
import hashlib
import hmac
import time
from typing import Any

import requests
from apprise.plugins.dingtalk import NotifyDingTalk
from apprise.plugins.feishu import NotifyFeishu
from apprise.plugins.wecombot import NotifyWeComBot
from django.utils.translation import gettext as _
from urllib3.exceptions import NewConnectionError

from tracker.models import Channel
from tracker.reminders.channels import NotSent, PerhapsSent, Route, Webhook

TIMEOUT = (4, 10)  # seconds to connect, to answer
# apprise wants a key even where the gateway's address holds it.
_NO_KEY = "gateway"


class _Robot:
    """What the three have in common: they post, and the answer is read."""

    address: str
    code_field: str

    def say(self, payload: dict[str, Any], params: dict[str, str] | None = None) -> None:
        headers = {"User-Agent": "Luoshi", "Content-Type": "application/json; charset=utf-8"}
        try:
            answer = requests.post(
                self.address, json=payload, params=params, headers=headers, timeout=TIMEOUT, allow_redirects=False
            )
        except (requests.exceptions.ConnectTimeout, requests.exceptions.SSLError, requests.exceptions.ProxyError):
            raise NotSent(_("The service could not be reached.")) from None
        except requests.ConnectionError as error:
            if isinstance(getattr(error.args[0] if error.args else None, "reason", None), NewConnectionError):
                raise NotSent(_("The service could not be reached.")) from None
            raise PerhapsSent(_("The connection broke before the service had answered.")) from None
        except requests.RequestException:
            raise PerhapsSent(_("The service did not answer in time.")) from None
        if answer.status_code != requests.codes.ok:
            raise NotSent(_("The service answered with status %(status)d.") % {"status": answer.status_code})
        try:
            code = int(answer.json()[self.code_field])
        except (ValueError, KeyError, TypeError):
            raise PerhapsSent(_("The service answered something that is not understood.")) from None
        if code:
            raise NotSent(_("The service refused the message (code %(code)d).") % {"code": code})


class WeCom(_Robot, NotifyWeComBot):
    code_field = "errcode"

    def send(self, body: str, to: str = "", **kwargs: Any) -> None:
        text: dict[str, Any] = {"content": body}
        if to:
            text["mentioned_mobile_list" if to.isdigit() else "mentioned_list"] = [to]
        self.say({"msgtype": "text", "text": text})


class DingTalk(_Robot, NotifyDingTalk):
    code_field = "errcode"

    def send(self, body: str, **kwargs: Any) -> None:
        params = None
        if self.secret:
            stamp = str(round(time.time() * 1000))
            params = {"timestamp": stamp, "sign": sign(self.secret.encode(), f"{stamp}\n{self.secret}".encode())}
        # Whoever is to be called must also stand in the text.
        content = "\n@".join([body, *self.targets])
        at = {"atMobiles": self.targets, "isAtAll": False}
        self.say({"msgtype": "text", "text": {"content": content}, "at": at}, params)


class Feishu(_Robot, NotifyFeishu):
    code_field = "code"
    secret = ""

    def send(self, body: str, to: str = "", **kwargs: Any) -> None:
        text = f'<at user_id="{to}"></at> {body}' if to else body
        payload: dict[str, Any] = {"msg_type": "text", "content": {"text": text}}
        if self.secret:
            stamp = str(int(time.time()))
            payload |= {"timestamp": stamp, "sign": sign(f"{stamp}\n{self.secret}".encode(), b"")}
        self.say(payload)


def sign(key: bytes, text: bytes) -> str:
    """HMAC-SHA256 in Base64. DingTalk signs the stamp with the secret; Feishu signs nothing with both as the key."""
    return base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()


def post(route: Route, webhook: Webhook, text: str) -> None:
    """Have the robot of ``route`` say ``text``. Raises NotSent or PerhapsSent."""
    key = webhook.key or _NO_KEY
    robot: Any
    match route.channel:
        case Channel.WECOM:
            robot = WeCom(key=key)
        case Channel.DINGTALK:
            robot = DingTalk(token=key, targets=route.to)
        case _:
            robot = Feishu(token=key)
    robot.address = webhook.address or robot.notify_url.format(key=key, token=key)
    robot.secret = route.secret
    robot.send(text, to=route.to)
