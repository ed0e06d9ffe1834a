"""What was said and issued: leaders' instructions, bulletins."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from speeches.acting import history
from tracker.models.commitments import Commitment


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
