"""The overdue list as of any day, and the units with their lights."""

import datetime as dt

import pytest
from django.urls import reverse

from tests import make
from tracker import workflow


@pytest.fixture
def look(client, county, time_machine):
    """Open a page by name as the coordinator, on 1 July 2026."""
    time_machine.move_to(dt.datetime(2026, 7, 1, 9, tzinfo=dt.UTC), tick=False)
    client.force_login(county.coordinator)
    return lambda name, *args, **query: client.get(reverse(name, args=args), query)


def rows(answer) -> list:
    return [row.record for row in answer.context["table"].paginated_rows]


def test_overdue_is_what_is_past_its_day_and_nothing_else(county, look):
    late = make.assignment(county.transport, deadline=dt.date(2026, 6, 30))
    make.assignment(county.transport, deadline=dt.date(2026, 7, 1))

    assert rows(look("overdue")) == [late]


def test_what_nobody_is_charged_with_is_overdue_too(county, look):
    item = make.commitment(deadline=dt.date(2026, 6, 30))

    assert [row.commitment for row in rows(look("overdue"))] == [item]


def test_another_day_shows_what_was_overdue_then(county, look):
    late = make.assignment(county.transport, deadline=dt.date(2026, 5, 31))

    assert rows(look("overdue", as_of="2026-05-31")) == []
    assert [row.days_late for row in rows(look("overdue", as_of="2026-06-10"))] == [10]
    assert rows(look("overdue", as_of="2026-06-10")) == [late]


def test_an_impossible_day_is_named_and_today_is_shown(county, look):
    late = make.assignment(county.transport, deadline=dt.date(2026, 6, 30))

    answer = look("overdue", as_of="2026-02-31")
    assert rows(answer) == [late]
    assert answer.context["form"].errors["as_of"]


def test_every_unit_is_counted_by_light(county, look):
    make.assignment(county.transport, deadline=dt.date(2026, 6, 30))
    make.assignment(county.transport, deadline=None)

    standings = {entry.unit: entry for entry in look("departments").context["standings"]}
    assert standings[county.transport].lights["red"] == 1
    assert standings[county.transport].lights["grey"] == 1
    assert county.towns not in standings


def test_a_withdrawn_assignment_is_not_counted(county, look):
    workflow.withdraw(make.assignment(county.transport), by=county.coordinator, reason="已并入其他事项")

    assert look("department", county.transport.pk).context["standing"].total == 0


def test_a_liaison_does_not_see_another_unit(client, county):
    client.force_login(county.other_liaison)

    assert client.get(reverse("department", args=[county.transport.pk])).status_code == 404
    assert client.get(reverse("department", args=[county.education.pk])).status_code == 200
