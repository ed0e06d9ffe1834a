"""Reminders, the messages that carry them out of the house, and where those go.

A ``Reminder`` is one sentence to one person about one item; it stands in their inbox from the moment that it is
made. A ``Message`` gathers a person's new reminders, and a ``Delivery`` takes a message through one channel.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from speeches.acting import history
from tracker.models.assignments import Assignment
from tracker.models.commitments import Commitment
from tracker.sealed import SealedField


class Channel(models.TextChoices):
    """The ways out of the house. The inbox is none: it is always there."""

    EMAIL = "email", _("email")
    WECOM = "wecom", _("WeCom")
    DINGTALK = "dingtalk", _("DingTalk")
    FEISHU = "feishu", _("Feishu")


class Message(models.Model):
    """What is sent to one person at once: the day's digest (one a day, the database sees to it), or a single notice."""

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("to"))
    day = models.DateField(_("day"))
    daily = models.BooleanField(_("digest of the day"))
    subject = models.CharField(_("subject"), max_length=200)
    text = models.TextField(_("text"))
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["recipient", "day"], condition=Q(daily=True), name="one_digest_a_day")
        ]

    def __str__(self) -> str:
        return self.subject


class Reminder(models.Model):
    """What is said to one person about one item, at one level, for one day. It shows in that person's inbox.

    The unique key is what makes each one single, however many workers run. ``day`` is the day that it was due
    (for 7 days before the last day: that day), even where a late run made it afterwards.
    """

    class Level(models.TextChoices):
        BEFORE = "before", _("before the day")
        ON_DAY = "on_day", _("on the day")
        LIAISON = "liaison", _("overdue: liaison")
        HEAD = "head", _("overdue: head of the unit")
        LEADER = "leader", _("overdue: leader in charge")
        MANUAL = "manual", _("sent by the office")
        NOTICE = "notice", _("notice")

    commitment = models.ForeignKey(Commitment, models.CASCADE, related_name="reminders")
    # None where the whole commitment is meant (a leader's instruction on it).
    assignment = models.ForeignKey(Assignment, models.CASCADE, null=True, blank=True, related_name="reminders")
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="reminders")
    level = models.CharField(_("level"), max_length=8, choices=Level)
    day = models.DateField(_("day"))
    text = models.TextField(_("text"))
    # The message that carried it out of the house; None until the day's digest is put together.
    message = models.ForeignKey(Message, models.SET_NULL, null=True, blank=True, related_name="reminders")
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    sent_at = models.DateTimeField(_("sent at"))

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ["-sent_at", "-pk"]
        indexes = [
            models.Index(fields=["recipient", "-sent_at", "-id"]),
            models.Index(fields=["recipient"], condition=Q(read_at=None), name="reminder_unread"),
            models.Index(fields=["recipient"], condition=Q(message=None), name="reminder_not_carried"),
            models.Index(fields=["assignment", "-sent_at"]),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["assignment", "recipient", "level", "day"], condition=~Q(level="notice"), name="reminded_once"
            )
        ]

    def __str__(self) -> str:
        return self.text[:80]


class Delivery(models.Model):
    """One message through one channel.

    Claimed by a conditional UPDATE, so that one worker sends it. Where that worker dies between sending and
    writing it down, nobody can know whether it arrived: it becomes ``UNCONFIRMED`` and waits for a person. So a
    channel outside the house gets a message at most once by itself, and again only when somebody says so.
    """

    class State(models.TextChoices):
        PENDING = "pending", _("to be sent")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed")
        UNCONFIRMED = "unconfirmed", _("perhaps sent")
        DROPPED = "dropped", _("given up")

    message = models.ForeignKey(Message, models.CASCADE, related_name="deliveries")
    channel = models.CharField(_("channel"), max_length=8, choices=Channel)
    # Whose robot or mailbox it went through, once it was tried.
    through = models.ForeignKey("tracker.Address", models.SET_NULL, null=True, blank=True, related_name="+")
    state = models.CharField(_("state"), max_length=11, choices=State, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt"))
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    # Who decided about one that failed or may have arrived.
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    # A sentence for a person, never an address or a key.
    error = models.CharField(_("what went wrong"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["state", "next_attempt_at"]),
            models.Index(fields=["through", "-claimed_at"]),
        ]
        constraints = [models.UniqueConstraint(fields=["message", "channel"], name="one_delivery_a_channel")]

    def __str__(self) -> str:
        return f"{self.message} ({self.get_channel_display()})"


class Address(models.Model):
    """Where a channel reaches a person; without a user, the office's own robot for everybody on that channel.

    ``webhook`` and ``secret`` are keys to somebody's chat: they are written once, stored sealed, used, and shown to
    nobody. Where the installation's secret key has changed they are ``Unreadable``.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="addresses",
        verbose_name=_("user"),
    )
    channel = models.CharField(_("channel"), max_length=8, choices=Channel)
    is_on = models.BooleanField(_("in use"), default=True)
    # The mailbox; for a robot the mobile number (WeCom, DingTalk) or open_id (Feishu) of whoever is to be named.
    to = models.CharField(_("mailbox, or whom to name"), max_length=254, blank=True)
    webhook = SealedField(_("address of the robot"), blank=True)
    secret = SealedField(_("signing secret"), blank=True)
    history = history(excluded_fields=["webhook", "secret"])

    class Meta:
        verbose_name = _("address")
        verbose_name_plural = _("addresses")
        ordering = ["user", "channel"]
        constraints = [
            models.UniqueConstraint(fields=["user", "channel"], name="address_once_a_channel"),
            models.UniqueConstraint(fields=["channel"], condition=Q(user=None), name="one_office_robot_a_channel"),
        ]

    def __str__(self) -> str:
        return f"{self.user or _('The office')}: {self.get_channel_display()}"
