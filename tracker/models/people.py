"""People: users, what they are to which unit, and who stands in for whom."""

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from speeches.acting import history


class User(AbstractUser):
    """Someone who signs in. Chinese names are one word, so ``name`` is one field."""

    first_name = None
    last_name = None
    name = models.CharField(_("name"), max_length=60)
    post = models.CharField(_("post"), max_length=100, blank=True)
    # What is written to them is written in this language; the pages follow their browser.
    language = models.CharField(
        _("language"), max_length=10, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE
    )
    REQUIRED_FIELDS = ["name"]
    history = history(excluded_fields=["password", "last_login"])

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ["username"]

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name


class Membership(models.Model):
    """The role of a user for a unit and everything below it in the tree."""

    class Role(models.TextChoices):
        COORDINATOR = "coordinator", _("coordinator")
        LEADER = "leader", _("leader")
        LIAISON = "liaison", _("liaison")
        OBSERVER = "observer", _("observer")
        ADMINISTRATOR = "administrator", _("administrator")

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships", verbose_name=_("user"))
    unit = models.ForeignKey("tracker.Unit", models.CASCADE, related_name="memberships", verbose_name=_("unit"))
    role = models.CharField(_("role"), max_length=16, choices=Role)
    # 主要负责人: who is told when a unit does not heed the reminders to its liaison.
    is_head = models.BooleanField(_("head of the unit"), default=False)
    history = history()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["unit", "role", "user"]
        constraints = [models.UniqueConstraint(fields=["user", "unit", "role"], name="membership_once")]

    def __str__(self) -> str:
        return f"{self.user} · {self.unit} · {self.get_role_display()}"


class Delegation(models.Model):
    """``substitute`` acts with ``absent``'s roles from ``starts_on`` to ``ends_on``, both included."""

    absent = models.ForeignKey(User, models.CASCADE, related_name="delegations", verbose_name=_("absent"))
    substitute = models.ForeignKey(User, models.CASCADE, related_name="stands_in", verbose_name=_("substitute"))
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("to"))
    history = history()

    class Meta:
        verbose_name = _("delegation")
        verbose_name_plural = _("delegations")
        ordering = ["-starts_on"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="delegation_ends_after_start"),
            models.CheckConstraint(condition=~Q(absent=F("substitute")), name="delegation_to_another"),
        ]

    def __str__(self) -> str:
        return f"{self.absent} → {self.substitute}"
