"""A year of an office: 300 items, 40 units, 60 users who act at random, and a day's work every day.

Everything goes through the same functions as the pages do, with the acting user, so that what is forbidden is
refused here too. Some days the day's work runs twice, on some it is missed, and on PostgreSQL two threads with
connections of their own do it at once. Reminders leave by a mail server that refuses some letters and breaks off
at others. Every evening every light is reckoned twice, and afterwards every law of the ledger must hold. The chance is
seeded: on SQLite a failure can be repeated.
"""

import datetime as dt
import hashlib
import random
import re
import smtplib
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection, connections
from django.db.models import Q, QuerySet
from django.utils import timezone

from tests import make
from tracker import evidence, instructions, intake, progress, terms, workflow
from tracker.intake import Draft
from tracker.lights import light, with_light
from tracker.models import (
    Address,
    Assignment,
    Commitment,
    Delivery,
    ExtensionRequest,
    Instruction,
    Milestone,
    Reminder,
    StatusUpdate,
    Transition,
    Unit,
    User,
)
from tracker.models.office import read_once
from tracker.tick import tick

FIRST, DAYS, ITEMS, ACTS_A_DAY = dt.date(2026, 1, 5), 365, 300, 4
State = Assignment.State
RULES = ["FREQ=MONTHLY", "FREQ=MONTHLY;BYMONTHDAY=28", "FREQ=MONTHLY;INTERVAL=3"]

# The steps as an office tells them, written a second time: from which states, to which ("" where it stays, several
# where it depends), and who takes them: the unit or one above it, the office, the unit that handed it on, the system.
STARTED = {"sent", "active", "submitted"}
STEPS = {
    "assign": ({"", "unassigned"}, {"sent"}, {"office", "handed on", "system"}),
    "receive": ({"sent"}, {"active"}, {"unit"}),
    "report": ({"active"}, {""}, {"unit"}),
    "submit": ({"active"}, {"submitted"}, {"unit"}),
    "accept": ({"submitted"}, {"done"}, {"office", "handed on"}),
    "send_back": ({"submitted"}, {"active"}, {"office", "handed on"}),
    "ask_extension": ({"sent", "active"}, {""}, {"unit"}),
    "hand_on": ({"active"}, {""}, {"unit"}),
    "plan": ({"active"}, {""}, {"unit", "office"}),
    "grant_extension": ({"unassigned", *STARTED}, {""}, {"office"}),
    "refuse_extension": ({"unassigned", *STARTED, "suspended"}, {""}, {"office"}),
    "amend": ({"unassigned", *STARTED, "suspended"}, {""}, {"office"}),
    "suspend": ({"unassigned", *STARTED}, {"suspended"}, {"office"}),
    "resume": ({"suspended"}, {"unassigned", *STARTED}, {"office"}),
    "withdraw": ({"unassigned", *STARTED, "suspended"}, {"withdrawn"}, {"office"}),
    "reopen": ({"done"}, {"active"}, {"office"}),
    "send_again": ({"withdrawn"}, {"unassigned", "sent"}, {"office"}),
}


def at(day: dt.date, hour: int = 9) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time(hour)))


class Post(BaseEmailBackend):
    """A mail server that refuses one letter in ten, and breaks off after it has taken one in fifty."""

    chance = random.Random(0)
    taken: Counter[int] = Counter()  # how often each delivery was taken

    def send_messages(self, letters):
        for letter in letters:
            luck = self.chance.random()
            if luck < 0.1:
                raise smtplib.SMTPResponseException(450, "mailbox busy")
            number = re.match(r"<[\d.]+\.luoshi-(\d+)@", letter.extra_headers["Message-ID"])
            self.taken[int(number[1])] += 1
            if luck < 0.12:
                raise smtplib.SMTPServerDisconnected
        return len(letters)


@dataclass
class Office:
    """The units, the people, and what the year has brought so far."""

    chance: random.Random
    units: list[Unit] = field(default_factory=list)
    groups: list[Unit] = field(default_factory=list)
    coordinators: list[User] = field(default_factory=list)
    leaders: list[User] = field(default_factory=list)
    liaisons: dict[int, User] = field(default_factory=dict)
    others: list[User] = field(default_factory=list)
    said: dict[int, tuple] = field(default_factory=dict)
    asked: dict[int, tuple] = field(default_factory=dict)
    instructed: dict[int, str] = field(default_factory=dict)
    taken: Counter = field(default_factory=Counter)
    refused: Counter = field(default_factory=Counter)
    rows: dict[int, Assignment] = field(default_factory=dict)
    seen: dict[dt.date, dict[int, str]] = field(default_factory=dict)

    def found(self) -> None:
        """40 units (30 departments and townships, 9 stations below some of them, the root), 60 users."""
        root = make.unit("临川县人民政府", kind="government")
        for number in range(30):
            self.units.append(make.unit(f"单位{number:02d}", root))
        for number in range(9):
            self.units.append(make.unit(f"站所{number}", self.units[number]))
        self.groups = [make.group("各乡镇", self.units[20:30]), make.group("各有关部门", self.units[:5])]
        for number, unit in enumerate(self.units):
            self.liaisons[unit.pk] = make.user(f"liaison{number}", liaison=unit)
        self.coordinators = [make.user(f"office{number}", coordinator=root) for number in range(5)]
        self.leaders = [make.user(f"leader{number}", leader=root) for number in range(6)]
        Address.objects.create(user=None, channel="email")
        written_to = [*self.leaders, *list(self.liaisons.values())[:12]]
        User.objects.filter(pk__in=[one.pk for one in written_to]).update(email="someone@office.example")
        self.others = [make.user(f"observer{number}", observer=root) for number in range(9)]
        self.others.append(make.user("administrator", administrator=root))
        assert (Unit.objects.exclude(kind="group").count(), User.objects.count()) == (40, 60)

    def enter(self, day: dt.date) -> None:
        """An item: one unit, a group or several; with or without a last day, a number, a frequency."""
        chance, draw = self.chance, self.chance.random()
        units = [chance.choice(self.groups)] if draw < 0.1 else chance.sample(self.units[:30], chance.choice([1, 1, 2]))
        recurs = draw > 0.9
        deadline = None if draw > 0.85 else day + dt.timedelta(days=chance.randrange(5, 200))
        targets = [{"text": "87公里", "op": ">=", "value": 87, "unit": "公里"}] if draw < 0.5 else []
        draft = Draft(
            title=f"第{self.taken['enter']}件", deadline=deadline, rrule=chance.choice(RULES) if recurs else "",
            targets=tuple(targets), lead=tuple(units[:1]), support=tuple(units[1:]), begins_on=day,
            deadline_text="20个工作日内" if chance.random() < 0.2 else "",
        )  # fmt: skip
        intake.enter(draft, by=chance.choice(self.coordinators))
        self.taken["enter"] += 1

    def act(self) -> None:
        """Somebody does something to some assignment; mostly who may, sometimes anybody."""
        states = dict(Assignment.objects.exclude(unit=None).order_by("pk").values_list("pk", "state"))
        begun = [pk for pk, state in states.items() if state != State.SENT]  # more is done about what has begun
        pool = begun if begun and self.chance.random() < 0.6 else list(states)
        row = Assignment.objects.select_related("commitment", "unit").get(pk=self.chance.choice(pool))
        by = self.liaisons[row.unit_id]
        action = self.chance.choice(
            ["report", "submit", "ask_extension", "plan", "hand_on"] * 2
            + ["accept", "accept", "send_back", "decide", "suspend", "withdraw", "amend", "instruct", "join"]
        )
        if row.state == State.SENT:
            action = self.chance.choice(["receive"] * 18 + ["suspend", "withdraw"])
        elif row.state == State.SUBMITTED and self.chance.random() < 0.8:
            action = self.chance.choice(["accept"] * 12 + ["send_back"] * 6 + ["suspend"])
        elif row.state == State.DONE:
            action = "reopen" if self.chance.random() < 0.3 else "report"
        elif row.state == State.SUSPENDED and self.chance.random() < 0.7:
            action = "resume"
        elif row.state == State.WITHDRAWN:
            action = "send_again"
        office = action not in {"receive", "report", "submit", "ask_extension", "plan", "hand_on"}
        by = self.chance.choice(self.coordinators) if office else by
        if self.chance.random() < 0.05:
            by = self.chance.choice([*self.others, *self.leaders, *self.liaisons.values()])
        before = Transition.objects.count()
        try:
            getattr(self, f"_{action}", self._step(action))(row, by)
        except (workflow.Refused, PermissionDenied):
            assert Transition.objects.count() == before, f"{action} was refused and left a step behind"
            self.refused[action] += 1
        else:
            self.taken[action] += 1

    def _step(self, action: str) -> Callable[[Assignment, User], object]:
        """A step of the workflow that asks for nothing, or for a reason only."""
        given = {} if action in {"receive", "submit", "accept", "resume"} else {"reason": "经研究决定"}
        return lambda row, by: getattr(workflow, action)(row, by=by, **given)

    def _report(self, row: Assignment, by: User) -> None:
        text = self.chance.choice(["按计划推进", f"完成第{sum(self.taken.values())}段", "正在有序推进。"])
        target = row.commitment.targets.first()
        quantities = {target: self.chance.randrange(0, 100)} if target and self.chance.random() < 0.6 else {}
        files = [evidence.check("现场.pdf", b"%PDF-1.4 " + text.encode())] if self.chance.random() < 0.1 else []
        percent = self.chance.randrange(0, 101)
        made = progress.report(row, by=by, text=text, percent=percent, quantities=quantities, files=files)
        files = [hashlib.sha256(file.data).hexdigest() for file in files]
        self.said[made.pk] = (row.pk, by.pk, text, percent, list(quantities.values()), files)

    def _plan(self, row: Assignment, by: User) -> None:
        today = timezone.localdate()
        kept = [terms.Step(step.title, step.due, step.done_on or today) for step in row.milestones.all()]
        new = terms.Step(f"节点{len(kept)}", today + dt.timedelta(days=self.chance.randrange(1, 40)))
        terms.plan(row, [*kept, new], by=by)

    def _hand_on(self, row: Assignment, by: User) -> None:
        below = list(Unit.objects.filter(parent=row.unit))
        workflow.hand_on(row, below or self.units[:1], by=by)
        if self.chance.random() < 0.3:  # and then the office stops the whole
            self._step(self.chance.choice(["suspend", "withdraw"]))(row, self.coordinators[0])

    def _ask_extension(self, row: Assignment, by: User) -> None:
        later = (row.deadline or timezone.localdate()) + dt.timedelta(days=self.chance.randrange(-5, 60))
        made = terms.ask_extension(row, by=by, new_deadline=later, reason="汛期停工")
        self.asked[made.pk] = (row.pk, by.pk, row.deadline, later)

    def _decide(self, row: Assignment, by: User) -> None:
        request = ExtensionRequest.objects.filter(state="pending").order_by("pk").first()
        if request:
            terms.decide_extension(request, by=by, grant=self.chance.random() < 0.6, reason="情况属实")

    def _amend(self, row: Assignment, by: User) -> None:
        moved = row.deadline and row.deadline + dt.timedelta(days=self.chance.randrange(-10, 20))
        terms.amend(row, by=by, reason="会议议定", deadline=moved, role=row.role, person="王工")

    def _instruct(self, row: Assignment, by: User) -> None:
        text = f"抓紧落实（{self.taken['instruct']}）"
        made = instructions.instruct(row.commitment, by=self.chance.choice(self.leaders), text=text)
        self.instructed[made.pk] = text

    def _join(self, row: Assignment, by: User) -> None:
        intake.assign(row.commitment, support=[self.chance.choice(self.units)], by=by)

    def look(self, day: dt.date) -> None:
        """Every light of the day, in SQL; Python says the same."""
        told = list(with_light(Assignment.objects.all(), day).values_list("pk", "version", "light"))
        changed = [pk for pk, version, _light in told if pk not in self.rows or self.rows[pk].version != version]
        self.rows |= Assignment.objects.in_bulk(changed)
        with read_once():
            for pk, _version, told_light in told:
                assert told_light == light(self.rows[pk], day), (day, pk)
        assert not below_what_stopped().exists(), day
        self.seen[day] = {pk: told_light for pk, _version, told_light in told}


def below_what_stopped() -> QuerySet[Assignment]:
    """What was handed on and goes on although what it was handed on from is submitted, closed, stopped or suspended."""
    settled = [State.DONE, State.WITHDRAWN]
    above = Q(handed_from__state__in=[State.SUBMITTED, *settled]) & ~Q(state__in=settled)
    suspended = Q(handed_from__state=State.SUSPENDED) & ~Q(state__in=[*settled, State.SUSPENDED])
    return Assignment.objects.filter(above | suspended)


def work(day: dt.date, chance: random.Random) -> None:
    """The day's work: missed, done once, done twice, or (on PostgreSQL) done by two at once."""
    draw = chance.random()
    if draw < 0.06:
        return
    if draw < 0.1 and connection.vendor == "postgresql":
        failures: list[Exception] = []

        def other() -> None:
            try:
                tick(now=at(day, 8))
            except Exception as error:
                failures.append(error)
            finally:
                connections.close_all()

        threads = [threading.Thread(target=other) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not failures
        return
    tick(now=at(day, 8))
    if draw < 0.16:
        reminders, rows = Reminder.objects.count(), Assignment.objects.count()
        tick(now=at(day, 8))
        assert (Reminder.objects.count(), Assignment.objects.count()) == (reminders, rows)


def follows(states: set[str], recurring: bool) -> str:
    """The commitment's state by the rule as it stands in words, written a second time."""
    live = states - {State.WITHDRAWN}
    if states and not live:
        return "withdrawn"
    if live == {State.DONE} and not recurring:
        return "done"
    return "suspended" if State.SUSPENDED in live and live <= {State.SUSPENDED, State.DONE} else "open"


def standing_of(step: Transition, row: Assignment, office: Office) -> set[str]:
    """In what capacity somebody took a step: nobody here changes office or stands in for another in this year."""
    if step.by_id is None:
        return {"system"}

    def speaks_for(unit: Unit | None) -> bool:
        while unit is not None and unit.pk in office.liaisons:
            if office.liaisons[unit.pk].pk == step.by_id:
                return True
            unit = unit.parent
        return False

    answers = {
        "office": step.by_id in {one.pk for one in office.coordinators},
        "unit": speaks_for(row.unit),
        "handed on": row.handed_from is not None and speaks_for(row.handed_from.unit),
    }
    return {name for name, true in answers.items() if true}


def replays(row: Assignment, office: Office) -> None:
    """The steps of one assignment, each by who may take it, lead one after the other to what it is now."""
    steps = sorted(row.transitions.all(), key=lambda step: step.version)
    assert [step.version for step in steps] == list(range(row.version - len(steps) + 1, row.version + 1))
    state = before = ""
    for step in steps:
        assert step.from_state == state, (row.pk, step)
        starts, leads, takers = STEPS[step.action]
        assert step.from_state in starts, (row.pk, step)
        assert step.to_state in ({step.from_state} if leads == {""} else leads), (row.pk, step)
        assert standing_of(step, row, office) & takers, (row.pk, step, step.by)
        if step.action == "resume":
            assert step.to_state == before, (row.pk, step)
        before = state if step.action == "suspend" else before
        state = step.to_state
    if steps:
        last = steps[-1]
        assert (last.to_state, last.deadline, last.progress) == (row.state, row.deadline, row.progress)
        assert (last.finished_on, last.closed_on) == (row.finished_on, row.closed_on)
        assert row.original_deadline == next((step.deadline for step in steps if step.deadline), None)
    assert [step.update for step in steps if step.action == "report"] == list(row.updates.all())
    asked = [step.extension_id for step in steps if step.action == "ask_extension"]
    assert sorted(asked) == sorted(request.pk for request in row.extensions.all())
    actions = Counter(step.action for step in steps)
    assert (row.times_returned, row.times_extended) == (actions["send_back"], actions["grant_extension"])
    assert row.times_extended == sum(request.state == "granted" for request in row.extensions.all())


def last_written(model: type) -> dict[int, object]:
    """The newest row of history of each object."""
    return {one.id: one for one in model.history.order_by("history_id")}


def hold(office: Office) -> None:
    """The laws of the ledger."""
    related = ("transitions__by", "transitions__update", "updates", "extensions", "milestones")
    joined = ("commitment", "unit__parent", "handed_from__unit__parent")
    rows = list(Assignment.objects.select_related(*joined).prefetch_related(*related))
    states: dict[int, set[str]] = {}
    for row in rows:
        assert row.state in State.values
        replays(row, office)
        open_steps = [step.due for step in row.milestones.all() if step.done_on is None]
        assert row.next_milestone == min(open_steps, default=None)
        states.setdefault(row.commitment_id, set()).add(row.state)
    items = list(Commitment.objects.all())
    for item in items:
        assert item.state == follows(states[item.pk], bool(item.rrule)), item
    for model, objects in ((Assignment, rows), (Commitment, items)):
        written = last_written(model)
        for one in objects:
            for column in model._meta.concrete_fields:
                assert getattr(written[one.pk], column.attname) == getattr(one, column.attname), (one, column)
    periods = [(row.commitment_id, row.unit_id, row.period) for row in rows if row.period and row.unit_id]
    assert len(set(periods)) == len(periods) > 0


def nothing_is_missing(office: Office) -> None:
    """What was handed in is there, to the letter and to the byte."""
    kept = {}
    for made in StatusUpdate.objects.prefetch_related("measurements", "evidence"):
        numbers = [int(one.quantity) for one in made.measurements.all()]
        files = [hashlib.sha256(one.file.read()).hexdigest() for one in made.evidence.all()]
        kept[made.pk] = (made.assignment_id, made.by_id, made.text, made.percent, numbers, files)
    assert kept == office.said
    asked = ExtensionRequest.objects.values_list("pk", "assignment", "asked_by", "old_deadline", "new_deadline")
    assert {pk: tuple(rest) for pk, *rest in asked} == office.asked
    assert dict(Instruction.objects.values_list("pk", "text")) == office.instructed


def everybody_was_told_once() -> None:
    """One reminder a person, assignment, level and day; in one message; that was posted at most once."""
    once = Reminder.objects.exclude(level=Reminder.Level.NOTICE).values_list("assignment", "recipient", "level", "day")
    assert len(set(once)) == len(once) > 0
    assert not Reminder.objects.filter(message=None).exists()
    for reminder in Reminder.objects.select_related("message"):
        assert (reminder.message.recipient_id, reminder.text in reminder.message.text) == (reminder.recipient_id, True)
    times = {Delivery.State.SENT: {1}, Delivery.State.UNCONFIRMED: {1}, Delivery.State.PENDING: {0}}
    deliveries = list(Delivery.objects.all())
    assert {one.state for one in deliveries} >= {Delivery.State.SENT, Delivery.State.UNCONFIRMED}
    for one in deliveries:
        assert Post.taken[one.pk] in times[one.state], (one.pk, one.state)


@pytest.mark.django_db(transaction=True)
@pytest.mark.timeout(1800)  # under a minute on an idle machine
def test_after_a_year_of_chance_every_law_of_the_ledger_holds(settings):
    settings.EMAIL_BACKEND = f"{__name__}.Post"
    Post.taken.clear()
    office = Office(random.Random(20260105))
    with time_machine.travel(at(FIRST), tick=False):
        office.found()
    for number in range(DAYS):
        day = FIRST + dt.timedelta(days=number)
        with time_machine.travel(at(day), tick=False):
            entered = office.taken["enter"]
            for _ in range(min(ITEMS - entered, 4 if number < 50 else 1)):
                office.enter(day)
            work(day, office.chance)
            for _ in range(ACTS_A_DAY):
                office.act()
            office.look(day)
    after = FIRST + dt.timedelta(days=DAYS)
    with time_machine.travel(at(after), tick=False):
        for later in range(3):
            tick(now=at(after + dt.timedelta(days=later), 8))

    assert Commitment.objects.count() == ITEMS
    hold(office)
    nothing_is_missing(office)
    everybody_was_told_once()
    with time_machine.travel(at(after), tick=False):
        for day, then in list(office.seen.items())[::15]:
            told = dict(with_light(Assignment.objects.filter(pk__in=then), day).values_list("pk", "light"))
            assert told == then, day
    happened = {action for action, count in office.taken.items() if count > 2}
    assert happened >= set(workflow.STEPS) - {"assign", "decide_extension"} | {"decide"}
    assert Milestone.objects.exists()
