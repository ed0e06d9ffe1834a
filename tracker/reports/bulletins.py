"""督查通报: how the items of a period stand, unit by unit; frozen when it is issued.

A bulletin counts each assignment that was open at the end of the period or was closed in it, by the light it
had at the end. Units are ranked by the share that is overdue (the smaller the better), then by the share that
is behind, then by the share closed on time; equal units share a rank.
"""

import datetime as dt
import hashlib
import json
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from tracker import rules, workflow
from tracker.lights import Light, end_of_day, with_light
from tracker.models import Assignment, Bulletin, Series, StatusUpdate, Unit, User
from tracker.reports import office

# A bulletin that names more is read by nobody; the whole list is the overdue page's.
MOST_NAMED = 200
BAR_CELLS = 25


def counted(assignments: QuerySet[Assignment], start: dt.date, end: dt.date) -> QuerySet[Assignment]:
    """Those of ``assignments`` that a bulletin of ``start`` to ``end`` (inclusive) counts, with their lights."""
    there = assignments.filter(Q(closed_on=None) | Q(closed_on__gte=start), begins_on__lte=end)
    return with_light(there.exclude(state=Assignment.State.WITHDRAWN), end)


def _counts(row: dict[str, Any]) -> dict[str, int]:
    counts = {light: row[f"n_{light}"] for light in Light.values}
    closed = counts[Light.DONE] + counts[Light.DONE_LATE]
    total = sum(counts.values())
    return {
        **counts,
        "total": total,
        "closed": closed,
        "on_pace": counts[Light.GREEN] + counts[Light.BLUE],
        "closed_rate": closed * 100 // total if total else 0,
        "overdue_rate": counts[Light.RED] * 100 // total if total else 0,
    }


def _ranked(units: list[dict[str, Any]]) -> list[dict[str, Any]]:
    def key(unit: dict[str, Any]) -> tuple[float, float, float]:
        total = unit["total"]
        return (unit[Light.RED] / total, unit[Light.YELLOW] / total, -unit[Light.DONE] / total)

    ranked = sorted(units, key=lambda unit: (key(unit), unit["position"]))
    for place, unit in enumerate(ranked, 1):
        same = place > 1 and key(unit) == key(ranked[place - 2])
        unit["rank"] = ranked[place - 2]["rank"] if same else place
    return ranked


def snapshot(user: Any, start: dt.date, end: dt.date) -> dict[str, Any]:
    """The figures of a bulletin for what ``user`` may see, as plain JSON, in four queries."""
    rows = counted(rules.visible_assignments(user), start, end)
    lights = {f"n_{light}": Count("pk", filter=Q(light=light)) for light in Light.values}
    by_unit = {row["unit"]: _counts(row) for row in rows.order_by().values("unit").annotate(**lights)}
    names = Unit.objects.in_bulk([pk for pk in by_unit if pk])
    units = [{"name": names[pk].name, "position": names[pk].position, **counts} for pk, counts in by_unit.items() if pk]
    totals = {key: sum(counts[key] for counts in by_unit.values()) for key in [*Light.values, "total"]}
    ranked = _ranked(units)
    for unit in ranked:
        del unit["position"]
    return {
        "as_of": end.isoformat(),
        "totals": _counts({f"n_{light}": totals[light] for light in Light.values}),
        "unassigned": by_unit[None]["total"] if None in by_unit else 0,
        "units": ranked,
        "overdue": _overdue(rows, end),
        "good": [unit["name"] for unit in ranked if unit[Light.DONE] and not unit[Light.RED] + unit[Light.YELLOW]],
        "bad": [unit["name"] for unit in reversed(ranked) if unit[Light.RED]],
    }


def _overdue(rows: QuerySet[Assignment], end: dt.date) -> list[dict[str, Any]]:
    said = StatusUpdate.objects.filter(assignment=OuterRef("pk"), at__lte=end_of_day(end)).order_by("-at", "-pk")
    late = (
        rows.filter(light=Light.RED)
        .select_related("commitment", "unit")
        .annotate(trouble=Subquery(said.values("problems")[:1]))
        .order_by("-days_late", "pk")[:MOST_NAMED]
    )
    return [
        {
            "number": row.commitment.number,
            "title": row.commitment.title,
            "unit": row.unit.name if row.unit else "待交办",
            "deadline": row.deadline.isoformat(),
            "days_late": row.days_late,
            "progress": row.progress_then,
            "trouble": row.trouble or "",
        }
        for row in late
    ]


def digest(figures: dict[str, Any]) -> str:
    """A mark by which two snapshots are known to be the same."""
    text = json.dumps(figures, sort_keys=True, cls=DjangoJSONEncoder, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


@transaction.atomic
def issue(
    *, by: User, title: str, start: dt.date, end: dt.date, comment: str, seen: str = "", at: dt.datetime | None = None
) -> Bulletin:
    """Issue a bulletin of ``start`` to ``end`` (inclusive) under the year's next number, and freeze its figures.

    ``seen`` is the digest of the figures that were previewed: where they are no longer so, ``workflow.Stale``.
    """
    if not by.has_perm("tracker.issue_bulletin"):
        raise PermissionDenied
    at = at or timezone.now()
    today = timezone.localdate(at)
    if end < start:
        raise ValidationError(_("The period ends before it begins."))
    if end > today:
        raise ValidationError(_("A bulletin cannot speak of days that are still to come."))
    figures = snapshot(by, start, end)
    if not figures["totals"]["total"]:
        raise ValidationError(_("Nothing was owed in this period, so there is nothing to report."))
    if seen and seen != digest(figures):
        raise workflow.Stale(_("The figures have changed since your preview. Look at them again, then issue."))
    figures["issuer"] = office.issuer(by)
    serial = Series.take(f"bulletin/{today.year}")  # whoever issues at the same moment waits here
    if Bulletin.objects.filter(title=title, period_start=start, period_end=end, issued_at__date=today).exists():
        raise ValidationError(_("This bulletin has been issued today already."))
    return Bulletin.objects.create(
        year=today.year,
        serial=serial,
        title=title,
        period_start=start,
        period_end=end,
        snapshot=figures,
        comment=comment,
        issued_by=by,
        issued_at=at,
    )


def bar(unit: dict[str, Any]) -> list[tuple[str, int]]:
    """(light, number of cells) of a unit's bar of ``BAR_CELLS``, the worst last; none that is there vanishes."""
    order = [Light.DONE, Light.DONE_LATE, Light.GREEN, Light.BLUE, Light.GREY, Light.YELLOW, Light.RED]
    there = [(light, unit[light]) for light in order if unit[light]]
    total = sum(number for _light, number in there)
    if not total:
        return []
    cells = [max(1, number * BAR_CELLS // total) for _light, number in there]
    while sum(cells) != BAR_CELLS:
        step = 1 if sum(cells) < BAR_CELLS else -1
        gaps = [step * (there[at][1] * BAR_CELLS / total - cells[at]) for at in range(len(cells))]
        open_to = [at for at in range(len(cells)) if step > 0 or cells[at] > 1]
        cells[max(open_to, key=lambda at: gaps[at])] += step
    return [(light, number) for (light, _number), number in zip(there, cells, strict=True)]
