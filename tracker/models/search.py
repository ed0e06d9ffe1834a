"""The words of speeches and commitments, cut up for the database's own full-text index."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class SearchEntry(models.Model):
    """One searchable thing: its words with spaces between them, as ``tracker.search`` cut them.

    The full-text index on ``title`` and ``body`` is made by the migration: FTS5 with triggers on SQLite,
    GIN on PostgreSQL.
    """

    class Kind(models.TextChoices):
        SPEECH = "speech", _("speech")
        COMMITMENT = "commitment", _("commitment")

    kind = models.CharField(max_length=10, choices=Kind)
    object_id = models.BigIntegerField()
    title = models.TextField(blank=True)
    body = models.TextField(blank=True)

    class Meta:
        verbose_name = _("search entry")
        verbose_name_plural = _("search entries")
        constraints = [models.UniqueConstraint(fields=["kind", "object_id"], name="search_entry_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"
