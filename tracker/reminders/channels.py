"""The ways out of the house: email, and the chat robots of WeCom, DingTalk and Feishu.

A robot is posted to at the address that its owner pasted. That address is a key, so it is in no log and no error
message; and it is somebody's input, so it may lead only to the three services themselves over https, or to a gateway
inside the intranet that the administrator has named. That is checked when it is saved and again when it is used,
and redirects are not followed.
"""

import re
import smtplib
from collections.abc import Iterable
from dataclasses import dataclass
from email.utils import make_msgid
from functools import cached_property
from ipaddress import ip_address
from urllib.parse import SplitResult, parse_qs, urlsplit

from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage, get_connection
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tracker.models import Address, Channel, Delivery, OfficeSettings, User
from tracker.reminders import words
from tracker.sealed import Unreadable

UNREADABLE = gettext_lazy(
    "The robot is stored but cannot be read: the secret key of this installation has changed. Paste its address again."
)


class NotSent(Exception):
    """It surely did not go out: the service refused it, or was never reached. Carries a sentence without secrets."""


class PerhapsSent(Exception):
    """Nobody can know whether it arrived. Carries a sentence without secrets."""


@dataclass(frozen=True)
class Service:
    """Where a robot service takes messages, and what it takes: at most so many bytes of UTF-8."""

    host: str
    path: re.Pattern[str]
    key: str  # the query parameter that holds the robot's key; "" where the path does
    most_bytes: int


SERVICES = {
    Channel.WECOM: Service("qyapi.weixin.qq.com", re.compile(r"/cgi-bin/webhook/send/?"), "key", 2048),
    Channel.DINGTALK: Service("oapi.dingtalk.com", re.compile(r"/robot/send/?"), "access_token", 19_000),
    Channel.FEISHU: Service("open.feishu.cn", re.compile(r"/open-apis/bot/v2/hook/(?P<key>[\w-]+)/?"), "", 19_000),
}
# As apprise has them; it would quote a key that it does not like in its log, so that none may get so far.
KEYS = {
    Channel.WECOM: re.compile(r"[a-zA-Z0-9_-]{6,200}"),
    Channel.DINGTALK: re.compile(r"[a-zA-Z0-9]{6,200}"),
    Channel.FEISHU: re.compile(r"[a-zA-Z0-9_-]{6,200}"),
}


@dataclass(frozen=True)
class Route:
    """How one message reaches one person. ``through`` is the row whose mailbox or robot is used."""

    channel: str
    through: Address
    to: str = ""
    webhook: str = ""
    secret: str = ""
    gateways: str = ""
    # A robot that speaks to a whole group: the message says whom it is for.
    shared: bool = False


class Routes:
    """Everybody's addresses and the office's own, read once."""

    @cached_property
    def _addresses(self) -> dict[tuple[int | None, str], Address]:
        return {(row.user_id, row.channel): row for row in Address.objects.all()}

    @cached_property
    def gateways(self) -> str:
        """The intranet's gateways that the office has named, one a line."""
        return OfficeSettings.get().gateways

    def address(self, user: User | None, channel: str) -> Address | None:
        """The row of a person, or of the office itself (None), for a channel."""
        return self._addresses.get((user.pk if user else None, channel))

    def route(self, user: User, channel: str) -> Route | None:
        """A person's own choice if they made one, else the office's; None where the channel is off or leads nowhere."""
        own, office = self.address(user, channel), self.address(None, channel)
        if own and not own.is_on:
            return None
        if channel == Channel.EMAIL:
            through, to = own or office, (own.to if own else "") or user.email
            return Route(channel, through, to) if through and through.is_on and to else None
        through = own if own and own.webhook else office
        if through is None or not through.is_on or not through.webhook:
            return None
        return Route(
            channel,
            through,
            to=own.to if own else "",
            webhook=through.webhook,
            secret=through.secret,
            gateways=self.gateways,
            shared=through.user_id is None,
        )

    def channels(self, user: User) -> list[str]:
        return [channel for channel in Channel.values if self.route(user, channel)]


def check_gateway(entry: str) -> str:
    """One line of the office's list of gateways, tidied. Raises ValidationError."""
    parts = _split(entry if "://" in entry else f"https://{entry}")
    if parts.scheme not in ("https", "http") or not parts.hostname or parts.path.strip("/") or parts.query:
        message = _("“%(entry)s” is not a host. Write gw.example.gov.cn, or http://10.1.2.3:8080.")
        raise ValidationError(message % {"entry": entry})
    try:
        address = ip_address(parts.hostname)
    except ValueError:
        pass
    else:
        if address.is_link_local or address.is_multicast or address.is_unspecified:
            raise ValidationError(_("“%(entry)s” cannot be a gateway.") % {"entry": entry})
    return f"{parts.scheme}://{parts.netloc}"


def _split(address: str) -> SplitResult:
    try:
        parts = urlsplit(address.strip())
        _port = parts.port  # raises ValueError where it is none
    except ValueError as error:
        raise ValidationError(_("This is not an address.")) from error
    if parts.username or parts.password or parts.fragment:
        raise ValidationError(_("This is not the address of a robot. Paste it as the chat shows it."))
    return parts


@dataclass(frozen=True)
class Webhook:
    """Where a robot is posted to: by its ``key`` at the service itself, or at ``address`` of a gateway."""

    key: str = ""
    address: str = ""


def check_webhook(channel: str, address: str, gateways: str) -> Webhook:
    """A robot's address, allowed to be posted to. Raises ValidationError with a sentence that does not repeat it."""
    parts = _split(address)
    origin = f"{parts.scheme}://{parts.netloc}".lower()
    if origin in {line.strip().lower() for line in gateways.splitlines() if line.strip()}:
        return Webhook(address=address.strip())
    service = SERVICES[Channel(channel)]
    if parts.scheme != "https" or parts.netloc.lower() != service.host:
        message = _(
            "A robot of this channel is at https://%(host)s/…. An address inside the intranet must first be listed as "
            "a gateway by the administrator."
        )
        raise ValidationError(message % {"host": service.host})
    path = service.path.fullmatch(parts.path)
    key = parse_qs(parts.query).get(service.key, [""])[0] if service.key else (path["key"] if path else "")
    if not path or not KEYS[Channel(channel)].fullmatch(key):
        raise ValidationError(_("This is not the address of a robot. Paste it as the chat shows it."))
    return Webhook(key=key)


def send(route: Route, delivery: Delivery) -> None:
    """Send one delivery by ``route``. Raises NotSent or PerhapsSent."""
    message = delivery.message
    with translation.override(message.recipient.language):
        if route.channel == Channel.EMAIL:
            _send_email(route.to, message.subject, message.text, delivery.pk)
            return
        if isinstance(route.webhook, Unreadable) or isinstance(route.secret, Unreadable):
            raise NotSent(UNREADABLE)
        try:
            webhook = check_webhook(route.channel, route.webhook, route.gateways)
        except ValidationError as error:
            raise NotSent(error.messages[0]) from None
        greeting = f"{message.recipient}：" if route.shared else ""
        body = "\n".join([greeting + message.subject, *_without(message.text, message.subject)])
        text = words.fit(body, SERVICES[Channel(route.channel)].most_bytes - 100)
        from tracker.reminders import robots  # apprise takes a moment to load, and only whoever sends needs it

        robots.post(route, webhook, text)


def _without(text: str, first_line: str) -> Iterable[str]:
    lines = text.split("\n")
    return lines[1:] if lines[0] == first_line else lines


def _send_email(to: str, subject: str, text: str, number: int) -> None:
    connection = get_connection(fail_silently=False)
    try:
        connection.open()
    except (OSError, smtplib.SMTPException):
        raise NotSent(_("The mail server could not be reached.")) from None
    try:
        EmailMessage(
            subject, text, to=[to], connection=connection, headers={"Message-ID": make_msgid(f"luoshi-{number}")}
        ).send()
    except (smtplib.SMTPServerDisconnected, TimeoutError, ConnectionError):
        raise PerhapsSent(_("The mail server broke off before it had confirmed.")) from None
    except (smtplib.SMTPException, OSError, ValueError):
        raise NotSent(_("The mail server refused the message or the mailbox.")) from None
    finally:
        connection.close()
