"""What the office hands in and takes in: supervision notices, its own templates, imported ledgers, the scoring rule."""

from decimal import Decimal

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from speeches.acting import history
from tracker.models.assignments import Assignment
from tracker.models.commitments import Commitment


class SupervisionNotice(models.Model):
    """督办单: a paper sent to one unit about one assignment, in the colour of its light, frozen as it was sent."""

    class Colour(models.TextChoices):
        BLUE = "blue", _("blue")
        YELLOW = "yellow", _("yellow")
        RED = "red", _("red")

    year = models.PositiveSmallIntegerField(_("year"))
    serial = models.PositiveIntegerField(_("number"))
    assignment = models.ForeignKey(Assignment, models.CASCADE, related_name="notices", verbose_name=_("assignment"))
    colour = models.CharField(_("colour"), max_length=6, choices=Colour)
    # What its template is filled with: the same paper comes out again whatever has changed since.
    snapshot = models.JSONField(_("content as issued"))
    answer_by = models.DateField(_("to answer by"))
    issued_on = models.DateField(_("issued on"))
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    issued_at = models.DateTimeField(_("issued at"), auto_now_add=True)

    class Meta:
        verbose_name = _("supervision notice")
        verbose_name_plural = _("supervision notices")
        ordering = ["-year", "-serial"]
        indexes = [models.Index(fields=["assignment", "-issued_on"])]
        constraints = [
            models.UniqueConstraint(fields=["year", "serial"], name="notice_number_once"),
            # Asked for twice on one day, by two people or by a second click, it is the same paper.
            models.UniqueConstraint(fields=["assignment", "colour", "issued_on"], name="notice_once_a_day"),
            models.CheckConstraint(condition=Q(answer_by__gte=F("issued_on")), name="notice_answer_not_before_issue"),
        ]

    def __str__(self) -> str:
        return f"督办〔{self.year}〕{self.serial}号"


def template_path(instance: "PaperTemplate", filename: str) -> str:
    return f"templates/{instance.sha256[:2]}/{instance.sha256}"


class PaperTemplate(models.Model):
    """The office's own docx template for one kind of paper, used in place of the built-in one."""

    paper = models.CharField(_("paper"), max_length=20, unique=True)
    name = models.CharField(_("file name"), max_length=300)
    file = models.FileField(_("file"), upload_to=template_path, max_length=120)
    sha256 = models.CharField(max_length=64, editable=False)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(_("uploaded at"), auto_now=True)
    history = history()

    class Meta:
        verbose_name = _("paper template")
        verbose_name_plural = _("paper templates")
        ordering = ["paper"]

    def __str__(self) -> str:
        return self.name


class LedgerImport(models.Model):
    """A ledger that was brought in: its cells as read from the file, and what its columns mean.

    ``grid`` is a list of rows: {"number": row in the sheet from 1, "cells": [text, …], "hidden": bool}.
    ``columns`` says for each field of ``tracker.imports.columns.FIELDS`` the index of its column.
    """

    name = models.CharField(_("file name"), max_length=300)
    sheet = models.CharField(_("sheet"), max_length=100, blank=True)
    sha256 = models.CharField(max_length=64, editable=False)
    grid = models.JSONField(default=list)
    header_row = models.PositiveIntegerField(_("row of headings"), default=0)
    columns = models.JSONField(_("columns"), default=dict)
    # The day from which deadlines such as "6月底" are reckoned.
    reckoned_from = models.DateField(_("reckoned from"))
    with_hidden = models.BooleanField(_("with hidden rows"), default=False)
    create_units = models.BooleanField(_("create unknown units"), default=False)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(_("uploaded at"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)

    class Meta:
        verbose_name = _("imported ledger")
        verbose_name_plural = _("imported ledgers")
        ordering = ["-uploaded_at", "-pk"]

    def __str__(self) -> str:
        return self.name


class ImportedRow(models.Model):
    """One row of an imported ledger that became a commitment. Its ``key`` lets no row become two."""

    ledger = models.ForeignKey(LedgerImport, models.CASCADE, related_name="imported")
    key = models.CharField(max_length=64, unique=True)
    row = models.PositiveIntegerField(_("row"))
    commitment = models.ForeignKey(Commitment, models.CASCADE, related_name="imported_from")

    class Meta:
        verbose_name = _("imported row")
        verbose_name_plural = _("imported rows")
        ordering = ["ledger", "row"]

    def __str__(self) -> str:
        return f"{self.ledger} {self.row}"


def _points(label: str, default: str, **kwargs: object) -> models.DecimalField:
    return models.DecimalField(
        label,
        max_digits=6,
        decimal_places=2,
        default=Decimal(default),
        validators=[MinValueValidator(0), MaxValueValidator(1000)],
        **kwargs,
    )


class ScoringRule(models.Model):
    """How many points a unit gets and loses (考核评分). One row; its history says who changed what when."""

    base = _points(_("points to start with"), "100")
    on_time = _points(_("for each item closed on time: plus"), "1")
    done_late = _points(_("for each item closed late: minus"), "1")
    overdue = _points(_("for each item overdue at the end of the period: minus"), "2")
    day_late = _points(_("for each day late: minus"), "0.1")
    most_for_days = _points(_("for the days of one item at most"), "3")
    returned = _points(_("for each time returned: minus"), "1")
    extended = _points(_("for each extension granted: minus"), "0.5")
    late_report = _points(_("for each month without a report in time: minus"), "0.5")
    report_day = models.PositiveSmallIntegerField(
        _("day of the month by which reports are due (0: none are asked for)"),
        default=25,
        validators=[MaxValueValidator(28)],
    )
    version = models.PositiveIntegerField(default=1, editable=False)
    history = history()

    class Meta:
        verbose_name = _("scoring rule")
        verbose_name_plural = _("scoring rule")
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="one_scoring_rule"),
            models.CheckConstraint(condition=Q(report_day__lte=28), name="report_day_in_every_month"),
        ]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)
