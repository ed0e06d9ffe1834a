"""Keeping the tree of units: who may change which unit, and saving one with its place, names and members."""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from tracker.models import Membership, Unit, UnitAlias, User
from tracker.rules import scope
from tracker.units import set_members, subtree_ids
from tracker.workflow import Refused, Stale


def keepable(user: User) -> QuerySet[Unit]:
    """The units that ``user`` may change: those in their charge, and the groups that stand for no others."""
    mine = scope(user).reach(Membership.Role.ADMINISTRATOR, Membership.Role.COORDINATOR)
    foreign = Unit.members.through.objects.filter(from_unit_id=OuterRef("pk")).exclude(to_unit_id__in=mine)
    return Unit.objects.filter(Q(pk__in=mine) | (Q(kind=Unit.Kind.GROUP, parent=None) & ~Exists(foreign)))


def top(user: User) -> Unit | None:
    """What ``user`` puts a new unit below where nothing else is said: the government in their charge, else the top."""
    mine = keepable(user).filter(is_active=True).exclude(kind=Unit.Kind.GROUP)
    government = mine.filter(kind=Unit.Kind.GOVERNMENT).order_by("position").first()
    return government or mine.with_tree_fields().first()


@transaction.atomic
def save(
    unit: Unit,
    *,
    by: User,
    parent: Unit | None,
    aliases: Iterable[str],
    members: Iterable[Unit],
    version: int | None = None,
) -> Unit:
    """Save a unit with its place in the tree, its other names and, for a group, its members: all of it or nothing.

    Raises ``workflow.Refused`` with the field at fault; ``workflow.Stale`` where it has moved on since ``version``.
    """
    mine = scope(by).reach(Membership.Role.ADMINISTRATOR, Membership.Role.COORDINATOR)
    if not by.has_perm("tracker.change_unit") or (unit.pk and not keepable(by).filter(pk=unit.pk).exists()):
        raise PermissionDenied
    stood = Unit.objects.select_for_update().filter(pk=unit.pk).first()
    if stood and version is not None and stood.version != version:
        raise Stale(_("Somebody else has changed this in the meantime. Look at it again, then repeat your step."))
    if (parent and parent.pk not in mine) or (parent is None and not _may_stand_alone(unit, stood)):
        raise Refused(_("Choose a unit in your charge."), field="parent")
    if stood and parent and parent.pk in subtree_ids([stood]):
        raise Refused(
            _("%(unit)s cannot be moved under itself or a unit below it.") % {"unit": stood.name}, field="parent"
        )
    unit.parent, unit.version = parent, (stood.version + 1 if stood else 1)
    kept = set(aliases)
    try:
        unit.save()
        for alias in unit.aliases.exclude(name__in=kept):
            alias.delete()
        for name in sorted(kept - set(unit.aliases.values_list("name", flat=True))):
            UnitAlias.objects.create(unit=unit, name=name)
    except IntegrityError as error:  # somebody else was a moment quicker
        raise Refused(_("Another unit goes by one of these names."), field="name") from error
    chosen = list(members)
    if unit.kind == Unit.Kind.GROUP:
        try:
            set_members(unit, chosen)
        except ValidationError as error:
            raise Refused(error, field="members") from error
    elif unit.members.exists():
        unit.members.clear()
    return unit


def _may_stand_alone(unit: Unit, stood: Unit | None) -> bool:
    """A group stands beside the tree; a root stays one; nothing else has no unit above it."""
    return unit.kind == Unit.Kind.GROUP or (stood is not None and stood.parent_id is None)
