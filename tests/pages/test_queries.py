"""No page asks more of the database than twelve questions, however long its lists are."""

import datetime as dt

import pytest
from django.core.cache import cache
from django.urls import reverse

from tests import make
from tracker import load
from tracker.models import UnitFigures

MOST = 12


@pytest.fixture
def page(client, county, django_assert_max_num_queries):
    """Open a page as somebody, within the limit."""
    make.commitment(lead=county.towns, deadline=dt.date(2026, 6, 30))

    def open_page(user, address: str) -> None:
        client.force_login(user)
        client.get(address)
        cache.clear()
        UnitFigures.objects.all().delete()
        with django_assert_max_num_queries(MOST):
            assert client.get(address).status_code == 200

    return open_page


@pytest.mark.parametrize("size", [3, 600])
@pytest.mark.parametrize(
    ("role", "name"),
    [
        ("coordinator", "home"),
        ("leader", "home"),
        ("liaison", "home"),
        ("administrator", "home"),
        ("coordinator", "commitments"),
        ("coordinator", "overdue"),
        ("coordinator", "departments"),
        ("coordinator", "home_lights"),
    ],
)
def test_a_list_costs_no_more_when_it_is_longer(county, page, role, name, size):
    list(load.make(size))

    page(getattr(county, role), reverse(name))


@pytest.mark.parametrize("size", [3, 600])
def test_a_unit_costs_no_more_when_it_owes_more(county, page, size):
    list(load.make(size))

    page(county.coordinator, reverse("department", args=[county.transport.pk]) + "?below=1")


@pytest.mark.parametrize("group", ["unit", "speech", "level"])
def test_grouping_what_is_overdue_costs_no_more(county, page, group):
    list(load.make(600))

    page(county.coordinator, reverse("overdue") + f"?group={group}&unit={county.transport.pk}&sort=level")


@pytest.mark.parametrize("members", [2, 40])
def test_an_item_costs_no_more_when_more_units_owe_it(county, page, members):
    for n in range(members):
        unit = make.unit(f"第{n}镇", county.root, kind="township")
        county.towns.members.add(unit)
    item = make.commitment(lead=county.towns, deadline=dt.date(2026, 6, 30), targets=({"value": 20, "unit": "公里"},))

    page(county.coordinator, reverse("commitment", args=[item.number]))


def test_invented_ledgers_are_as_long_as_was_asked(db):
    from tracker.models import Assignment

    assert list(load.make(50)) == [50]
    assert Assignment.objects.count() == 50
