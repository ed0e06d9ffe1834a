"""Make rows for tests, in one line each. Everything goes through the domain functions where there is one."""

import datetime as dt
import itertools
from typing import Any

from speeches import upload
from speeches.models import Speech
from tracker import intake, units
from tracker.intake import Draft
from tracker.models import Assignment, Commitment, Membership, Unit, UnitAlias, User

PASSWORD = "luoshi-tests-2026"
_count = itertools.count(1)


def unit(name: str, parent: Unit | None = None, *, aliases: list[str] | None = None, **fields: Any) -> Unit:
    made = Unit.objects.create(name=name, parent=parent, position=next(_count), **fields)
    UnitAlias.objects.bulk_create(UnitAlias(unit=made, name=alias) for alias in aliases or [])
    return made


def group(name: str, members: list[Unit], *, aliases: list[str] | None = None) -> Unit:
    made = unit(name, kind=Unit.Kind.GROUP, aliases=aliases)
    units.set_members(made, members)
    return made


def user(username: str, name: str = "", **roles: Unit) -> User:
    """A user with the password ``PASSWORD``; ``roles`` are role=unit."""
    made = User.objects.create_user(username, password=PASSWORD, name=name or username)
    for role, of in roles.items():
        Membership.objects.create(user=made, unit=of, role=role)
    return made


def speech(text: str, delivered_on: dt.date = dt.date(2026, 3, 10), *, title: str = "在全县工作会议上的讲话") -> Speech:
    """A stored speech with its findings."""
    return upload.save([upload.SpeechDraft(title=title, text=text, delivered_on=delivered_on)])[0]


def commitment(
    title: str = "完成县道改造", *, lead: Unit | None = None, at: dt.datetime | None = None, **fields: Any
) -> Commitment:
    """A commitment in the ledger, with ``lead`` charged where given. ``fields`` are those of ``intake.Draft``."""
    fields.setdefault("begins_on", dt.date(2026, 3, 10))
    return intake.enter(Draft(title=title, lead=(lead,) if lead else (), **fields), by=None, at=at)


def assignment(unit: Unit, *, deadline: dt.date | None = dt.date(2026, 6, 30), **fields: Any) -> Assignment:
    """One assignment of ``unit``, sent out and awaiting receipt."""
    return commitment(lead=unit, deadline=deadline, **fields).assignments.get(unit=unit)
