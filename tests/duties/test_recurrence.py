"""The periods of a recurring duty."""

import datetime as dt
from itertools import pairwise
from types import SimpleNamespace

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from tracker.recurrence import MOST_PERIODS, more_to_come, parse, periods

RULES = [
    "FREQ=DAILY",
    "FREQ=DAILY;INTERVAL=3",
    "FREQ=WEEKLY",
    "FREQ=WEEKLY;INTERVAL=2",
    "FREQ=WEEKLY;BYDAY=TU",
    "FREQ=MONTHLY",
    "FREQ=MONTHLY;INTERVAL=2",
    "FREQ=MONTHLY;INTERVAL=3",
    "FREQ=MONTHLY;INTERVAL=5",
    "FREQ=MONTHLY;INTERVAL=6",
    "FREQ=MONTHLY;BYMONTHDAY=27",
    "FREQ=MONTHLY;BYMONTHDAY=30",
    "FREQ=MONTHLY;BYMONTHDAY=10,20,-1",
    "FREQ=MONTHLY;BYMONTHDAY=15,31",
    "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=14",
    "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
    "FREQ=YEARLY",
    "FREQ=YEARLY;BYMONTH=5",
    "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",
]
DAYS = st.dates(dt.date(2000, 1, 1), dt.date(2060, 12, 31))


def duty(rrule, begins_on, deadline=None):
    return SimpleNamespace(rrule=rrule, begins_on=begins_on, deadline=deadline)


def day(text):
    """ "3-31" is in 2026, "2028-2-29" in its own year."""
    parts = [int(part) for part in text.split("-")]
    return dt.date(*(parts if len(parts) == 3 else [2026, *parts]))


def written(found):
    return " ".join(f"{first.month}-{first.day}..{last.month}-{last.day}" for first, last in found)


@pytest.mark.parametrize(
    ("words", "rrule", "begins_on", "expected"),
    [
        ("每日", "FREQ=DAILY", "2-27", "2-27..2-27 2-28..2-28 3-1..3-1"),
        ("每周", "FREQ=WEEKLY", "3-10", "3-10..3-15 3-16..3-22 3-23..3-29"),
        ("每周二", "FREQ=WEEKLY;BYDAY=TU", "3-11", "3-11..3-17 3-18..3-24 3-25..3-31"),
        ("每两周", "FREQ=WEEKLY;INTERVAL=2", "3-10", "3-10..3-22 3-23..4-5 4-6..4-19"),
        ("每旬", "FREQ=MONTHLY;BYMONTHDAY=10,20,-1", "1-25", "1-25..1-31 2-1..2-10 2-11..2-20"),
        ("每旬，二月底", "FREQ=MONTHLY;BYMONTHDAY=10,20,-1", "2-15", "2-15..2-20 2-21..2-28 3-1..3-10"),
        ("每旬，闰年二月底", "FREQ=MONTHLY;BYMONTHDAY=10,20,-1", "2028-2-21", "2-21..2-29 3-1..3-10 3-11..3-20"),
        ("每月", "FREQ=MONTHLY", "1-31", "1-31..1-31 2-1..2-28 3-1..3-31"),
        ("每月，闰年", "FREQ=MONTHLY", "2028-1-15", "1-15..1-31 2-1..2-29 3-1..3-31"),
        ("每两个月", "FREQ=MONTHLY;INTERVAL=2", "3-10", "3-10..4-30 5-1..6-30 7-1..8-31"),
        ("每季度", "FREQ=MONTHLY;INTERVAL=3", "5-10", "5-10..6-30 7-1..9-30 10-1..12-31"),
        ("每半年", "FREQ=MONTHLY;INTERVAL=6", "5-10", "5-10..6-30 7-1..12-31 1-1..6-30"),
        ("每年", "FREQ=YEARLY", "5-10", "5-10..12-31 1-1..12-31 1-1..12-31"),
        ("每月28日前", "FREQ=MONTHLY;BYMONTHDAY=27", "1-28", "1-28..2-27 2-28..3-27 3-28..4-27"),
        ("每月28日前，当天讲话", "FREQ=MONTHLY;BYMONTHDAY=27", "1-27", "1-27..1-27 1-28..2-27 2-28..3-27"),
        ("每月30日前是二月底", "FREQ=MONTHLY;BYMONTHDAY=30", "1-31", "1-31..2-28 3-1..3-30 3-31..4-30"),
        ("每月15日和月底", "FREQ=MONTHLY;BYMONTHDAY=15,31", "2-1", "2-1..2-15 2-16..2-28 3-1..3-15"),
        ("每季度首月15日前", "FREQ=MONTHLY;INTERVAL=3;BYMONTHDAY=14", "3-10", "3-10..4-14 4-15..7-14 7-15..10-14"),
        ("每年5月", "FREQ=YEARLY;BYMONTH=5", "3-10", "3-10..5-31 6-1..5-31 6-1..5-31"),
        ("每年2月底前", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29", "1-5", "1-5..2-28 3-1..2-28 3-1..2-29"),
        ("月末工作日", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "1-2", "1-2..1-30 1-31..2-27 2-28..3-31"),
    ],
)
def test_periods_begin_and_end_on_the_days_that_an_office_means(words, rrule, begins_on, expected):
    begins = day(begins_on)
    assert written(periods(duty(rrule, begins), until=begins.replace(year=begins.year + 4))[:3]) == expected


@given(st.sampled_from(RULES), DAYS, st.integers(0, 1500))
def test_periods_cover_every_day_from_the_first_without_gap_or_overlap(rrule, begins_on, span):
    until = begins_on + dt.timedelta(days=span)
    found = periods(duty(rrule, begins_on), until=until)

    assert found[0][0] == begins_on
    assert all(first <= last for first, last in found)
    assert all(later[0] == earlier[1] + dt.timedelta(days=1) for earlier, later in pairwise(found))
    assert found[-1][0] <= until
    assert found[-1][1] >= until or len(found) == MOST_PERIODS


@given(st.sampled_from(RULES), DAYS, st.integers(0, 700), st.integers(0, 700))
def test_coming_back_after_a_gap_finds_the_same_periods(rrule, begins_on, gap, more):
    """However the days are cut into runs, the periods are those of one run."""
    item = duty(rrule, begins_on)
    between = begins_on + dt.timedelta(days=gap)
    until = between + dt.timedelta(days=more)
    whole = periods(item, until=until)
    part = periods(item, until=between)
    rest = periods(item, until=until, since=part[-1][1] + dt.timedelta(days=1))

    assert (part + rest)[:MOST_PERIODS] == whole


@given(st.sampled_from(RULES), DAYS, st.integers(0, 800))
def test_a_deadline_ends_the_duty_and_nothing_is_owed_after_it(rrule, begins_on, span):
    deadline = begins_on + dt.timedelta(days=span)
    found = periods(duty(rrule, begins_on, deadline), until=dt.date(2070, 1, 1))

    assert found[0][0] == begins_on
    assert all(last <= deadline for _first, last in found)
    if not parse(rrule).days and len(found) < MOST_PERIODS:
        assert found[-1][1] == deadline


def test_a_daily_duty_goes_on_after_years():
    item = duty("FREQ=DAILY", dt.date(2020, 1, 1))
    found = periods(item, until=dt.date(2026, 3, 3), since=dt.date(2026, 3, 1))

    assert written(found) == "3-1..3-1 3-2..3-2 3-3..3-3"


def test_a_day_of_the_rule_behind_the_deadline_is_not_owed():
    item = duty("FREQ=MONTHLY;BYMONTHDAY=27", day("10-5"), deadline=day("12-31"))

    assert written(periods(item, until=day("2027-6-1"))) == "10-5..10-27 10-28..11-27 11-28..12-27"


def test_a_duty_that_ends_before_its_first_day_is_owed_once():
    item = duty("FREQ=MONTHLY;BYMONTHDAY=27", day("10-5"), deadline=day("10-20"))

    assert written(periods(item, until=day("2027-6-1"))) == "10-5..10-20"


@pytest.mark.parametrize(
    ("rrule", "expected"),
    [
        ("FREQ=MONTHLY;COUNT=2", "1-15..1-31 2-1..2-28"),
        ("FREQ=MONTHLY;BYMONTHDAY=27;COUNT=2", "1-15..1-27 1-28..2-27"),
        ("FREQ=MONTHLY;UNTIL=20260315", "1-15..1-31 2-1..2-28 3-1..3-15"),
        ("FREQ=MONTHLY;UNTIL=20260315T160000Z", "1-15..1-31 2-1..2-28 3-1..3-15"),
        ("FREQ=MONTHLY;BYMONTHDAY=27;UNTIL=20260315", "1-15..1-27 1-28..2-27"),
        ("RRULE:FREQ=MONTHLY;COUNT=1", "1-15..1-31"),
        ("freq=monthly;count=1;wkst=mo", "1-15..1-31"),
    ],
)
def test_count_and_until_end_the_duty(rrule, expected):
    assert written(periods(duty(rrule, day("1-15")), until=day("12-31"))) == expected


def test_more_is_to_come_until_the_duty_ends():
    item = duty("FREQ=MONTHLY;COUNT=2", day("1-15"))

    assert more_to_come(item, after=day("1-31"))
    assert not more_to_come(item, after=day("2-28"))
    assert not more_to_come(duty("", day("1-15")), after=day("1-31"))


def test_a_one_off_has_no_periods():
    assert periods(duty("", day("1-15")), until=day("12-31")) == []


@pytest.mark.parametrize(
    "rrule",
    [
        "每月",
        "FREQ",
        "FREQ=HOURLY",
        "INTERVAL=2",
        "FREQ=MONTHLY;INTERVAL=0",
        "FREQ=MONTHLY;INTERVAL=99999",
        "FREQ=MONTHLY;INTERVAL=x",
        "FREQ=MONTHLY;COUNT=0",
        "FREQ=MONTHLY;UNTIL=soon",
        "FREQ=MONTHLY;UNTIL=20261332",
        "FREQ=MONTHLY;BYMONTHDAY=40",
        "FREQ=MONTHLY;BYMONTHDAY=0",
        "FREQ=MONTHLY;BYMONTHDAY=二十七",
        "FREQ=YEARLY;BYMONTH=13",
        "FREQ=MONTHLY;BYDAY=6MO",
        "FREQ=MONTHLY;NONSENSE=1",
    ],
)
def test_a_rule_that_cannot_be_followed_is_refused_with_a_sentence(rrule):
    with pytest.raises(ValidationError, match="FREQ="):
        parse(rrule)
