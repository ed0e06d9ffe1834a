"""Recurring duties come due: once, whoever runs the day's work, and however often."""

import datetime as dt
import threading

import pytest
from django.db import connection, connections
from django.utils import timezone

from tests import make
from tracker import duties, workflow
from tracker.models import Assignment, Commitment, Unit

# SQLite's test database lives in memory, where threads share one lock; two processes on a file are tested with tick.
in_threads = pytest.mark.skipif(connection.vendor != "postgresql", reason="needs PostgreSQL")
MONTHLY = {"rrule": "FREQ=MONTHLY;BYMONTHDAY=27", "begins_on": dt.date(2026, 3, 1)}


def at(month: int, day: int) -> dt.datetime:
    return timezone.make_aware(dt.datetime(2026, month, day, 8))


def enter(*, lead, on=(3, 1), **fields) -> Commitment:
    return make.commitment(lead=lead, at=at(*on), **{**MONTHLY, **fields})


def materialise(month: int, day: int) -> int:
    return duties.materialise_all(at=at(month, day)).assignments


def ends(commitment) -> list[str]:
    rows = commitment.assignments.filter(deleted_at=None).order_by("period", "pk")
    return [f"{row.period:%m-%d} {row.unit.label if row.unit else '-'}" for row in rows]


def test_periods_are_opened_as_far_as_the_horizon_and_no_further(county):
    duty = enter(lead=county.transport)

    assert ends(duty) == ["03-27 交通局", "04-27 交通局"]
    assert materialise(3, 20) == 1
    assert ends(duty)[-1] == "05-27 交通局"


def test_running_twice_a_day_opens_nothing_twice(county):
    duty = enter(lead=county.transport)

    assert materialise(3, 20) == 1
    assert materialise(3, 20) == 0
    assert len(ends(duty)) == 3


def test_a_long_gap_is_made_up_for_period_by_period(county):
    duty = enter(lead=county.transport)

    materialise(9, 1)

    assert ends(duty) == [f"{month:02}-27 交通局" for month in range(3, 11)]
    begins = duty.assignments.order_by("period").values_list("begins_on", flat=True)
    assert begins[1] == dt.date(2026, 3, 28)
    assert begins[7] == dt.date(2026, 9, 28)


def test_each_period_is_on_time_or_late_by_itself(county):
    duty = enter(lead=county.transport)
    first, second = duty.assignments.order_by("period")
    workflow.receive(first, by=None, at=at(3, 5))
    workflow.submit(first, by=None, at=at(3, 26))
    workflow.accept(first, by=None, at=at(3, 28))

    second.refresh_from_db()
    assert (second.state, second.deadline, second.original_deadline) == (
        "sent",
        dt.date(2026, 4, 27),
        dt.date(2026, 4, 27),
    )


def test_every_member_of_a_group_owes_every_period(county):
    duty = enter(lead=county.towns)

    materialise(3, 20)

    assert ends(duty)[-2:] == ["05-27 东塘镇", "05-27 西岭乡"]
    assert set(duty.assignments.values_list("via", flat=True)) == {county.towns.pk}


def test_part_person_and_group_are_carried_on(county):
    duty = enter(lead=county.transport)
    make.intake.assign(duty, support=[county.towns], by=None, person="石春生", at=at(3, 1))

    materialise(3, 20)

    row = duty.assignments.get(period=dt.date(2026, 5, 27), unit=county.east)
    assert (row.role, row.person, row.via) == ("support", "石春生", county.towns)
    assert duty.assignments.get(period=dt.date(2026, 5, 27), unit=county.transport).role == "lead"


def test_a_unit_withdrawn_from_the_last_period_owes_no_more(county):
    duty = enter(lead=county.towns)
    for row in duty.assignments.filter(unit=county.east):
        workflow.withdraw(row, by=None, reason="机构合并", at=at(3, 10))

    materialise(3, 20)

    assert ends(duty)[-1] == "05-27 西岭乡"
    assert not duty.assignments.filter(unit=county.east, period=dt.date(2026, 5, 27)).exists()


def test_what_was_handed_on_stays_with_the_unit_that_handed_it_on(county):
    station = make.unit("县公路站", county.transport)
    duty = enter(lead=county.transport)
    last = duty.assignments.order_by("period").last()
    Assignment.objects.create(
        commitment=duty, unit=station, handed_from=last, period=last.period, begins_on=last.begins_on
    )

    materialise(3, 20)

    assert ends(duty)[-1] == "05-27 交通局"


def test_without_a_unit_each_period_waits_to_be_assigned(county):
    duty = enter(lead=None)

    materialise(3, 20)

    assert ends(duty) == ["03-27 -", "04-27 -", "05-27 -"]
    assert set(duty.assignments.values_list("state", flat=True)) == {"unassigned"}


def test_a_duty_ends_with_its_deadline(county):
    duty = enter(lead=county.transport, deadline=dt.date(2026, 5, 31))

    materialise(12, 1)

    assert ends(duty) == ["03-27 交通局", "04-27 交通局", "05-27 交通局"]


def test_a_duty_is_closed_with_its_last_period_and_not_before(county):
    duty = enter(lead=county.transport, deadline=dt.date(2026, 4, 30))

    for row in duty.assignments.order_by("period"):
        assert duty.state == "open"
        workflow.receive(row, by=None, at=at(3, 5))
        workflow.submit(row, by=None, at=at(3, 26))
        workflow.accept(row, by=None, at=at(3, 28))
        duty.refresh_from_db()

    assert duty.state == "done"


def test_a_duty_without_an_end_stays_open_when_all_its_periods_are_done(county):
    duty = enter(lead=county.transport)
    for row in duty.assignments.all():
        workflow.receive(row, by=None, at=at(3, 5))
        workflow.submit(row, by=None, at=at(3, 26))
        workflow.accept(row, by=None, at=at(3, 28))

    duty.refresh_from_db()
    assert duty.state == "open"


def test_nothing_is_opened_while_suspended_and_nothing_is_made_up_for_afterwards(county):
    duty = enter(lead=county.transport)
    for row in duty.assignments.all():
        workflow.suspend(row, by=None, reason="汛期停工", at=at(3, 15))

    assert materialise(8, 1) == 0
    for row in duty.assignments.all():
        workflow.resume(row, by=None, at=at(8, 10))
    materialise(8, 10)

    assert ends(duty)[2:] == ["08-27 交通局", "09-27 交通局"]


def test_what_was_deleted_is_not_put_back(county):
    duty = enter(lead=county.transport)
    duty.assignments.filter(period=dt.date(2026, 4, 27)).update(deleted_at=timezone.now())

    materialise(4, 1)

    assert ends(duty) == ["03-27 交通局", "05-27 交通局"] or ends(duty) == ["03-27 交通局"]
    assert not duty.assignments.filter(period=dt.date(2026, 4, 27), deleted_at=None).exists()


def test_a_frequency_that_was_changed_owes_no_day_twice(county):
    duty = enter(lead=county.transport)
    Commitment.objects.filter(pk=duty.pk).update(rrule="FREQ=WEEKLY")

    materialise(4, 20)

    rows = list(duty.assignments.order_by("period"))
    assert (rows[2].begins_on, rows[2].period) == (dt.date(2026, 4, 28), dt.date(2026, 5, 3))


def test_a_broken_frequency_is_named_and_stops_no_other(county):
    broken, duty = enter(lead=county.transport), enter(lead=county.education)
    Commitment.objects.filter(pk=broken.pk).update(rrule="每月一次")

    result = duties.materialise_all(at=at(3, 20))

    assert result.broken == [broken.number]
    assert ends(duty)[-1] == "05-27 教育局"


def test_whoever_dies_half_way_leaves_whole_periods_and_the_next_run_goes_on(county, monkeypatch):
    duty = enter(lead=county.towns)
    charge, charged = workflow.charge, []

    def dying(*args, **kwargs):
        charged.append(1)
        if len(charged) == 4:
            raise SystemExit
        return charge(*args, **kwargs)

    monkeypatch.setattr(workflow, "charge", dying)
    with pytest.raises(SystemExit):
        materialise(6, 1)
    assert len(ends(duty)) == 6  # May is whole, June was not begun
    monkeypatch.undo()

    materialise(6, 1)
    assert len(ends(duty)) == 10
    assert len(set(ends(duty))) == 10


def test_a_unit_that_joins_later_owes_from_the_present_period_on(county):
    duty = enter(lead=county.transport)

    make.intake.assign(duty, support=[county.education], by=None, at=at(4, 10))

    assert ends(duty) == ["03-27 交通局", "04-27 交通局", "04-27 教育局", "05-27 交通局", "05-27 教育局"]


@pytest.mark.django_db(transaction=True)
@in_threads
def test_many_workers_at_once_open_each_period_once(county):
    duty = enter(lead=county.towns)
    workers, troubles = 4, []
    barrier = threading.Barrier(workers, timeout=60)

    def work():
        try:
            barrier.wait()
            materialise(12, 1)
        except Exception as error:
            troubles.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert troubles == []
    assert len(ends(duty)) == len(set(ends(duty))) == 2 * 11, connection.vendor


@pytest.mark.django_db(transaction=True)
@in_threads
def test_a_unit_charged_while_the_day_s_work_runs_misses_no_period(county):
    duty = enter(lead=county.transport)
    barrier = threading.Barrier(2, timeout=60)

    def work(step):
        barrier.wait()
        step()
        connections.close_all()

    steps = [
        lambda: materialise(3, 20),
        lambda: make.intake.assign(duty, support=[Unit.objects.get(pk=county.east.pk)], by=None, at=at(3, 20)),
    ]
    threads = [threading.Thread(target=work, args=[step]) for step in steps]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert {row.split()[1] for row in ends(duty) if row.startswith("05-27")} == {"交通局", "东塘镇"}
