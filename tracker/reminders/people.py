"""Whose turn it is: the people behind a unit at each level, read once for any number of assignments."""

import datetime as dt
from collections.abc import Iterable
from functools import cached_property

from tracker.models import Assignment, Delegation, Membership, Reminder, Unit, User

Level = Reminder.Level
Role = Membership.Role


class Recipients:
    """Who is told on ``day``. Whoever is away that day is replaced by their substitute.

    A unit without a liaison of its own is spoken to through the nearest unit above that has one. Where no head
    or no leader in charge is known, the word goes one level down, so that it is not lost.
    """

    def __init__(self, day: dt.date) -> None:
        self.day = day
        self._told: dict[tuple[str, int | None, int | None], list[User]] = {}

    @cached_property
    def _units(self) -> dict[int, Unit]:
        return {unit.pk: unit for unit in Unit.objects.all()}

    @cached_property
    def _users(self) -> dict[int, User]:
        return {user.pk: user for user in User.objects.filter(is_active=True)}

    @cached_property
    def _substitutes(self) -> dict[int, int]:
        away = Delegation.objects.filter(starts_on__lte=self.day, ends_on__gte=self.day).order_by("-starts_on", "pk")
        return dict(away.values_list("absent_id", "substitute_id"))

    @cached_property
    def _members(self) -> dict[tuple[int, str], list[int]]:
        """(unit, "liaison" | "head" | "coordinator") → ids of users."""
        found: dict[tuple[int, str], list[int]] = {}
        for unit, user, role, is_head in Membership.objects.order_by("pk").values_list(
            "unit_id", "user_id", "role", "is_head"
        ):
            kind = "head" if is_head else role
            found.setdefault((unit, kind), []).append(user)
        return found

    def _present(self, ids: Iterable[int | None]) -> list[User]:
        """Those who are there, with substitutes for those who are away; each once."""
        stand_ins = (self._substitutes.get(pk, pk) for pk in ids)
        return [self._users[pk] for pk in dict.fromkeys(stand_ins) if pk in self._users]

    def _upwards(self, unit_id: int | None) -> Iterable[Unit]:
        seen: set[int] = set()
        while unit_id is not None and unit_id not in seen:
            seen.add(unit_id)
            unit = self._units[unit_id]
            yield unit
            unit_id = unit.parent_id

    def _holders(self, unit_id: int, kind: str) -> list[User]:
        for unit in self._upwards(unit_id):
            if people := self._present(self._members.get((unit.pk, kind), [])):
                return people
        return []

    def coordinators(self, unit_id: int | None) -> list[User]:
        """The office that owns the ledger for a unit; every coordinator where nobody is charged yet."""
        if unit_id is None:
            return self._present(
                user for (_u, kind), ids in self._members.items() if kind == Role.COORDINATOR for user in ids
            )
        return self._holders(unit_id, Role.COORDINATOR)

    def liaisons(self, unit_id: int) -> list[User]:
        """A unit's liaisons; its head where the head is all that is known of it; else those of the unit above."""
        for unit in self._upwards(unit_id):
            for kind in (Role.LIAISON, "head"):
                if people := self._present(self._members.get((unit.pk, kind), [])):
                    return people
        return []

    def heads(self, unit_id: int) -> list[User]:
        """主要负责人 of the unit itself, or its liaisons."""
        return self._present(self._members.get((unit_id, "head"), [])) or self.liaisons(unit_id)

    def leaders(self, unit_id: int, leader_id: int | None = None) -> list[User]:
        """分管领导 of the unit or of the nearest above it, else of the item (``leader_id``), else the head."""
        for unit in self._upwards(unit_id):
            if unit.leader_id and (people := self._present([unit.leader_id])):
                return people
        return self._present([leader_id]) or self.heads(unit_id)

    def at(self, level: str, unit_id: int | None, leader_id: int | None = None) -> list[User]:
        """Who is spoken to at ``level`` about what ``unit_id`` owes of an item in the charge of ``leader_id``.

        What nobody is charged with is the office's own. Asked a hundred thousand times a run, answered once a unit.
        """
        key = (level, unit_id, leader_id)
        if key not in self._told:
            self._told[key] = self._find(*key)
        return self._told[key]

    def _find(self, level: str, unit_id: int | None, leader_id: int | None) -> list[User]:
        if unit_id is None:
            return self.coordinators(None) if level not in (Level.HEAD, Level.LEADER) else []
        if level == Level.HEAD:
            return self.heads(unit_id)
        if level == Level.LEADER:
            return self.leaders(unit_id, leader_id)
        return self.liaisons(unit_id)

    def unreachable(self) -> dict[str, list[Unit]]:
        """Units that are owed an answer by nobody: without a liaison, without a head, without a leader in charge."""
        charged = [
            self._units[pk]
            for pk in Assignment.objects.filter(deleted_at=None, unit__isnull=False, closed_on=None)
            .order_by("unit__position", "unit__name")
            .values_list("unit", flat=True)
            .distinct()
        ]
        return {
            "liaison": [unit for unit in charged if not self._present(self._members.get((unit.pk, Role.LIAISON), []))],
            "head": [unit for unit in charged if not self._present(self._members.get((unit.pk, "head"), []))],
            "leader": [unit for unit in charged if not any(above.leader_id for above in self._upwards(unit.pk))],
        }
