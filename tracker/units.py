"""The tree of units: names to units, groups to members, and what the extractor should know of them."""

import re
from collections.abc import Iterable
from functools import cached_property

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from speeches.extraction import Lexicon
from tracker.models import Membership, Unit, UnitAlias, User

_TAKEN = gettext_lazy("“%(name)s” is in the tree of units already.")

# A speech says 交通局 or 交通部门 where the tree says 县交通运输局: the level before and the kind behind are dropped.
_LEVEL = re.compile(r"^(?:县|市|区|省|州|旗|我县|我市|我区|全县|全市|全区)(?=..)")
_KIND = re.compile(r"(?:等)?(?:有关|相关)?(?:职能)?(?:部门|单位|局|委员会|委|厅|办公室|办)$")


def core(name: str) -> str:
    """A unit's name without its level and its kind: 县财政局 and 财政部门 both become 财政."""
    name = re.sub(r"^[、，,。\s]+|[、，,。\s]+$", "", name)
    bare = _KIND.sub("", _LEVEL.sub("", name))
    return bare if len(bare) > 1 else name


# What a body is, by how its name ends; any other is taken for a department.
_KINDS = {
    Unit.Kind.TOWNSHIP: re.compile(r"(?:镇|乡|街道|街道办事处|镇政府|乡政府)$"),
    Unit.Kind.COMPANY: re.compile(r"(?:公司|集团|银行|厂)$"),
    Unit.Kind.WORKING_GROUP: re.compile(r"(?:小组|专班|指挥部|工作组)$"),
}


def likely_kind(name: str) -> Unit.Kind:
    """What kind of body goes by ``name``, as far as the name tells."""
    return next((kind for kind, ending in _KINDS.items() if ending.search(name.strip())), Unit.Kind.DEPARTMENT)


class Directory:
    """All names of all units in use, read once; resolves as many names as wanted without another query."""

    @cached_property
    def units(self) -> dict[int, Unit]:
        return {unit.pk: unit for unit in Unit.objects.filter(is_active=True)}

    @cached_property
    def names(self) -> dict[str, Unit]:
        """Every full name, short name and alias, each to its unit; a full name wins over an alias."""
        names = {unit.short_name: unit for unit in self.units.values() if unit.short_name}
        for alias in UnitAlias.objects.filter(unit__is_active=True).values_list("name", "unit_id"):
            names[alias[0]] = self.units[alias[1]]
        return names | {unit.name: unit for unit in self.units.values()}

    @cached_property
    def _cores(self) -> dict[str, set[int]]:
        cores: dict[str, set[int]] = {}
        for name, unit in self.names.items():
            cores.setdefault(core(name), set()).add(unit.pk)
        return cores

    def find(self, name: str) -> Unit | None:
        """The unit that ``name`` means, or None where no unit, or more than one, could be meant."""
        if unit := self.names.get(name.strip()):
            return unit
        pks = self._cores.get(core(name), set())
        return self.units[next(iter(pks))] if len(pks) == 1 else None

    @cached_property
    def members(self) -> dict[int, list[int]]:
        """Ids of each group's members, in the order of the tree."""
        members: dict[int, list[int]] = {}
        rows = Unit.members.through.objects.order_by("to_unit__position", "to_unit__name")
        for group, member in rows.values_list("from_unit_id", "to_unit_id"):
            members.setdefault(group, []).append(member)
        return members

    def expand(self, unit: Unit) -> list[Unit]:
        """The units that are charged when ``unit`` is: its members, in their order, if it is a group; else itself."""
        if unit.kind != Unit.Kind.GROUP:
            return [unit]
        found: dict[int, Unit] = {}
        seen: set[int] = set()
        waiting = [unit.pk]
        while waiting:
            pk = waiting.pop(0)
            if pk in seen or pk not in self.units:
                continue
            seen.add(pk)
            if self.units[pk].kind == Unit.Kind.GROUP:
                waiting.extend(self.members.get(pk, []))
            else:
                found[pk] = self.units[pk]
        return list(found.values())


def lexicon() -> Lexicon:
    """What the extractor should know of this office: every name a unit goes by, the groups, and the leaders."""
    directory = Directory()
    groups = {name for name, unit in directory.names.items() if unit.kind == Unit.Kind.GROUP}
    people = User.objects.filter(is_active=True, memberships__role=Membership.Role.LEADER).values_list(
        "name", flat=True
    )
    return Lexicon(units=frozenset(directory.names) - groups, groups=frozenset(groups), people=frozenset(people) - {""})


def subtree_ids(units: Iterable[Unit]) -> set[int]:
    """The ids of ``units`` and of everything below them in the tree."""
    ids: set[int] = set()
    for unit in units:
        if unit.pk not in ids:
            ids.update(Unit.objects.descendants(unit, include_self=True).values_list("pk", flat=True))
    return ids


@transaction.atomic
def move(unit: Unit, *, parent: Unit | None) -> None:
    """Put ``unit`` under ``parent``. Raises ValidationError where that would make a circle."""
    if parent and (parent.pk == unit.pk or parent.pk in subtree_ids([unit])):
        raise ValidationError(_("%(unit)s cannot be moved under itself or a unit below it.") % {"unit": unit.name})
    unit.parent = parent
    unit.save(update_fields=["parent"])


@transaction.atomic
def set_members(group: Unit, members: Iterable[Unit]) -> None:
    """Make ``members`` the members of ``group``. Raises ValidationError where the group would contain itself."""
    directory = Directory()
    chosen = list(members)
    if group.kind != Unit.Kind.GROUP:
        raise ValidationError(_("%(unit)s is not a group and cannot have members.") % {"unit": group.name})
    reached: set[int] = set()
    waiting = [unit.pk for unit in chosen]
    while waiting:
        pk = waiting.pop()
        if pk == group.pk:
            raise ValidationError(_("%(unit)s would contain itself.") % {"unit": group.name})
        if pk not in reached:
            reached.add(pk)
            waiting.extend(directory.members.get(pk, []))
    group.members.set(chosen)


@transaction.atomic
def create(name: str, *, kind: str, by: User | None, parent: Unit | None = None) -> Unit:
    """A new unit, below ``parent`` or below the root of the tree. Raises ValidationError where the name is taken."""
    name = _free_name(name, by)
    if kind not in set(Unit.Kind.values) - {Unit.Kind.GROUP}:
        raise ValidationError(_("Choose what kind of unit it is."))
    if parent and parent.kind == Unit.Kind.GROUP:
        raise ValidationError(_("A group only stands for other units. Choose a unit of the tree."))
    parent = parent or Unit.objects.filter(parent=None).exclude(kind=Unit.Kind.GROUP).order_by("position").first()
    try:
        return Unit.objects.create(name=name, kind=kind, parent=parent)
    except IntegrityError as error:  # somebody else was a moment quicker
        raise ValidationError(_TAKEN % {"name": name}) from error


@transaction.atomic
def add_alias(unit: Unit, name: str, *, by: User | None) -> UnitAlias:
    """Another name for ``unit``. Raises ValidationError where the name means something already."""
    name = _free_name(name, by)
    try:
        return UnitAlias.objects.create(unit=unit, name=name)
    except IntegrityError as error:
        raise ValidationError(_TAKEN % {"name": name}) from error


def _free_name(name: str, by: User | None) -> str:
    """``name`` without blanks around it, if ``by`` may change the tree and no unit goes by that name."""
    if by is not None and not by.has_perm("tracker.change_unit"):
        raise PermissionDenied
    name = name.strip()
    if not name or len(name) > 100 or "\x00" in name:
        raise ValidationError(_("Enter a name of at most 100 characters."))
    taken = Unit.objects.filter(name=name).exists() or UnitAlias.objects.filter(name=name).exists()
    if taken:
        raise ValidationError(_TAKEN % {"name": name})
    return name
