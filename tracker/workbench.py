"""What waits for whom today: the lists of the workbench, each short, with the number of everything behind it."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Value, When, Window
from django.db.models.functions import RowNumber

from speeches.models import Finding, Speech
from tracker.lights import OPEN_LIGHTS, with_light
from tracker.models import Assignment, Commitment, ExtensionRequest, Review
from tracker.rules import Role, scope, visible_assignments
from tracker.workflow import OPEN_STATES

SHOWN = 6
AHEAD_DAYS = 14
MOST_AHEAD = 40
MOST_OWED = 100


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


def by_state(user: Any) -> dict[str, Waiting]:
    """What the office has to check, what nobody has signed for, what nobody is charged with."""
    states = [Assignment.State.SUBMITTED, Assignment.State.SENT, Assignment.State.UNASSIGNED]
    found = {state.value: Waiting() for state in states}
    rows = _lean(visible_assignments(user).filter(state__in=states)).annotate(
        place=Window(RowNumber(), partition_by="state", order_by=[F("last_step_at").asc(nulls_first=True), "pk"]),
        total=Window(Count("pk"), partition_by="state"),
    )
    for row in rows.filter(place__lte=SHOWN).order_by("state", "place"):
        found[row.state].rows.append(row)
        found[row.state].total = row.total
    return found


def near(user: Any, today: dt.date) -> tuple[Waiting, Waiting]:
    """What is past its day (the longest overdue first), and what falls due within the coming two weeks."""
    last = today + dt.timedelta(days=AHEAD_DAYS - 1)
    stopped = [Assignment.State.SUSPENDED, Assignment.State.WITHDRAWN]
    rows = (
        _lean(visible_assignments(user).filter(closed_on=None, deadline__lte=last, begins_on__lte=last))
        .exclude(state__in=stopped)
        .annotate(late=Case(When(deadline__lt=today, then=Value(1)), default=Value(0)))
        .annotate(
            place=Window(RowNumber(), partition_by="late", order_by=["deadline", "pk"]),
            total=Window(Count("pk"), partition_by="late"),
        )
        .filter(Q(late=1, place__lte=SHOWN) | Q(late=0, place__lte=MOST_AHEAD))
        .order_by("deadline", "pk")
    )
    late, ahead = Waiting(), Waiting()
    for row in rows:
        row.days_late = (today - row.deadline).days
        waiting = late if row.late else ahead
        waiting.rows.append(row)
        waiting.total = row.total
    return late, ahead


def extensions(user: Any) -> Waiting:
    """Requests for more time that wait for a decision, the oldest first."""
    rows = (
        ExtensionRequest.objects.filter(
            state=ExtensionRequest.State.PENDING, assignment__in=visible_assignments(user).values("pk")
        )
        .select_related("assignment__commitment", "assignment__unit")
        .annotate(total=Window(Count("pk")))
        .order_by("asked_at", "pk")[:SHOWN]
    )
    found = list(rows)
    return Waiting(found, found[0].total if found else 0)


def to_review() -> Waiting:
    """Speeches with findings that nobody has decided on, the latest first, each with their ``waiting`` number."""
    decided = Review.objects.filter(finding=OuterRef("pk"), undone_at=None)
    waiting = Finding.objects.filter(~Exists(decided)).order_by()
    counts = dict(waiting.values_list("speech").annotate(n=Count("pk")).order_by("-speech")[:200])
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
