"""Assignments: one unit owing one commitment by one day; and everything that happens to one."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from speeches.acting import history
from tracker.models.commitments import Commitment, Target
from tracker.models.units import Unit


class Assignment(models.Model):
    """One unit owing one commitment by one day; for a recurring duty, one for each period.

    ``state`` changes only in ``tracker.workflow``. A commitment that nobody is charged with yet has one
    assignment without a unit, so that the overdue list knows it too.
    """

    class Role(models.TextChoices):
        LEAD = "lead", _("lead")
        SUPPORT = "support", _("support")

    class State(models.TextChoices):
        UNASSIGNED = "unassigned", _("to be assigned")
        SENT = "sent", _("awaiting receipt")
        ACTIVE = "active", _("under way")
        SUBMITTED = "submitted", _("awaiting check")
        DONE = "done", _("closed")
        SUSPENDED = "suspended", _("suspended")
        WITHDRAWN = "withdrawn", _("withdrawn")

    commitment = models.ForeignKey(Commitment, models.CASCADE, related_name="assignments", verbose_name=_("commitment"))
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="assignments", verbose_name=_("unit")
    )
    # The group that was charged and expanded into this unit (各乡镇), so that later members can be added.
    via = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("through"))
    # 转办: the assignment that this one was handed on from, within the tree of units.
    handed_from = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="handed_on", verbose_name=_("handed on from")
    )
    role = models.CharField(_("part"), max_length=8, choices=Role, default=Role.LEAD)
    person = models.CharField(_("person responsible"), max_length=60, blank=True)
    # For a recurring duty the last day of its period as first reckoned; None for a one-off.
    period = models.DateField(_("period"), null=True, blank=True)
    begins_on = models.DateField(_("begins on"))
    deadline = models.DateField(_("last day"), null=True, blank=True)
    original_deadline = models.DateField(_("first deadline"), null=True, blank=True)
    # The earliest last day that it ever had, kept by ``tracker.workflow``: up to then it was overdue on no day.
    earliest_deadline = models.DateField(null=True, blank=True, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.SENT)
    # The state before a suspension, to which resuming returns.
    state_before = models.CharField(max_length=10, choices=State, blank=True, editable=False)
    progress = models.PositiveSmallIntegerField(
        _("progress in percent"), null=True, blank=True, validators=[MaxValueValidator(100)]
    )
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    received_at = models.DateTimeField(_("received at"), null=True, blank=True)
    # The day on which the unit declared it done, in the accepted submission: this decides 办结 or 逾期办结.
    finished_on = models.DateField(_("finished on"), null=True, blank=True)
    # The day on which the office accepted it.
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    last_update_at = models.DateTimeField(_("last report"), null=True, blank=True)
    # When the last step was taken: before that moment the present columns do not hold, the transitions do.
    last_step_at = models.DateTimeField(null=True, blank=True, editable=False)
    # The earliest milestone that is not done, kept by ``tracker.terms`` so that lists need not look it up.
    next_milestone = models.DateField(_("next milestone"), null=True, blank=True, editable=False)
    # Where the deadline was given in working days: how many there are from ``begins_on`` to the first deadline.
    working_days = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)
    times_returned = models.PositiveSmallIntegerField(_("times returned"), default=0)
    times_extended = models.PositiveSmallIntegerField(_("times extended"), default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    history = history()

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        ordering = [F("deadline").asc(nulls_last=True), "pk"]
        indexes = [
            models.Index(fields=["unit", "state", "deadline"]),
            models.Index(fields=["state", "deadline"]),
            # The calendar, the timeline and the lists by last day; what they count and sort stands in the index itself.
            models.Index(
                fields=["deadline", "id", "begins_on", "state", "unit"],
                condition=Q(deleted_at=None),
                name="assignment_by_deadline",
            ),
            # The overdue list, the calendar and the daily tick only ever look at what is still open: in the order of
            # their lists, and with the columns that these are narrowed by, so that counting reads no row.
            models.Index(
                fields=["deadline", "id", "begins_on", "state", "unit"],
                condition=Q(closed_on=None, deleted_at=None),
                name="assignment_open_by_deadline",
            ),
            # What was overdue on an earlier day was not closed by then, and was past some last day of its own.
            models.Index(
                fields=["closed_on", "earliest_deadline"],
                condition=Q(deleted_at=None),
                name="assignment_overdue_then",
            ),
            # The figures of a unit are counted from these: what it has open, what fell due, what was closed.
            models.Index(
                fields=["unit", "deadline"],
                condition=Q(closed_on=None, deleted_at=None),
                name="assignment_open_by_unit",
            ),
            models.Index(
                fields=["unit", "deadline", "state", "closed_on", "finished_on"],
                condition=Q(deleted_at=None),
                name="assignment_due_by_unit",
            ),
            models.Index(
                fields=["unit", "closed_on", "deadline", "finished_on", "times_extended"],
                condition=Q(deleted_at=None, closed_on__isnull=False),
                name="assignment_closed_by_unit",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="unassigned", unit=None)
                | Q(state="withdrawn")
                | (~Q(state="unassigned") & Q(unit__isnull=False)),
                name="assignment_unassigned_without_unit",
            ),
            models.CheckConstraint(
                condition=Q(state="done", finished_on__isnull=False, closed_on__isnull=False)
                | (~Q(state="done") & Q(closed_on=None)),
                name="assignment_done_has_days",
            ),
            models.CheckConstraint(
                condition=(Q(state="suspended") & ~Q(state_before="")) | (~Q(state="suspended") & Q(state_before="")),
                name="assignment_suspended_remembers",
            ),
            models.CheckConstraint(
                condition=Q(progress=None) | Q(progress__lte=100), name="assignment_progress_to_100"
            ),
            models.UniqueConstraint(
                fields=["commitment", "unit"],
                condition=Q(period=None, deleted_at=None),
                name="unit_charged_once",
            ),
            models.UniqueConstraint(
                fields=["commitment", "unit", "period"],
                condition=Q(deleted_at=None, period__isnull=False),
                name="unit_charged_once_a_period",
            ),
            models.UniqueConstraint(
                fields=["commitment"],
                condition=Q(unit=None, period=None, deleted_at=None),
                name="unassigned_once",
            ),
            models.UniqueConstraint(
                fields=["commitment", "period"],
                condition=Q(unit=None, deleted_at=None, period__isnull=False),
                name="unassigned_once_a_period",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.commitment.number} · {self.unit or self.get_state_display()}"


class Milestone(models.Model):
    """A dated step of an assignment (倒排工期)."""

    assignment = models.ForeignKey(Assignment, models.CASCADE, related_name="milestones")
    title = models.CharField(_("step"), max_length=200)
    due = models.DateField(_("by"))
    done_on = models.DateField(_("done on"), null=True, blank=True)
    history = history()

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        ordering = ["due", "pk"]
        constraints = [models.UniqueConstraint(fields=["assignment", "title"], name="milestone_once")]

    def __str__(self) -> str:
        return self.title


class Transition(models.Model):
    """One step of an assignment's life, as ``tracker.workflow`` took it. Append-only: the timeline's backbone."""

    assignment = models.ForeignKey(Assignment, models.CASCADE, related_name="transitions")
    action = models.CharField(_("action"), max_length=20)
    from_state = models.CharField(_("from"), max_length=10, blank=True)
    to_state = models.CharField(_("to"), max_length=10)
    note = models.TextField(_("note"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(_("at"))
    origin = models.CharField(max_length=10)
    # What the step brought, where it brought something.
    update = models.OneToOneField(
        "tracker.StatusUpdate", models.CASCADE, null=True, blank=True, related_name="transition"
    )
    extension = models.ForeignKey(
        "tracker.ExtensionRequest", models.CASCADE, null=True, blank=True, related_name="transitions"
    )
    # The assignment as this step left it, so that any earlier day can be looked at again.
    version = models.PositiveIntegerField(default=1)
    deadline = models.DateField(_("last day"), null=True, blank=True)
    progress = models.PositiveSmallIntegerField(null=True, blank=True)
    finished_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["assignment", "at"])]

    def __str__(self) -> str:
        return f"{self.action}: {self.from_state} → {self.to_state}"


class StatusUpdate(models.Model):
    """What the unit reported. Append-only: a correction is a new update that names the one it corrects."""

    assignment = models.ForeignKey(Assignment, models.CASCADE, related_name="updates", verbose_name=_("assignment"))
    text = models.TextField(_("progress report"))
    percent = models.PositiveSmallIntegerField(
        _("progress in percent"), null=True, blank=True, validators=[MaxValueValidator(100)]
    )
    # The assignment's progress after this update: measured where there are quantities, else as reported.
    progress = models.PositiveSmallIntegerField(null=True, blank=True, editable=False)
    problems = models.TextField(_("problems"), blank=True)
    next_step = models.TextField(_("next step"), blank=True)
    says_nothing_new = models.BooleanField(_("says nothing new"), default=False, editable=False)
    corrects = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="corrections")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("progress report")
        verbose_name_plural = _("progress reports")
        ordering = ["at", "pk"]
        indexes = [
            models.Index(fields=["assignment", "-at"]),
            models.Index(fields=["-at"], condition=Q(says_nothing_new=True), name="update_says_nothing_new"),
            # Who reported in a month, for all units at once.
            models.Index(fields=["at", "assignment"], name="update_by_day"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(percent=None) | Q(percent__lte=100), name="update_percent_to_100"),
            models.CheckConstraint(condition=~Q(text=""), name="update_says_something"),
        ]

    def __str__(self) -> str:
        return self.text[:60]


class Measurement(models.Model):
    """The quantity that an update reports against one target."""

    update = models.ForeignKey(StatusUpdate, models.CASCADE, related_name="measurements")
    target = models.ForeignKey(Target, models.CASCADE, related_name="measurements")
    quantity = models.DecimalField(_("quantity"), max_digits=20, decimal_places=4, validators=[MinValueValidator(0)])

    class Meta:
        verbose_name = _("measurement")
        verbose_name_plural = _("measurements")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["update", "target"], name="measured_once_an_update"),
            models.CheckConstraint(condition=Q(quantity__gte=0), name="quantity_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity.normalize():f}{self.target.unit}"


def evidence_path(instance: "Evidence", filename: str) -> str:
    return f"evidence/{instance.sha256[:2]}/{instance.sha256}"


class Evidence(models.Model):
    """A file that a unit handed in with an update. Kept by its hash; served only as a download or an image."""

    update = models.ForeignKey(StatusUpdate, models.CASCADE, related_name="evidence")
    file = models.FileField(_("file"), upload_to=evidence_path, max_length=120)
    name = models.CharField(_("file name"), max_length=300)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    sha256 = models.CharField(max_length=64, editable=False)
    media_type = models.CharField(max_length=100)

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_image(self) -> bool:
        return self.media_type.startswith("image/")


class ExtensionRequest(models.Model):
    """A unit asks for more time, with a reason; the office decides, with a reason."""

    class State(models.TextChoices):
        PENDING = "pending", _("awaiting decision")
        GRANTED = "granted", _("granted")
        REFUSED = "refused", _("refused")

    assignment = models.ForeignKey(Assignment, models.CASCADE, related_name="extensions")
    old_deadline = models.DateField(_("present last day"))
    new_deadline = models.DateField(_("new last day asked for"))
    reason = models.TextField(_("reason"))
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.PENDING)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField(_("asked at"))
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    decision_reason = models.TextField(_("reason of the decision"), blank=True)
    history = history()

    class Meta:
        verbose_name = _("request for more time")
        verbose_name_plural = _("requests for more time")
        ordering = ["-asked_at", "-pk"]
        indexes = [models.Index(fields=["state", "-asked_at"])]
        constraints = [
            models.UniqueConstraint(fields=["assignment"], condition=Q(state="pending"), name="one_pending_extension"),
            models.CheckConstraint(condition=Q(new_deadline__gt=F("old_deadline")), name="extension_is_later"),
            models.CheckConstraint(
                condition=Q(state="pending", decided_at=None) | (~Q(state="pending") & Q(decided_at__isnull=False)),
                name="extension_decided_has_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.old_deadline} → {self.new_deadline}"
