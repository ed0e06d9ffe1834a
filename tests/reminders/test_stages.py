"""Which day an assignment is reminded on, at which level."""

import datetime as dt

import pytest

from tracker.models import OfficeSettings
from tracker.reminders.stages import last_day_before_next_run, quiet, reached, stages

DEADLINE = dt.date(2026, 4, 30)


def level_on(today, *, sent_on=dt.date(2026, 3, 1), begins_on=dt.date(2026, 3, 1), until=None, **policy):
    found = stages(DEADLINE, begins_on=begins_on, sent_on=sent_on, policy=OfficeSettings(**policy))
    newest = reached(found, today=today, until=until or today)
    return " ".join(f"{stage.level}:{stage.day:%m-%d}" for stage in newest)


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        ((3, 30), ""),
        ((3, 31), "before:03-31"),
        ((4, 22), "before:03-31"),
        ((4, 23), "before:04-23"),
        ((4, 27), "before:04-27"),
        ((4, 29), "before:04-29"),
        ((4, 30), "on_day:04-30"),
        ((5, 1), "liaison:05-01"),
        ((5, 2), "liaison:05-01"),
        ((5, 3), "liaison:05-03"),
        ((5, 7), "liaison:05-03 head:05-07"),
        ((5, 15), "liaison:05-03 head:05-07 leader:05-15"),
        ((12, 31), "liaison:05-03 head:05-07 leader:05-15"),
    ],
)
def test_each_audience_hears_of_its_newest_stage(today, expected):
    assert level_on(dt.date(2026, *today)) == expected


def test_nobody_is_reminded_beforehand_of_what_was_sent_out_later():
    assert level_on(dt.date(2026, 4, 25), sent_on=dt.date(2026, 4, 24)) == ""
    assert level_on(dt.date(2026, 4, 27), sent_on=dt.date(2026, 4, 24)) == "before:04-27"


def test_a_period_that_has_not_begun_is_not_reminded_of():
    assert level_on(dt.date(2026, 4, 1), begins_on=dt.date(2026, 4, 1)) == ""


def test_what_was_sent_out_after_its_last_day_escalates_from_that_day():
    sent_on = dt.date(2026, 9, 1)
    assert level_on(sent_on, sent_on=sent_on) == ""
    assert level_on(dt.date(2026, 9, 2), sent_on=sent_on) == "liaison:09-02"
    assert level_on(dt.date(2026, 9, 16), sent_on=sent_on) == "liaison:09-04 head:09-08 leader:09-16"


def test_the_days_are_the_office_s_to_set():
    days = {"before": [10], "on_day": False, "liaison": [], "head": [2], "leader": []}

    assert level_on(dt.date(2026, 4, 20), **days) == "before:04-20"
    assert level_on(dt.date(2026, 4, 30), **days) == "before:04-20"
    assert level_on(dt.date(2026, 5, 2), **days) == "before:04-20 head:05-02"


def test_before_the_holidays_the_office_says_what_falls_due_in_them():
    """国庆节 2026: 1 to 7 October; 8 October is a working day."""
    policy = OfficeSettings()
    thursday = dt.date(2026, 9, 30)

    assert not quiet(thursday, policy)
    assert quiet(dt.date(2026, 10, 3), policy)
    assert last_day_before_next_run(thursday, policy) == dt.date(2026, 10, 7)


def test_a_weekend_that_is_worked_in_exchange_is_no_holiday():
    assert not quiet(dt.date(2026, 10, 10), OfficeSettings())  # a Saturday, worked for 国庆节


def test_ahead_of_the_holidays_only_what_comes_is_said_and_nobody_is_called_late():
    assert level_on(dt.date(2026, 4, 29), until=dt.date(2026, 5, 3)) == "on_day:04-30"


def test_beyond_the_announced_years_saturdays_and_sundays_are_days_off():
    policy = OfficeSettings()

    assert quiet(dt.date(2035, 10, 6), policy)  # a Saturday
    assert not quiet(dt.date(2035, 10, 1), policy)  # a Monday; nobody has announced 国庆节 2035 yet


def test_an_office_may_work_every_day():
    assert not quiet(dt.date(2026, 10, 3), OfficeSettings(quiet_on_holidays=False))
