"""Units: bodies that can be charged, in a tree, with the other names they go by."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from tree_queries.models import TreeNode

from speeches.acting import history


class Unit(TreeNode):
    """A department, township, working group or company; or a group that stands for other units."""

    class Kind(models.TextChoices):
        GOVERNMENT = "government", _("government")
        OFFICE = "office", _("supervision office")
        DEPARTMENT = "department", _("department")
        TOWNSHIP = "township", _("township")
        WORKING_GROUP = "working_group", _("working group")
        COMPANY = "company", _("company")
        OTHER = "other", _("other body")
        GROUP = "group", _("group of units")

    name = models.CharField(_("name"), max_length=100, unique=True)
    short_name = models.CharField(_("short name"), max_length=30, blank=True)
    kind = models.CharField(_("kind"), max_length=16, choices=Kind, default=Kind.DEPARTMENT)
    position = models.PositiveIntegerField(_("order"), default=0)
    # Only a group has members, and a group is never charged itself: assigning it charges each member.
    members = models.ManyToManyField(
        "self", symmetrical=False, blank=True, related_name="groups", verbose_name=_("members")
    )
    head = models.CharField(_("head of the unit"), max_length=60, blank=True)
    leader = models.ForeignKey(
        "tracker.User",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="leads",
        verbose_name=_("leader in charge"),
    )
    is_active = models.BooleanField(_("in use"), default=True)
    version = models.PositiveIntegerField(default=1, editable=False)
    history = history(m2m_fields=[members])

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        ordering = ["position", "name"]
        constraints = [
            models.CheckConstraint(condition=~Q(parent=F("id")), name="unit_not_its_own_parent"),
            models.CheckConstraint(condition=~Q(name=""), name="unit_has_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def label(self) -> str:
        """The name for narrow places."""
        return self.short_name or self.name


class UnitAlias(models.Model):
    """Another name that speeches and ledgers use for a unit. A name means one unit only."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="aliases", verbose_name=_("unit"))
    name = models.CharField(_("alias"), max_length=100, unique=True)
    history = history()

    class Meta:
        verbose_name = _("alias")
        verbose_name_plural = _("aliases")
        ordering = ["name"]
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="alias_has_name")]

    def __str__(self) -> str:
        return self.name


class UnitFigures(models.Model):
    """What ``tracker.standings`` counted for a unit on ``day``; gone as soon as one of its assignments changes."""

    unit = models.OneToOneField(Unit, models.CASCADE, related_name="figures")
    day = models.DateField()
    figures = models.JSONField()

    class Meta:
        verbose_name = _("figures of a unit")
        verbose_name_plural = _("figures of units")

    def __str__(self) -> str:
        return f"{self.unit} · {self.day}"
