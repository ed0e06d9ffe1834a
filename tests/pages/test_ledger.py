"""The ledger in the browser: what a row says, and what it can be narrowed down and sorted by."""

import datetime as dt

import pytest
from django.urls import reverse

from tests import make
from tracker import workflow


def numbers(answer) -> list[str]:
    return [row.record.number for row in answer.context["table"].paginated_rows]


@pytest.fixture
def ledger(client, county, time_machine):
    """The ledger's address, opened as the coordinator on 1 July 2026."""
    time_machine.move_to(dt.datetime(2026, 7, 1, 9, tzinfo=dt.UTC), tick=False)
    client.force_login(county.coordinator)
    return lambda **query: client.get(reverse("commitments"), query)


def test_a_row_says_who_leads_by_when_and_how_it_stands(county, ledger):
    item = make.commitment("修通云台山旅游公路", lead=county.transport, deadline=dt.date(2026, 4, 30))

    page = ledger().content.decode()
    for words in [item.number, "修通云台山旅游公路", "交通局", "2026年4月30日 周四", "light-red"]:
        assert words in page


def test_the_light_of_an_item_is_the_worst_of_its_assignments(county, ledger):
    item = make.commitment(lead=county.towns, deadline=dt.date(2026, 6, 30))
    workflow.suspend(item.assignments.get(unit=county.east), by=county.coordinator, reason="等待上级批复")

    assert ledger().context["table"].standings[item.pk].light == "red"


def test_it_can_be_narrowed_down_by_light(county, ledger):
    late = make.commitment(lead=county.transport, deadline=dt.date(2026, 6, 1))
    make.commitment(lead=county.transport, deadline=dt.date(2027, 6, 1))

    assert numbers(ledger(light="red")) == [late.number]


def test_an_item_with_a_worse_light_is_not_shown_under_a_better_one(county, ledger):
    item = make.commitment(lead=county.towns, deadline=None)
    late = item.assignments.get(unit=county.east)
    late.deadline = dt.date(2026, 6, 1)
    late.save()

    assert numbers(ledger(light="grey")) == []
    assert numbers(ledger(light="red")) == [item.number]


def test_a_unit_stands_for_everything_below_it(county, ledger):
    below = make.unit("公路管理站", county.transport)
    item = make.commitment(lead=below)
    make.commitment(lead=county.education)

    assert numbers(ledger(unit=county.transport.pk)) == [item.number]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"text": "云台山"}, True),
        ({"text": "不在其中"}, False),
        ({"heading": "交通"}, True),
        ({"person": "李四"}, True),
        ({"person": "王五"}, False),
        ({"due_from": "2026-06-30", "due_to": "2026-06-30"}, True),
        ({"due_from": "2026-07-01"}, False),
        ({"tier": "hard"}, True),
        ({"tier": "named"}, False),
        ({"state": "open"}, True),
        ({"state": "done"}, False),
    ],
)
def test_every_filter_keeps_what_fits_and_drops_what_does_not(county, ledger, query, found):
    item = make.commitment(
        "修通云台山旅游公路", lead=county.transport, deadline=dt.date(2026, 6, 30), heading="二、交通", people=("李四",)
    )

    assert numbers(ledger(**query)) == ([item.number] if found else [])


def test_it_is_sorted_by_its_last_day_and_an_open_end_is_the_latest_of_all(county, ledger):
    days = [dt.date(2026, 9, 1), None, dt.date(2026, 8, 1)]
    items = [make.commitment(lead=county.transport, deadline=day).number for day in days]

    assert numbers(ledger(sort="deadline")) == [items[2], items[0], items[1]]
    assert numbers(ledger(sort="-deadline")) == [items[1], items[0], items[2]]


@pytest.mark.parametrize(
    "query",
    [
        {"sort": "no_such_column"},
        {"page": "99999999999999999999"},
        {"page": "-1"},
        {"page": "zwei"},
        {"per_page": "1000000"},
        {"light": "purple"},
        {"unit": "999999"},
        {"speech": "99999999999999999999999"},
        {"speech": "²"},
        {"due_from": "2026-02-31"},
        {"tier": "x" * 5000},
        {"text": "\x00"},
    ],
)
def test_a_hand_made_address_gives_the_nearest_sensible_page(county, ledger, query):
    item = make.commitment(lead=county.transport)

    answer = ledger(**query)
    assert answer.status_code == 200
    assert numbers(answer) == [item.number]


def test_an_impossible_date_is_named_beside_its_field(county, ledger):
    page = ledger(due_from="2026-02-31")
    assert page.context["filter"].form.errors["due_from"]


def test_a_liaison_sees_only_items_of_their_own_unit(client, county):
    mine = make.commitment(lead=county.transport)
    make.commitment(lead=county.education)
    client.force_login(county.liaison)

    assert numbers(client.get(reverse("commitments"))) == [mine.number]


def test_an_empty_ledger_says_so(ledger):
    assert "no-rows" in ledger().content.decode()
