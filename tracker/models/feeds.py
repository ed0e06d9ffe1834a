"""Secret addresses under which a calendar program fetches what is due."""

import hashlib
import secrets

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from speeches.acting import history


class CalendarFeed(models.Model):
    """One secret address. It shows what its owner may see (of one unit, where one is named), until revoked.

    Only the hash of the secret is kept: whoever reads the database cannot read anybody's calendar.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="feeds", verbose_name=_("user"))
    unit = models.ForeignKey(
        "tracker.Unit", models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("unit")
    )
    secret_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("made at"), auto_now_add=True)
    last_read_at = models.DateTimeField(_("last fetched"), null=True, blank=True)
    history = history()

    class Meta:
        verbose_name = _("calendar address")
        verbose_name_plural = _("calendar addresses")
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["user", "unit"], name="one_feed_for_a_unit"),
            models.UniqueConstraint(fields=["user"], condition=models.Q(unit=None), name="one_feed_of_ones_own"),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.unit or _('everything')}"

    @staticmethod
    def hashed(secret: str) -> str:
        return hashlib.sha256(secret.encode()).hexdigest()

    @classmethod
    def renew(cls, user: models.Model, unit: models.Model | None) -> str:
        """A fresh secret for this user (and unit); an earlier address stops working. The only time it is known."""
        secret = secrets.token_urlsafe(32)
        cls.objects.update_or_create(user=user, unit=unit, defaults={"secret_hash": cls.hashed(secret)})
        return secret
