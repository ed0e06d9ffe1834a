"""Who may do what: predicates, and the permissions made of them. Every door asks here.

A role is held for a unit and reaches everything below it. Whoever stands in for an absent colleague
holds that colleague's roles too, for those days. ``scope(user)`` is read once for a user object, so
one request asks the database once.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import rules
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from speeches.models import Speech
from tracker.models import Assignment, Commitment, Delivery, Membership, Unit, User

Role = Membership.Role
LOOKING = (Role.COORDINATOR, Role.LEADER, Role.OBSERVER)


@dataclass(frozen=True)
class Scope:
    """The units that a user reaches in each role, themselves and everything below them, by id.

    ``whole`` are the roles held for the top of the tree, which answer for the installation itself. Who ``sees_all``
    looks at every unit there is: lists then need not compare units row by row.
    """

    units: dict[str, frozenset[int]] = field(default_factory=dict)
    whole: frozenset[str] = frozenset()
    sees_all: bool = False

    def reach(self, *roles: str) -> frozenset[int]:
        return frozenset().union(*(self.units.get(role, frozenset()) for role in roles))

    def has(self, *roles: str) -> bool:
        return any(role in self.units for role in roles)


def scope(user: Any) -> Scope:
    """What ``user`` reaches today. Kept on the user object, which lives as long as one request."""
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return Scope()
    if not hasattr(user, "_scope"):
        user._scope = _read_scope(user)
    return user._scope


def forget_scope(user: Any) -> None:
    """Read what ``user`` reaches anew when it is asked for next: the tree has grown in the same request."""
    user.__dict__.pop("_scope", None)


def _read_scope(user: Any) -> Scope:
    today = timezone.localdate()
    held = Membership.objects.filter(
        Q(user=user)
        | Q(
            user__delegations__substitute=user,
            user__delegations__starts_on__lte=today,
            user__delegations__ends_on__gte=today,
            user__is_active=True,
        )
    ).select_related("unit")
    by_role: dict[str, dict[int, Any]] = {}
    for membership in held:
        by_role.setdefault(membership.role, {})[membership.unit_id] = membership.unit
    tree = list(Unit.objects.order_by().values_list("pk", "parent", "kind")) if by_role else []
    reached = {role: frozenset(_below(units, tree)) for role, units in by_role.items()}
    looked_at = frozenset().union(*(reached.get(role, frozenset()) for role in LOOKING))
    return Scope(
        reached,
        frozenset(role for role, units in by_role.items() if any(unit.parent_id is None for unit in units.values())),
        bool(looked_at) and all(pk in looked_at for pk, _parent, kind in tree if kind != Unit.Kind.GROUP),
    )


def _below(units: Iterable[int], tree: Iterable[tuple[int, int | None, str]]) -> set[int]:
    """The ids of ``units`` and of everything below them in ``tree``: (unit, unit above it, kind)."""
    children: dict[int | None, list[int]] = {}
    for pk, parent, _kind in tree:
        children.setdefault(parent, []).append(pk)
    found: set[int] = set()
    waiting = list(units)
    while waiting:
        pk = waiting.pop()
        if pk not in found:
            found.add(pk)
            waiting += children.get(pk, [])
    return found


def visible_assignments(user: Any, queryset: QuerySet[Assignment] | None = None) -> QuerySet[Assignment]:
    """The assignments that ``user`` may see: their jurisdiction's, or their own units'."""
    queryset = Assignment.objects.all() if queryset is None else queryset
    # A commitment leaves the ledger together with its assignments, so theirs is the only mark to look at.
    return queryset.filter(_seen(user), deleted_at=None)


def _seen(user: Any) -> Q:
    """The condition on assignments that ``user`` may see them."""
    mine = scope(user)
    if mine.sees_all:
        return Q()
    seen = Q(unit__in=mine.reach(*LOOKING, Role.LIAISON))
    return seen | Q(unit=None) if mine.has(*LOOKING) else seen


def visible_commitments(user: Any, queryset: QuerySet[Commitment] | None = None) -> QuerySet[Commitment]:
    """The commitments with at least one assignment that ``user`` may see."""
    queryset = (Commitment.objects.all() if queryset is None else queryset).filter(deleted_at=None)
    if scope(user).sees_all:  # nothing stands in the ledger without an assignment
        return queryset
    return queryset.filter(pk__in=Assignment.objects.filter(_seen(user), deleted_at=None).values("commitment"))


def restorable_commitments(user: Any) -> QuerySet[Commitment]:
    """What was taken out and ``user`` may bring back (``coordinates_whole``, in the database), the latest first."""
    rows = Commitment.objects.filter(deleted_at__isnull=False).order_by("-deleted_at", "-pk")
    if not scope(user).has(Role.COORDINATOR):
        return rows.none()
    went_out = Assignment.objects.filter(commitment=OuterRef("pk"), deleted_at=OuterRef("deleted_at"))
    elsewhere = went_out.exclude(unit=None).exclude(unit__in=scope(user).reach(Role.COORDINATOR))
    return rows.filter(~Exists(elsewhere))


def visible_speeches(user: Any, queryset: QuerySet[Speech] | None = None) -> QuerySet[Speech]:
    """Speeches are read by those who look at a jurisdiction; a liaison sees those that charge their units."""
    queryset = Speech.objects.all() if queryset is None else queryset
    if scope(user).has(*LOOKING):
        return queryset
    return queryset.filter(pk__in=visible_commitments(user).exclude(speech=None).values("speech"))


def visible_deliveries(user: Any, queryset: QuerySet[Delivery]) -> QuerySet[Delivery]:
    """What was sent to the people of the units that ``user`` coordinates or administers, and to their leaders."""
    mine = scope(user).reach(Role.COORDINATOR, Role.ADMINISTRATOR)
    people = User.objects.filter(Q(memberships__unit__in=mine) | Q(leads__in=mine))
    return queryset.filter(message__recipient__in=people.values("pk"))


@rules.predicate
def is_coordinator(user: Any) -> bool:
    return scope(user).has(Role.COORDINATOR)


@rules.predicate
def is_leader(user: Any) -> bool:
    return scope(user).has(Role.LEADER)


@rules.predicate
def is_administrator(user: Any) -> bool:
    return scope(user).has(Role.ADMINISTRATOR)


@rules.predicate
def is_liaison(user: Any) -> bool:
    return scope(user).has(Role.LIAISON)


@rules.predicate
def administers_all(user: Any) -> bool:
    """An administrator of the whole installation, not of one branch."""
    return Role.ADMINISTRATOR in scope(user).whole


@rules.predicate
def coordinates_all(user: Any) -> bool:
    """The office whose words and rules hold for every unit."""
    return Role.COORDINATOR in scope(user).whole


@rules.predicate
def looks_on(user: Any) -> bool:
    return scope(user).has(*LOOKING)


def _within(user: Any, assignment: Assignment | None, roles: Iterable[str]) -> bool:
    if assignment is None:
        return scope(user).has(*roles)
    if assignment.unit_id is None:
        return scope(user).has(*[role for role in roles if role != Role.LIAISON])
    return assignment.unit_id in scope(user).reach(*roles)


@rules.predicate
def coordinates(user: Any, assignment: Assignment | None = None) -> bool:
    """The office that owns the ledger for the assignment's unit."""
    return _within(user, assignment, [Role.COORDINATOR])


@rules.predicate
def coordinates_unit(user: Any, unit: Unit | None = None) -> bool:
    """Whether the office may charge ``unit``: it lies in its jurisdiction."""
    return unit is not None and unit.pk in scope(user).reach(Role.COORDINATOR)


@rules.predicate
def owes(user: Any, assignment: Assignment | None = None) -> bool:
    """A liaison of the charged unit, or of one above it."""
    return _within(user, assignment, [Role.LIAISON])


@rules.predicate
def handed_it_on(user: Any, assignment: Assignment | None = None) -> bool:
    """A liaison of the unit that handed the assignment on, who answers for it and so checks it."""
    return bool(assignment and assignment.handed_from_id and _within(user, assignment.handed_from, [Role.LIAISON]))


@rules.predicate
def sees(user: Any, assignment: Assignment | None = None) -> bool:
    return _within(user, assignment, [*LOOKING, Role.LIAISON])


@rules.predicate
def sees_commitment(user: Any, commitment: Commitment | None = None) -> bool:
    if commitment is None:
        return scope(user).has(*LOOKING, Role.LIAISON)
    # A page that read it through visible_commitments says so, and need not ask again for every button.
    if getattr(commitment, "seen_by", None) == user.pk:
        return True
    return visible_commitments(user, Commitment.objects.filter(pk=commitment.pk)).exists()


def _charged(commitment: Commitment) -> list[int | None]:
    """The ids of the units that a commitment charges (charged, while it is taken out); None for nobody yet.

    A page that is only shown asks for every button, so what it read once is kept on its object (``seen_by``).
    """
    if getattr(commitment, "_charged_units", None) is not None:
        return commitment._charged_units
    units = list(commitment.assignments.filter(deleted_at=commitment.deleted_at).values_list("unit", flat=True))
    if getattr(commitment, "seen_by", None) is not None:
        commitment._charged_units = units
    return units


@rules.predicate
def coordinates_commitment(user: Any, commitment: Commitment | None = None) -> bool:
    """A coordinator who reaches at least one unit of the commitment (or any, while none is charged)."""
    if commitment is None or not is_coordinator(user):
        return is_coordinator(user)
    mine = scope(user).reach(Role.COORDINATOR)
    return any(unit is None or unit in mine for unit in _charged(commitment))


@rules.predicate
def coordinates_whole(user: Any, commitment: Commitment | None = None) -> bool:
    """A coordinator who reaches every unit of the commitment: what is said in it, and whether it stands, binds all."""
    if commitment is None or not is_coordinator(user):
        return is_coordinator(user)
    mine = scope(user).reach(Role.COORDINATOR)
    return all(unit is None or unit in mine for unit in _charged(commitment))


@rules.predicate
def leads_commitment(user: Any, commitment: Commitment | None = None) -> bool:
    return is_leader(user) and (commitment is None or sees_commitment(user, commitment))


# Speeches and reviews
rules.add_perm("speeches.view_speech", looks_on | is_liaison)
rules.add_perm("speeches.add_speech", is_coordinator)
rules.add_perm("speeches.change_speech", is_coordinator)
rules.add_perm("tracker.review_finding", is_coordinator)
# Commitments
rules.add_perm("tracker.view_commitment", sees_commitment)
rules.add_perm("tracker.add_commitment", is_coordinator)
rules.add_perm("tracker.assign_commitment", coordinates_commitment)
rules.add_perm("tracker.change_commitment", coordinates_whole)
rules.add_perm("tracker.delete_commitment", coordinates_whole)
rules.add_perm("tracker.restore_commitment", coordinates_whole)
rules.add_perm("tracker.instruct_commitment", leads_commitment)
# Assignments: the steps of tracker.workflow
rules.add_perm("tracker.view_assignment", sees)
rules.add_perm("tracker.assign", coordinates)
rules.add_perm("tracker.charge_unit", coordinates_unit)
rules.add_perm("tracker.send_again", coordinates)
rules.add_perm("tracker.receive", owes)
rules.add_perm("tracker.report", owes)
rules.add_perm("tracker.submit", owes)
rules.add_perm("tracker.hand_on", owes)
rules.add_perm("tracker.plan", owes | coordinates)
rules.add_perm("tracker.ask_extension", owes)
rules.add_perm("tracker.amend", coordinates)
rules.add_perm("tracker.accept", coordinates | handed_it_on)
rules.add_perm("tracker.send_back", coordinates | handed_it_on)
rules.add_perm("tracker.suspend", coordinates)
rules.add_perm("tracker.resume", coordinates)
rules.add_perm("tracker.withdraw", coordinates)
rules.add_perm("tracker.reopen", coordinates)
rules.add_perm("tracker.decide_extension", coordinates)
rules.add_perm("tracker.remind", coordinates)
rules.add_perm("tracker.settle_deliveries", is_administrator | is_coordinator)
rules.add_perm("tracker.change_officesettings", administers_all)
# What the office issues, and what the administrator keeps
rules.add_perm("tracker.issue_bulletin", is_coordinator)
rules.add_perm("tracker.view_reports", looks_on)
rules.add_perm("tracker.change_unit", is_administrator | is_coordinator)
rules.add_perm("tracker.change_user", is_administrator)
rules.add_perm("tracker.view_templates", looks_on | administers_all)
rules.add_perm("tracker.change_template", administers_all | coordinates_all)
rules.add_perm("tracker.change_scoring", coordinates_all)
