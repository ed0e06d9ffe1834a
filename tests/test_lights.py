"""Lights: the rule in words, and the law that SQL and Python say the same of any assignment on any day."""

import datetime as dt

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import make
from tracker import progress, terms, workflow
from tracker.lights import Light, light, overdue_q, time_gone, with_light
from tracker.models import Assignment, OfficeSettings, Transition

DAY = dt.timedelta(days=1)


def noon(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time(12)))


def on(month: int, day: int) -> dt.date:
    return dt.date(2026, month, day)


@pytest.fixture
def sent(county) -> Assignment:
    """Begun on 10 March, due on 30 June, sent out on 10 March."""
    return make.assignment(county.transport, at=noon(on(3, 10)))


@pytest.fixture
def active(sent) -> Assignment:
    return workflow.receive(sent, by=None, at=noon(on(3, 11)))


def lights(assignment: Assignment, *days: dt.date) -> list[str]:
    """The light on each day, in Python; SQL must say the same."""
    row = Assignment.objects.get(pk=assignment.pk)
    found = [str(light(row, day)) for day in days]
    assert found == [with_light(Assignment.objects.filter(pk=row.pk), day).get().light for day in days]
    return found


def test_red_begins_the_day_after_the_last_day(active):
    assert lights(active, on(6, 30), on(7, 1)) == ["yellow", "red"]


def test_yellow_is_behind_the_share_of_time_gone_by_more_than_the_tolerance(active):
    OfficeSettings.objects.create(pk=1, light_tolerance=10)
    progress.report(active, by=None, text="完成路基", percent=40, at=noon(on(3, 20)))
    # 113 days in all: 56 of them are 49.6 %, 57 are 50.4 %
    assert lights(active, on(5, 4), on(5, 5)) == ["green", "yellow"]


def test_blue_is_within_the_days_that_the_office_has_set(active):
    OfficeSettings.objects.create(pk=1, light_days=5)
    progress.report(active, by=None, text="只剩标线", percent=100, at=noon(on(3, 20)))
    assert lights(active, on(6, 24), on(6, 25)) == ["green", "blue"]


def test_an_extension_granted_later_does_not_whiten_an_earlier_day(active):
    request = terms.ask_extension(active, by=None, new_deadline=on(9, 30), reason="汛期", at=noon(on(7, 10)))
    terms.decide_extension(request, by=None, grant=True, reason="属实", at=noon(on(7, 12)))

    assert lights(active, on(7, 11), on(7, 12)) == ["red", "yellow"]


def test_a_suspension_is_grey_from_its_day_to_its_end_and_not_before(active):
    workflow.suspend(active, by=None, reason="用地未批", at=noon(on(7, 10)))
    workflow.resume(active, by=None, at=noon(on(8, 10)))

    assert lights(active, on(7, 9), on(7, 10), on(8, 9), on(8, 10)) == ["red", "grey", "grey", "red"]


def test_what_was_closed_and_reopened_was_closed_in_between(active):
    workflow.submit(active, by=None, at=noon(on(6, 20)))
    workflow.accept(active, by=None, at=noon(on(6, 25)))
    workflow.reopen(active, by=None, reason="路面开裂", at=noon(on(9, 1)))

    assert lights(active, on(6, 24), on(6, 25), on(8, 31), on(9, 1)) == ["yellow", "done", "done", "red"]


def test_declared_done_in_time_and_accepted_late_is_done_in_time(active):
    workflow.submit(active, by=None, at=noon(on(6, 30)))
    workflow.accept(active, by=None, at=noon(on(7, 5)))

    assert lights(active, on(7, 4), on(7, 5)) == ["red", "done"]


def test_an_item_entered_long_after_its_day_was_overdue_then(county):
    row = make.assignment(county.transport)  # entered today, due on 30 June

    assert lights(row, on(6, 30), on(7, 1)) == ["yellow", "red"]
    assert Assignment.objects.filter(overdue_q(on(7, 1))).exists()


def test_a_milestone_that_is_past_and_not_reached_is_behind_schedule(active):
    progress.report(active, by=None, text="全部完成", percent=100, at=noon(on(3, 12)))
    terms.plan(active, [terms.Step("招标", on(4, 10)), terms.Step("路基", on(5, 10))], by=None, at=noon(on(3, 12)))
    assert lights(active, on(4, 10), on(4, 11)) == ["green", "yellow"]

    terms.plan(
        active, [terms.Step("招标", on(4, 10), on(4, 20)), terms.Step("路基", on(5, 10))], by=None, at=noon(on(4, 20))
    )
    assert lights(active, on(4, 19), on(4, 20), on(5, 11)) == ["yellow", "green", "yellow"]


def test_a_deadline_in_working_days_is_paced_in_working_days(county):
    # Ten working days over the National Day holiday: 25 September to 13 October 2026.
    row = make.assignment(
        county.transport, begins_on=on(9, 25), deadline=on(10, 13), deadline_text="10个工作日内", at=noon(on(9, 25))
    )
    assert row.working_days is not None
    holiday = [on(10, day) for day in range(1, 8)]
    assert len({time_gone(row, day) for day in holiday}) == 1
    lights(row, *[on(9, 25) + DAY * n for n in range(20)])


def test_a_working_day_deadline_that_was_moved_counts_calendar_days(county):
    row = make.assignment(
        county.transport, begins_on=on(9, 25), deadline=on(10, 13), deadline_text="10个工作日内", at=noon(on(9, 25))
    )
    workflow.receive(row, by=None, at=noon(on(9, 26)))
    request = terms.ask_extension(row, by=None, new_deadline=on(10, 31), reason="材料未齐", at=noon(on(10, 10)))
    terms.decide_extension(request, by=None, grant=True, reason="属实", at=noon(on(10, 10)))
    row.refresh_from_db()

    assert time_gone(row, on(10, 12)) == 18 * 100 // 37
    lights(row, *[on(9, 25) + DAY * n for n in range(40)])


days = st.dates(dt.date(2026, 1, 1), dt.date(2027, 3, 1))
maybe_percent = st.none() | st.integers(0, 100)


@st.composite
def lives(draw):
    """An assignment that may have been, with the steps that left it so; past, present and future mixed."""
    begins = draw(days)
    deadline = draw(st.none() | st.dates(begins, begins + dt.timedelta(days=200)))
    later = draw(st.booleans()) and deadline is not None
    states = st.sampled_from(["sent", "active", "submitted", "done", "suspended", "withdrawn"])
    # Nobody has taken a step on a day that is still to come.
    taken = days.filter(lambda day: day <= timezone.localdate())
    steps = sorted(draw(st.lists(st.tuples(taken, states, maybe_percent), max_size=4)), key=lambda step: step[0])
    return {
        "begins_on": begins,
        "original_deadline": deadline,
        "deadline": deadline + dt.timedelta(days=draw(st.integers(1, 60))) if later else deadline,
        "working_days": draw(st.none() | st.integers(1, 60)) if deadline else None,
        "milestones": draw(st.lists(st.tuples(days, st.none() | days), max_size=2)),
        "steps": steps,
    }


def put(row: Assignment, life: dict) -> None:
    """Write a life down as it would have been left, without the workflow's checks on what may follow what."""
    Transition.objects.filter(assignment=row).delete()
    row.milestones.all().delete()
    row.begins_on, row.working_days = life["begins_on"], life["working_days"]
    row.original_deadline = row.deadline = row.earliest_deadline = life["original_deadline"]
    row.last_step_at = None
    for number, (day, state, percent) in enumerate(life["steps"]):
        if number:
            row.deadline = life["deadline"]
        row.state, row.progress, row.last_step_at = state, percent, noon(day)
        row.state_before = "active" if state == "suspended" else ""
        row.finished_on = row.closed_on = day if state == "done" else None
        Transition.objects.create(
            assignment=row, action="report", to_state=state, at=noon(day), origin="task", deadline=row.deadline,
            progress=percent, finished_on=row.finished_on, closed_on=row.closed_on,
        )  # fmt: skip
    row.next_milestone = min((due for due, done in life["milestones"] if done is None), default=None)
    row.save()
    for number, (due, done) in enumerate(life["milestones"]):
        row.milestones.create(title=f"节点{number}", due=due, done_on=done)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    lived=st.lists(lives(), min_size=3, max_size=3),
    looked_at=st.lists(days, min_size=3, max_size=6),
    tolerance=st.integers(0, 100),
    blue=st.integers(0, 60),
)
def test_sql_and_python_say_the_same_of_any_assignment_on_any_day(fleet, lived, looked_at, tolerance, blue):
    OfficeSettings(pk=1, light_tolerance=tolerance, light_days=blue).save()
    for row, life in zip(fleet, lived, strict=True):
        put(row, life)
    for day in looked_at:
        told = {row.pk: row for row in with_light(Assignment.objects.all(), day)}
        overdue = set(Assignment.objects.filter(overdue_q(day)).values_list("pk", flat=True))
        for row in fleet:
            said = light(row, day)
            assert told[row.pk].light == said
            assert (row.pk in overdue) == (said == Light.RED)


@pytest.fixture
def fleet(county) -> list[Assignment]:
    return [make.assignment(unit) for unit in (county.transport, county.education, county.east)]
