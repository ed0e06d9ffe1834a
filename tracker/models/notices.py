"""What was sent and issued: reminders, leaders' instructions, bulletins."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from speeches.acting import history
from tracker.models.assignments import Assignment
from tracker.models.commitments import Commitment


class Reminder(models.Model):
    """What is to be sent to one person about one assignment, at one level, for one day, by one channel.

    The unique key is what makes each one single, however many workers run: a second INSERT fails.
    """

    class Level(models.TextChoices):
        BEFORE = "before", _("before the day")
        ON_DAY = "on_day", _("on the day")
        LIAISON = "liaison", _("overdue: liaison")
        HEAD = "head", _("overdue: head of the unit")
        LEADER = "leader", _("overdue: leader in charge")
        MANUAL = "manual", _("sent by the office")

    class Channel(models.TextChoices):
        INBOX = "inbox", _("inbox")
        EMAIL = "email", _("email")
        WECOM = "wecom", _("WeCom")
        DINGTALK = "dingtalk", _("DingTalk")
        FEISHU = "feishu", _("Feishu")

    class State(models.TextChoices):
        PENDING = "pending", _("to be sent")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed")

    assignment = models.ForeignKey(Assignment, models.CASCADE, related_name="reminders")
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="reminders")
    level = models.CharField(_("level"), max_length=8, choices=Level)
    channel = models.CharField(_("channel"), max_length=8, choices=Channel, default=Channel.INBOX)
    day = models.DateField(_("day"))
    text = models.TextField(_("text"), blank=True)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)
    error = models.TextField(blank=True)
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("reminder")
        verbose_name_plural = _("reminders")
        ordering = ["-day", "-pk"]
        indexes = [
            models.Index(fields=["recipient", "channel", "read_at", "-day"]),
            models.Index(fields=["state", "next_attempt_at"]),
            models.Index(fields=["assignment", "-day"]),
        ]
        constraints = [
            models.UniqueConstraint(fields=["assignment", "recipient", "level", "channel", "day"], name="reminded_once")
        ]

    def __str__(self) -> str:
        return f"{self.assignment} → {self.recipient} ({self.get_level_display()})"


class Instruction(models.Model):
    """批示: what a leader wrote on an item."""

    commitment = models.ForeignKey(Commitment, models.CASCADE, related_name="instructions")
    text = models.TextField(_("instruction"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("at"))
    history = history()

    class Meta:
        verbose_name = _("instruction")
        verbose_name_plural = _("instructions")
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.text[:60]


class Bulletin(models.Model):
    """督查通报: the state of a period, frozen as it was when issued."""

    year = models.PositiveSmallIntegerField(_("year"))
    serial = models.PositiveSmallIntegerField(_("issue number"))
    title = models.CharField(_("title"), max_length=200)
    period_start = models.DateField(_("from"))
    period_end = models.DateField(_("to"))
    snapshot = models.JSONField(_("figures as issued"))
    comment = models.TextField(_("what is asked next"), blank=True)
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    issued_at = models.DateTimeField(_("issued at"))
    history = history()

    class Meta:
        verbose_name = _("bulletin")
        verbose_name_plural = _("bulletins")
        ordering = ["-year", "-serial"]
        constraints = [
            models.UniqueConstraint(fields=["year", "serial"], name="bulletin_number_once"),
            models.CheckConstraint(condition=Q(period_end__gte=F("period_start")), name="bulletin_period_forward"),
        ]

    def __str__(self) -> str:
        return self.title
