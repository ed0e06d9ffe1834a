"""What a file says: the original, the speeches in it, and what was read out of each."""

import datetime as dt
import uuid
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from speeches.acting import history
from speeches.readers import NOTES, ReadError

# The People's Republic's first year: nothing that an office tracks was said before it.
EARLIEST_DELIVERY = dt.date(1949, 10, 1)


def original_path(instance: "SourceFile", filename: str) -> str:
    """Where an original is kept: by its hash, never by the name somebody gave it."""
    return f"originals/{instance.sha256[:2]}/{instance.sha256}"


def pending_path(instance: "PendingUpload", filename: str) -> str:
    """Where an upload waits while somebody looks it over: under a name that nobody can guess or choose."""
    return f"pending/{uuid.uuid4().hex}"


class SourceFile(models.Model):
    """The bytes that were uploaded, kept as they came; one row for each content, known by its SHA-256."""

    class State(models.TextChoices):
        RECEIVED = "received", _("received")
        READ = "read", _("read")
        FAILED = "failed", _("could not be read")

    sha256 = models.CharField(_("SHA-256"), max_length=64, unique=True, editable=False)
    name = models.CharField(_("file name"), max_length=300)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    format = models.CharField(_("format"), max_length=16, blank=True)
    file = models.FileField(_("original"), upload_to=original_path, max_length=120)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.RECEIVED)
    # A ReadError's code and its parameters; the sentence is made when it is shown, in the reader's language.
    error_code = models.CharField(_("reason"), max_length=40, blank=True)
    error_params = models.JSONField(default=dict, blank=True)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("uploaded by")
    )
    uploaded_at = models.DateTimeField(_("uploaded at"), auto_now_add=True)
    history = history()

    class Meta:
        verbose_name = _("original file")
        verbose_name_plural = _("original files")
        ordering = ["-uploaded_at", "-pk"]
        indexes = [models.Index(fields=["-uploaded_at"])]
        constraints = [
            models.CheckConstraint(
                name="source_failed_has_reason",
                condition=Q(state="failed", error_code__gt="") | (~Q(state="failed") & Q(error_code="")),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def reason(self) -> str:
        """Why it could not be read and what to do, in the language of whoever reads this; "" where it was read."""
        sentence = ReadError.CODES.get(self.error_code, self.error_code)
        return gettext(sentence) % self.error_params if sentence else ""

    @property
    def is_kept(self) -> bool:
        """Whether its bytes are there; those of a file that was refused unread (empty, too large) never were."""
        return bool(self.file) and self.file.storage.exists(self.file.name)

    @property
    def download_name(self) -> str:
        """The name for a download: the last part of what the user's machine called it."""
        return PurePath(self.name.replace("\\", "/")).name or "original"


class PendingUpload(models.Model):
    """A file or pasted text that one user is looking over before it is stored. Nobody else sees it.

    It holds no speech yet and is gone once it is stored, discarded or a day old (``speeches.preview``).
    ``parts`` are the speeches that ``text`` is to be cut into: ``start`` and ``end`` (offsets in ``text``),
    ``values`` (field → words as they stand in the form, the day as YYYY-MM-DD) and ``evidence`` (field → the
    words it was read from).
    """

    name = models.CharField(_("file name"), max_length=300, blank=True)
    # Empty for pasted text, which has no original.
    file = models.FileField(_("original"), upload_to=pending_path, max_length=120, blank=True)
    size = models.PositiveBigIntegerField(_("size in bytes"), default=0)
    format = models.CharField(_("format"), max_length=16, blank=True)
    text = models.TextField(_("text"))
    parts = models.JSONField(default=list)
    # What reading and cleaning changed, as ``speeches.readers.Document.notes``.
    notes = models.JSONField(default=dict, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("uploaded by"))
    at = models.DateTimeField(_("uploaded at"), auto_now_add=True)

    class Meta:
        verbose_name = _("upload being looked over")
        verbose_name_plural = _("uploads being looked over")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["by", "-at"])]

    def __str__(self) -> str:
        return self.name or self.text[:40]

    @property
    def changed(self) -> list[tuple[str, list[str]]]:
        """What reading and cleaning changed, in the language of whoever reads this, each with the lines it changed."""
        return [(gettext(sentence), self.notes[note]) for note, sentence in NOTES.items() if note in self.notes]


class Speech(models.Model):
    """One speech. Its ``text`` is what all offsets of its findings refer to, and never changes."""

    source = models.ForeignKey(
        SourceFile, models.PROTECT, null=True, blank=True, related_name="speeches", verbose_name=_("original file")
    )
    number = models.PositiveSmallIntegerField(_("number in the file"), default=1, validators=[MinValueValidator(1)])
    title = models.CharField(_("title"), max_length=300)
    speaker = models.CharField(_("speaker"), max_length=60, blank=True)
    post = models.CharField(_("post"), max_length=100, blank=True)
    occasion = models.CharField(_("occasion"), max_length=200, blank=True)
    issuing_body = models.CharField(_("issuing body"), max_length=100, blank=True)
    delivered_on = models.DateField(_("delivered on"))
    text = models.TextField(_("text"))
    text_sha256 = models.CharField(max_length=64, editable=False, db_index=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("added by")
    )
    added_at = models.DateTimeField(_("added at"), auto_now_add=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    history = history(excluded_fields=["text"])

    class Meta:
        verbose_name = _("speech")
        verbose_name_plural = _("speeches")
        ordering = ["-delivered_on", "-pk"]
        indexes = [models.Index(fields=["-delivered_on", "-id"])]
        constraints = [
            models.UniqueConstraint(fields=["source", "number"], name="speech_once_in_its_file"),
            models.UniqueConstraint(
                fields=["text_sha256", "delivered_on"], condition=Q(source=None), name="pasted_speech_once"
            ),
            models.CheckConstraint(condition=Q(delivered_on__gte=EARLIEST_DELIVERY), name="speech_not_before_1949"),
        ]

    def __str__(self) -> str:
        return self.title


class Finding(models.Model):
    """What the extractor read out of a speech, with its exact place in the text. Never edited.

    ``start`` and ``end`` are character offsets in ``speech.text`` (``text[start:end] == quote``). The only
    column that is ever written again is ``last_day``, which is no reading but a reckoning: it follows from
    ``deadline_value`` and the speech's date, and is reckoned anew when that date is corrected.
    """

    class Tier(models.TextChoices):
        HARD = "hard", _("date or number")
        ASSIGNED = "assigned", _("someone charged")
        NAMED = "named", _("named result")

    speech = models.ForeignKey(Speech, models.CASCADE, related_name="findings", verbose_name=_("speech"))
    number = models.PositiveIntegerField(_("number"))
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    quote = models.TextField(_("quote"))
    tier = models.CharField(_("tier"), max_length=10, choices=Tier)
    heading = models.JSONField(_("headings"), default=list, blank=True)
    deadline_text = models.CharField(_("deadline in words"), max_length=200, blank=True)
    deadline_start = models.PositiveIntegerField(null=True, blank=True)
    deadline_end = models.PositiveIntegerField(null=True, blank=True)
    deadline_value = models.CharField(max_length=200, blank=True)
    deadline_flags = models.JSONField(default=list, blank=True)
    deadline_inherited = models.BooleanField(_("from a lead-in"), default=False)
    last_day = models.DateField(_("last day"), null=True, blank=True)
    recurrence_text = models.CharField(_("frequency in words"), max_length=200, blank=True)
    rrule = models.CharField(_("frequency"), max_length=200, blank=True)
    targets = models.JSONField(_("targets"), default=list, blank=True)
    responsible = models.JSONField(_("responsible"), default=list, blank=True)
    supporting = models.JSONField(_("supporting"), default=list, blank=True)
    people = models.JSONField(_("people"), default=list, blank=True)
    confidence = models.FloatField(_("confidence"))
    reasons = models.JSONField(_("reasons"), default=list, blank=True)

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        ordering = ["speech", "number"]
        indexes = [models.Index(fields=["speech", "start"])]
        constraints = [
            models.UniqueConstraint(fields=["speech", "number"], name="finding_number_once"),
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="finding_has_length"),
            models.CheckConstraint(condition=Q(confidence__gte=0, confidence__lte=1), name="finding_confidence_0_to_1"),
        ]

    def __str__(self) -> str:
        return self.quote

    @classmethod
    def of(cls, speech: Speech, number: int, commitment: Any) -> "Finding":
        """The unsaved row for one ``speeches.extraction.Commitment`` read from ``speech.text``."""
        deadline, recurrence = commitment.deadline, commitment.recurrence
        return cls(
            speech=speech,
            number=number,
            start=commitment.start,
            end=commitment.end,
            quote=commitment.quote,
            tier=commitment.tier,
            heading=list(commitment.heading),
            deadline_text=deadline.text[:200] if deadline else "",
            deadline_start=deadline.start if deadline else None,
            deadline_end=deadline.end if deadline else None,
            deadline_value=(deadline.value or "")[:200] if deadline else "",
            deadline_flags=list(deadline.flags) if deadline else [],
            deadline_inherited=deadline.inherited if deadline else False,
            last_day=deadline.last_day if deadline else None,
            recurrence_text=recurrence.text[:200] if recurrence else "",
            rrule=recurrence.rrule[:200] if recurrence else "",
            targets=[_plain(target) for target in commitment.targets],
            responsible=list(commitment.responsible),
            supporting=list(commitment.supporting),
            people=list(commitment.people),
            confidence=commitment.confidence,
            reasons=list(commitment.reasons),
        )


def _plain(target: Any) -> dict[str, Any]:
    """A target as JSON, without the fields that are not set."""
    from dataclasses import asdict

    return {key: value for key, value in asdict(target).items() if value is not None}
