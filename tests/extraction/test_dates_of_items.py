"""Which act a date bounds: it is the item's, unless it only describes the object."""

import datetime as dt

import pytest

from speeches.extraction import extract

SPOKEN = dt.date(2026, 3, 18)


@pytest.mark.parametrize(
    ("sentence", "last_day"),
    [
        ("国土局5月10日前把剩下的地征下来。", dt.date(2026, 5, 9)),
        ("县住建局要在6月底前将已经建成的厂房全部租出去。", dt.date(2026, 6, 30)),
        ("县水利局要在5月1日前对去年实施的工程复查一遍。", dt.date(2026, 4, 30)),
        ("县民政局要在6月底前向困难的老人发放补贴。", dt.date(2026, 6, 30)),
    ],
)
def test_a_date_bounds_the_act_although_the_object_has_a_de(sentence, last_day):
    [item] = extract(sentence, delivered_on=SPOKEN)
    assert item.deadline.last_day == last_day


def test_a_date_that_describes_the_object_bounds_nothing():
    [item] = extract("县住建局要把2025年底前建成的厂房全部租出去。", delivered_on=SPOKEN)
    assert item.deadline is None


def test_two_frequencies_that_say_each_what_is_done_are_two_items():
    found = extract("督查室要列出清单，一月一督查、一季一通报。", delivered_on=SPOKEN)
    rules = [item.recurrence.rrule for item in found if item.recurrence]
    assert rules == ["FREQ=MONTHLY", "FREQ=MONTHLY;INTERVAL=3"]


def test_who_is_charged_with_this_matter_is_read():
    [item] = extract("这项工作由县住建局牵头，国庆节前必须见分晓。", delivered_on=SPOKEN)
    assert item.responsible == ("县住建局",)
