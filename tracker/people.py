"""Users and their roles: whom an administrator keeps, and what may be done to them."""

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from tracker.models import Membership, Unit, User
from tracker.rules import Role, scope
from tracker.workflow import Refused


def manageable_users(user: User) -> QuerySet[User]:
    """The users that ``user`` keeps as an administrator: all whose roles lie within the units that they administer.

    Somebody who has no role yet is kept by every administrator.
    """
    mine = scope(user)
    if not mine.has(Role.ADMINISTRATOR):
        return User.objects.none()
    outside = Membership.objects.filter(user=OuterRef("pk")).exclude(unit__in=mine.reach(Role.ADMINISTRATOR))
    return User.objects.filter(~Exists(outside), is_superuser=False)


def manageable_units(user: User) -> QuerySet[Unit]:
    """The units for which ``user`` may give roles."""
    return Unit.objects.filter(pk__in=scope(user).reach(Role.ADMINISTRATOR)).exclude(kind=Unit.Kind.GROUP)


def check(by: User, whom: User | None = None, unit: Unit | None = None) -> None:
    """Raise PermissionDenied unless ``by`` keeps ``whom`` and may give roles for ``unit``."""
    if not by.has_perm("tracker.change_user"):
        raise PermissionDenied
    if whom and whom.pk and not manageable_users(by).filter(pk=whom.pk).exists():
        raise PermissionDenied
    if unit and unit.pk not in scope(by).reach(Role.ADMINISTRATOR):
        raise PermissionDenied


@transaction.atomic
def give_role(whom: User, *, by: User, unit: Unit, role: str, is_head: bool = False) -> Membership:
    """Give ``whom`` a role for a unit and everything below it; giving it again changes only ``is_head``."""
    check(by, whom, unit)
    membership, made = Membership.objects.get_or_create(user=whom, unit=unit, role=role, defaults={"is_head": is_head})
    if not made and membership.is_head != is_head:
        membership.is_head = is_head
        membership.save()
    return membership


@transaction.atomic
def take_role(membership: Membership, *, by: User) -> None:
    """Take a role away. Nobody takes the administrator's role from themselves: someone must be left to give it back."""
    check(by, membership.user, membership.unit)
    if membership.user_id == by.pk and membership.role == Role.ADMINISTRATOR:
        raise Refused(_("You cannot take the administrator's role from yourself. Ask another administrator."))
    membership.delete()


@transaction.atomic
def save_user(whom: User, *, by: User, is_active: bool) -> User:
    """Save a user's data. Who is no longer active cannot sign in; what they did stays under their name."""
    check(by, whom)
    if whom.pk == by.pk and not is_active:
        raise Refused(_("You cannot switch off your own account."), field="is_active")
    whom.is_active = is_active
    try:
        whom.save()
    except IntegrityError as error:  # somebody else was a moment quicker
        raise Refused(_("A user of this name is there already."), field="username") from error
    return whom
