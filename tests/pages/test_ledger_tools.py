"""What the office keeps of the ledger, and does to many of its items at once."""

import datetime as dt
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from tests import make
from tracker.models import Assignment, Reminder, SavedView


@pytest.fixture
def office(client, county):
    """Post to an address of the ledger as the coordinator, and follow to the page that comes of it."""
    client.force_login(county.coordinator)
    return lambda name, /, *args, **data: client.post(reverse(name, args=args), data, follow=True)


@pytest.fixture
def items(county):
    """Two items of transport and one of education, all overdue."""
    day = dt.date(2026, 6, 1)
    return [make.commitment(lead=unit, deadline=day) for unit in (county.transport, county.transport, county.education)]


def heads(answer) -> list[str]:
    return [column.name for column in answer.context["table"].columns]


def said(answer) -> list[str]:
    return [str(message) for message in answer.context["messages"]]


# Columns


def test_the_columns_that_were_chosen_are_shown_and_remembered(client, office):
    assert heads(office("commitments_columns", columns=["number", "title", "heading"])) == [
        "pick", "number", "title", "heading",
    ]  # fmt: skip
    assert heads(client.get(reverse("commitments"))) == ["pick", "number", "title", "heading"]


def test_one_persons_columns_are_not_anothers(client, county, office):
    office("commitments_columns", columns=["number"])
    client.force_login(county.leader)

    assert "title" in heads(client.get(reverse("commitments")))


@pytest.mark.parametrize("columns", [[], ["no_such_column"]])
def test_no_column_or_an_unknown_one_changes_nothing(client, office, columns):
    assert said(office("commitments_columns", columns=columns)) == ["请至少选择一列。"]
    assert "title" in heads(client.get(reverse("commitments")))


# Saved views


def test_a_saved_view_shows_its_filter_at_an_address_of_its_own(client, county, office, items):
    office("commitments_view_save", name="教育局事项", query=f"unit={county.education.pk}")
    view = SavedView.objects.get()

    shown = client.get(reverse("commitments_view", args=[view.pk]))
    assert [row.record for row in shown.context["table"].paginated_rows] == [items[2]]


def test_a_view_saved_again_under_its_name_is_replaced(office):
    office("commitments_view_save", name="逾期", query="light=red")
    office("commitments_view_save", name="逾期", query="light=red&sort=deadline")

    assert SavedView.objects.get().query == "light=red&sort=deadline"


@pytest.mark.parametrize(("shared", "status"), [("on", 200), ("", 404)])
def test_others_open_a_view_only_where_it_is_shared(client, county, office, shared, status):
    office("commitments_view_save", name="逾期", query="light=red", is_shared=shared)
    client.force_login(county.leader)

    assert client.get(reverse("commitments_view", args=[SavedView.objects.get().pk])).status_code == status


def test_nobody_deletes_the_view_of_another(client, county, office):
    office("commitments_view_save", name="逾期", query="light=red", is_shared="on")
    client.force_login(county.leader)

    assert client.post(reverse("commitments_view_delete", args=[SavedView.objects.get().pk])).status_code == 404
    assert SavedView.objects.exists()


# Many at once


def test_the_units_of_the_picked_items_are_reminded(office, items):
    office("commitments_bulk", action="remind", pick=[item.pk for item in items[:2]])

    assert set(Reminder.objects.values_list("commitment", flat=True)) == {item.pk for item in items[:2]}


def test_the_picked_items_go_out_as_a_ledger(client, county, items):
    client.force_login(county.coordinator)
    answer = client.post(reverse("commitments_bulk"), {"action": "export", "pick": [items[0].pk, items[2].pk]})
    cells = {cell.value for row in load_workbook(BytesIO(b"".join(answer))).active.iter_rows() for cell in row}

    assert {items[0].number, items[2].number} <= cells
    assert items[1].number not in cells


def test_further_units_are_charged_with_the_picked_items_once_they_are_named(county, office, items):
    picked = {"action": "assign", "pick": [item.pk for item in items[:2]]}
    asked = office("commitments_bulk", **picked)
    assert asked.context["items"] == items[:2]

    office("commitments_bulk", **picked, confirm="1", lead=[], support=[county.education.pk])
    assert Assignment.objects.filter(unit=county.education, role="support").count() == 2


def test_the_picked_items_are_withdrawn_for_a_reason(office, items):
    picked = {"action": "withdraw", "pick": [items[0].pk], "confirm": "1"}
    assert office("commitments_bulk", **picked, reason="").context["form"].errors["reason"]

    office("commitments_bulk", **picked, reason="已并入其他事项")
    items[0].refresh_from_db()
    assert items[0].state == "withdrawn"


def test_ten_thousand_items_at_once_are_refused_with_the_most_that_can_be_picked(office, items):
    answer = office("commitments_bulk", action="withdraw", pick=list(range(1, 10_001)), confirm="1", reason="误操作")

    assert said(answer) == ["一次最多处理 500 项，请先缩小范围。"]
    assert not Assignment.objects.filter(state="withdrawn").exists()


@pytest.mark.parametrize("picked", [[], ["zwei", "-1", "9" * 30]])
def test_nothing_that_can_be_picked_is_told(office, picked):
    assert said(office("commitments_bulk", action="remind", pick=picked)) == ["请先选择至少一项。"]


def test_a_liaison_reminds_nobody(client, county, items):
    client.force_login(county.liaison)

    answer = client.post(reverse("commitments_bulk"), {"action": "remind", "pick": [items[0].pk]})
    assert answer.status_code == 403
