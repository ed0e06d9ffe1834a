"""``manage.py overdue`` lists for people and for programs."""

import csv
import datetime as dt
import io
import json

import pytest
from django.core.management import CommandError, call_command

from tests import make


def overdue(*args: str) -> str:
    out = io.StringIO()
    call_command("overdue", *args, stdout=out)
    return out.getvalue()


@pytest.fixture
def late(county):
    make.assignment(county.transport, title="建成云台山旅游公路", deadline=dt.date(2026, 4, 30))
    make.assignment(county.east, title="完成厕所改造", deadline=dt.date(2026, 5, 20))


def test_json_has_the_longest_overdue_first(late):
    rows = json.loads(overdue("--as-of", "2026-06-01", "--format", "json"))

    assert [(row["unit"], row["days_late"]) for row in rows] == [("县交通运输局", 32), ("东塘镇", 12)]


def test_the_last_day_itself_is_not_overdue(late):
    assert json.loads(overdue("--as-of", "2026-04-30", "--format", "json")) == []


def test_a_unit_is_found_by_its_alias(late):
    rows = json.loads(overdue("--as-of", "2026-06-01", "--unit", "交通部门", "--format", "json"))

    assert [row["item"] for row in rows] == ["建成云台山旅游公路"]


def test_csv_has_one_line_for_each(late):
    rows = list(csv.DictReader(io.StringIO(overdue("--as-of", "2026-06-01", "--format", "csv"))))

    assert [row["last_day"] for row in rows] == ["2026-04-30", "2026-05-20"]


def test_the_table_can_be_read_without_a_terminal(late):
    text = overdue("--as-of", "2026-06-01")

    assert "建成云台山旅游公路" in text
    assert "\x1b[" not in text


def test_nothing_overdue_is_said_in_words(county):
    assert "2026-06-01" in overdue("--as-of", "2026-06-01")


@pytest.mark.parametrize(("option", "value"), [("--as-of", "2026-02-31"), ("--unit", "县水利局")])
def test_what_is_not_understood_is_named(county, option, value):
    with pytest.raises(CommandError, match=value):
        overdue(option, value)
