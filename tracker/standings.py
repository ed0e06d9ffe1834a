"""How units stand: what each owes by light, for the pages that compare them."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count

from tracker.lights import Light, with_light
from tracker.models import Assignment, Unit
from tracker.rules import visible_assignments


@dataclass
class UnitStanding:
    """One unit's assignments as of a day, by light."""

    unit: Unit
    lights: dict[str, int] = field(default_factory=lambda: dict.fromkeys(Light.values, 0))

    @property
    def total(self) -> int:
        return sum(self.lights.values())


def by_unit(user: Any, units: Iterable[Unit], day: dt.date) -> list[UnitStanding]:
    """The standing of each of ``units``, in their order, counted in the database."""
    found = {unit.pk: UnitStanding(unit) for unit in units}
    rows = (
        with_light(visible_assignments(user), day)
        .filter(unit__in=found)
        .exclude(state=Assignment.State.WITHDRAWN)
        .order_by()
        .values("unit", "light")
        .annotate(n=Count("pk"))
    )
    for row in rows:
        found[row["unit"]].lights[row["light"]] = row["n"]
    return list(found.values())
