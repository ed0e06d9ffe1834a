"""Personal tokens for the API."""

import hashlib
import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from speeches.acting import history


class ApiToken(models.Model):
    """A token of one user. It may do what its owner may, within its scope, until it expires or is revoked.

    Only the hash is kept: the token itself is shown once, when it is made.
    """

    class Scope(models.TextChoices):
        READ = "read", _("look only")
        WRITE = "write", _("look and change")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="api_tokens")
    name = models.CharField(_("what it is for"), max_length=60)
    scope = models.CharField(_("scope"), max_length=5, choices=Scope, default=Scope.READ)
    secret_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("made at"), auto_now_add=True)
    expires_on = models.DateField(_("valid until"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)
    history = history(excluded_fields=["last_used_at"])

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        ordering = ["-created_at"]
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="token_name_once")]

    def __str__(self) -> str:
        return self.name

    @staticmethod
    def hashed(secret: str) -> str:
        return hashlib.sha256(secret.encode()).hexdigest()

    @classmethod
    def make(cls, **fields: object) -> tuple["ApiToken", str]:
        """A new token and its secret, which is known only now."""
        secret = f"luoshi_{secrets.token_urlsafe(32)}"
        return cls.objects.create(secret_hash=cls.hashed(secret), **fields), secret

    @classmethod
    def of(cls, secret: str) -> "ApiToken | None":
        """The valid token with this secret, of a user who may still sign in."""
        today = timezone.localdate()
        valid = Q(expires_on=None) | Q(expires_on__gte=today)
        rows = cls.objects.select_related("user").filter(valid, secret_hash=cls.hashed(secret), user__is_active=True)
        return rows.first()
