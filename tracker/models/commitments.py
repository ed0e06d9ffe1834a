"""Reviews of findings, and the commitments that come of them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from speeches.acting import history
from speeches.models import Finding, Speech


class Commitment(models.Model):
    """An item of the ledger: what was promised, tracked until it is closed.

    ``state`` follows from the assignments by the rule in ``tracker.workflow``; nothing else writes it.
    """

    class State(models.TextChoices):
        OPEN = "open", _("in progress")
        DONE = "done", _("closed")
        SUSPENDED = "suspended", _("suspended")
        WITHDRAWN = "withdrawn", _("withdrawn")

    number = models.CharField(_("number"), max_length=20, unique=True)
    title = models.CharField(_("item"), max_length=500)
    content = models.TextField(_("details"), blank=True)
    tier = models.CharField(_("tier"), max_length=10, choices=Finding.Tier, default=Finding.Tier.HARD)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN, editable=False)
    entered_on = models.DateField(_("entered on"))
    begins_on = models.DateField(_("begins on"))
    # Where it was said. Without a speech the item was entered by hand, and ``origin`` says on what grounds.
    speech = models.ForeignKey(
        Speech, models.PROTECT, null=True, blank=True, related_name="commitments", verbose_name=_("speech")
    )
    origin = models.CharField(_("source"), max_length=200, blank=True)
    start = models.PositiveIntegerField(null=True, blank=True)
    end = models.PositiveIntegerField(null=True, blank=True)
    quote = models.TextField(_("source sentence"), blank=True)
    heading = models.CharField(_("heading"), max_length=500, blank=True)
    deadline_text = models.CharField(_("deadline in words"), max_length=200, blank=True)
    deadline_value = models.CharField(max_length=200, blank=True)
    deadline = models.DateField(_("last day"), null=True, blank=True)
    recurrence_text = models.CharField(_("frequency in words"), max_length=200, blank=True)
    rrule = models.CharField(_("frequency"), max_length=200, blank=True)
    people = models.JSONField(_("people"), default=list, blank=True)
    leader = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("leader in charge"),
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("entered by")
    )
    created_at = models.DateTimeField(auto_now_add=True)
    deleted_at = models.DateTimeField(_("deleted at"), null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    history = history()

    class Meta:
        verbose_name = _("commitment")
        verbose_name_plural = _("commitments")
        ordering = ["-entered_on", "-number"]
        indexes = [
            models.Index(fields=["-entered_on", "-number"]),
            models.Index(fields=["deadline", "number"]),
            models.Index(fields=["state", "deadline"]),
            models.Index(fields=["speech", "start"]),
            models.Index(fields=["-deleted_at"], condition=Q(deleted_at__isnull=False), name="commitment_taken_out"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="commitment_has_title"),
            models.CheckConstraint(
                condition=Q(start=None, end=None) | Q(speech__isnull=False, start__isnull=False, end__gt=F("start")),
                name="commitment_place_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class Target(models.Model):
    """A number to reach or a limit to keep."""

    class Op(models.TextChoices):
        AT_LEAST = ">=", _("at least")
        AT_MOST = "<=", _("at most")
        EXACTLY = "==", _("exactly")
        ABOUT = "~", _("about")
        BETWEEN = "in", _("between")

    commitment = models.ForeignKey(Commitment, models.CASCADE, related_name="targets", verbose_name=_("commitment"))
    position = models.PositiveSmallIntegerField(default=0)
    text = models.CharField(_("in words"), max_length=200, blank=True)
    metric = models.CharField(_("measure"), max_length=100, blank=True)
    op = models.CharField(_("comparison"), max_length=2, choices=Op, default=Op.AT_LEAST)
    value = models.DecimalField(_("value"), max_digits=20, decimal_places=4)
    high = models.DecimalField(_("up to"), max_digits=20, decimal_places=4, null=True, blank=True)
    unit = models.CharField(_("unit of measure"), max_length=30, blank=True)
    history = history()

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        ordering = ["commitment", "position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(op="in") & Q(high__gte=F("value"))) | (~Q(op="in") & Q(high=None)),
                name="target_range_has_upper_bound",
            )
        ]

    def __str__(self) -> str:
        """As it was said; where a person corrected its numbers, as they stand now."""
        if self.text:
            return self.text
        value = f"{self.value.normalize():f}"
        if self.op == Target.Op.BETWEEN and self.high is not None:
            return f"{self.metric} {value}–{self.high.normalize():f}{self.unit}".strip()
        comparison = self.get_op_display() if self.op != Target.Op.EXACTLY else ""
        return f"{self.metric} {comparison} {value}{self.unit}".strip()


class Review(models.Model):
    """A person's decision on a finding: what became of it, by whom, when. Undoing one keeps it, marked."""

    class Decision(models.TextChoices):
        CONFIRMED = "confirmed", _("confirmed")
        EDITED = "edited", _("confirmed with changes")
        MERGED = "merged", _("merged into another")
        SPLIT = "split", _("split")
        ADDED = "added", _("added by hand")
        DISMISSED = "dismissed", _("dismissed")

    speech = models.ForeignKey(Speech, models.CASCADE, related_name="reviews", verbose_name=_("speech"))
    # None only for what the extractor missed and a person added.
    finding = models.ForeignKey(
        Finding, models.CASCADE, null=True, blank=True, related_name="reviews", verbose_name=_("finding")
    )
    decision = models.CharField(_("decision"), max_length=10, choices=Decision)
    commitments = models.ManyToManyField(Commitment, blank=True, related_name="reviews")
    # What the person made of it where that differs from the finding, field by field.
    changes = models.JSONField(default=dict, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), auto_now_add=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    history = history()

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["speech", "-at"])]
        constraints = [
            # Two reviewers cannot both decide: the second INSERT fails, and is told who was first.
            models.UniqueConstraint(
                fields=["finding"], condition=Q(undone_at=None), name="one_standing_review_for_a_finding"
            ),
            models.CheckConstraint(
                condition=Q(decision="added") | Q(finding__isnull=False), name="review_is_of_a_finding"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_decision_display()} · {self.by}"


class Series(models.Model):
    """The last number given out in a series ("commitment/2026"). One row is locked while a number is taken."""

    name = models.CharField(max_length=40, unique=True)
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("number series")
        verbose_name_plural = _("number series")

    def __str__(self) -> str:
        return f"{self.name}: {self.last}"

    @classmethod
    def take(cls, name: str) -> int:
        """The next number of a series, each only once: the row stays locked until the transaction ends."""
        cls.objects.get_or_create(name=name)
        cls.objects.filter(name=name).update(last=F("last") + 1)
        return cls.objects.get(name=name).last
