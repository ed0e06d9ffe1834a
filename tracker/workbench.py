"""What waits for whom today: the lists of the workbench, each short, with the number of everything behind it."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Value, When, Window
from django.db.models.functions import RowNumber

from speeches.models import Finding, Speech
from tracker.lights import OPEN_LIGHTS, end_of_day, with_light
from tracker.models import Assignment, Commitment, ExtensionRequest, Review, StatusUpdate
from tracker.rules import Role, scope, visible_assignments
from tracker.workflow import OPEN_STATES, STEPS

SHOWN = 6
AHEAD_DAYS = 14
MOST_AHEAD = 40
EMPTY_DAYS = 60
MOST_OWED = 100
MOST_SPEECHES = 200


@dataclass
class Waiting:
    """The first rows of a list, and how long the whole list is."""

    rows: list[Any] = field(default_factory=list)
    total: int = 0

    @property
    def more(self) -> int:
        return self.total - len(self.rows)


def _lean(queryset: QuerySet[Assignment]) -> QuerySet[Assignment]:
    return queryset.select_related("commitment", "unit").defer("commitment__content", "commitment__quote")


def _placed(queryset: QuerySet[Assignment], *, lists: str, order: list[Any], most: Q) -> list[Assignment]:
    """The first rows (``most``) of each of several lists, which ``lists`` tells apart, in order, with ``total``.

    Placed by their ids alone, then read: joining what a row shows before placing it would join every row there is.
    """
    ranked = queryset.order_by().annotate(
        place=Window(RowNumber(), partition_by=lists, order_by=order),
        total=Window(Count("pk"), partition_by=lists),
    )
    totals = {row["pk"]: row["total"] for row in ranked.filter(most).order_by(lists, "place").values("pk", "total")}
    rows = _lean(Assignment.objects.all()).in_bulk(totals)
    for pk, total in totals.items():
        rows[pk].total = total
    return [rows[pk] for pk in totals]


def by_state(user: Any) -> dict[str, Waiting]:
    """What the office has to check, what nobody has signed for, what nobody is charged with."""
    states = [Assignment.State.SUBMITTED, Assignment.State.SENT, Assignment.State.UNASSIGNED]
    found = {state.value: Waiting() for state in states}
    oldest = [F("last_step_at").asc(nulls_first=True), "pk"]
    waiting = visible_assignments(user).filter(state__in=states)
    for row in _placed(waiting, lists="state", order=oldest, most=Q(place__lte=SHOWN)):
        found[row.state].rows.append(row)
        found[row.state].total = row.total
    return found


def near(user: Any, today: dt.date) -> tuple[Waiting, Waiting]:
    """What is past its day (the longest overdue first), and what falls due within the coming two weeks."""
    last = today + dt.timedelta(days=AHEAD_DAYS - 1)
    stopped = [Assignment.State.SUSPENDED, Assignment.State.WITHDRAWN]
    rows = (
        visible_assignments(user)
        .filter(closed_on=None, deadline__lte=last, begins_on__lte=last)
        .exclude(state__in=stopped)
        .annotate(ahead=Case(When(deadline__lt=today, then=Value(0)), default=Value(1)))
    )
    most = Q(ahead=0, place__lte=SHOWN) | Q(ahead=1, place__lte=MOST_AHEAD)
    late, ahead = Waiting(), Waiting()
    for row in _placed(rows, lists="ahead", order=["deadline", "pk"], most=most):
        row.days_late = (today - row.deadline).days
        waiting = late if row.days_late > 0 else ahead
        waiting.rows.append(row)
        waiting.total = row.total
    return late, ahead


def extensions(user: Any) -> Waiting:
    """Requests for more time that wait for a decision, the oldest first."""
    rows = (
        ExtensionRequest.objects.filter(
            state=ExtensionRequest.State.PENDING,
            assignment__in=visible_assignments(user).filter(state__in=STEPS["decide_extension"][0]).values("pk"),
        )
        .select_related("assignment__commitment", "assignment__unit")
        .annotate(total=Window(Count("pk")))
        .order_by("asked_at", "pk")[:SHOWN]
    )
    found = list(rows)
    return Waiting(found, found[0].total if found else 0)


def empty_reports(user: Any, today: dt.date) -> Waiting:
    """Reports of the last weeks that say nothing new and were followed by no better one, the latest first."""
    since = end_of_day(today - dt.timedelta(days=EMPTY_DAYS))
    under_way = visible_assignments(user).filter(state=Assignment.State.ACTIVE)
    rows = (
        StatusUpdate.objects.filter(
            says_nothing_new=True,
            at__gt=since,
            at=F("assignment__last_update_at"),
            assignment__in=under_way.values("pk"),
        )
        .select_related("assignment__commitment", "assignment__unit")
        .annotate(total=Window(Count("pk")))
        .order_by("-at", "-pk")[:SHOWN]
    )
    found = list(rows)
    return Waiting(found, found[0].total if found else 0)


def to_review() -> Waiting:
    """Speeches with findings that nobody has decided on, the latest first, each with their ``waiting`` number.

    Looked for among those that were added last: the list of speeches finds older ones.
    """
    decided = Review.objects.filter(finding=OuterRef("pk"), undone_at=None)
    added = Speech.objects.order_by("-pk").values("pk")[:MOST_SPEECHES]
    waiting = Finding.objects.filter(~Exists(decided), speech__in=added).order_by()
    counts = dict(waiting.values_list("speech").annotate(n=Count("pk")))
    speeches = list(Speech.objects.filter(pk__in=counts).defer("text").order_by("-delivered_on", "-pk")[:SHOWN])
    for speech in speeches:
        speech.waiting = counts[speech.pk]
    return Waiting(speeches, sum(counts.values()))


def owed(user: Any, today: dt.date) -> tuple[list[Assignment], dict[str, int]]:
    """What the units of a liaison owe, in the order in which it is due; and how much of it shows which light."""
    mine = Assignment.objects.filter(
        unit__in=scope(user).reach(Role.LIAISON), deleted_at=None, state__in=[*OPEN_STATES, Assignment.State.SUSPENDED]
    )
    rows = _lean(with_light(mine, today)).order_by(F("deadline").asc(nulls_last=True), "pk")
    counts = with_light(mine, today).order_by().values_list("light").annotate(n=Count("pk"))
    found = dict.fromkeys((light.value for light in OPEN_LIGHTS), 0) | dict(counts)
    return list(rows.prefetch_related("extensions")[:MOST_OWED]), found


def instructed(user: Any) -> QuerySet[Commitment]:
    """The items on which the leader has written an instruction and which are still open, the latest first."""
    items = Commitment.objects.filter(instructions__by=user, state=Commitment.State.OPEN, deleted_at=None)
    return items.distinct().order_by("-pk")[:SHOWN]
