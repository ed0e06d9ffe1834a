"""How far a role reaches: a coordinator of one branch, a liaison, and what of an item is others' business."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from speeches import upload
from tests.make import assignment, commitment, group, speech, unit, user
from tracker import intake, ledger, workflow
from tracker.models import Assignment, Unit, UnitAlias


@pytest.fixture
def of_town(county):
    """A coordinator of 东塘镇 alone."""
    return user("dongtang", coordinator=county.east)


@pytest.fixture
def shared_item(county):
    """One item that charges both towns."""
    return commitment("各乡镇年内完成危桥改造", lead=county.towns, deadline=dt.date(2026, 12, 31))


def signed_in(client, who):
    client.force_login(who)
    return client


def test_a_coordinator_of_one_town_cannot_correct_an_item_that_binds_another(of_town, shared_item):
    with pytest.raises(PermissionDenied):
        ledger.correct(shared_item, by=of_town, version=shared_item.version, deadline=dt.date(2027, 12, 31))


def test_a_coordinator_of_one_town_cannot_take_out_an_item_that_binds_another(of_town, shared_item):
    with pytest.raises(PermissionDenied):
        ledger.remove(shared_item, by=of_town, reason="不再需要", version=shared_item.version)


def test_a_coordinator_of_one_town_cannot_bring_back_an_item_that_binds_another(county, of_town, shared_item):
    ledger.remove(shared_item, by=county.coordinator, reason="重复", version=shared_item.version)
    shared_item.refresh_from_db()
    with pytest.raises(PermissionDenied):
        ledger.restore(shared_item, by=of_town)


def test_a_coordinator_who_only_looks_on_elsewhere_changes_nothing_there(county, of_town):
    user_with_both = user("jianguan", coordinator=county.east, observer=county.root)
    item = assignment(county.transport).commitment
    assert user_with_both.has_perm("tracker.view_commitment", item)
    assert not user_with_both.has_perm("tracker.change_commitment", item)
    assert not user_with_both.has_perm("tracker.assign_commitment", item)


def test_a_coordinator_of_one_town_charges_a_unit_of_that_town_with_a_shared_item(county, of_town, shared_item):
    village = unit("东塘村", county.east)
    assert of_town.has_perm("tracker.assign_commitment", shared_item)
    assert [row.unit for row in intake.assign(shared_item, support=[village], by=of_town)] == [village]


def test_a_decision_that_charged_others_is_not_taken_back_by_a_coordinator_of_one_town(county, of_town):
    finding = speech("请交通局今年6月底前完成县道改造62公里。").findings.first()
    entered = intake.confirm(finding, by=county.coordinator)
    with pytest.raises(workflow.Refused):
        intake.undo(entered.reviews.get(), by=of_town)
    entered.refresh_from_db()
    assert entered.deleted_at is None


@pytest.mark.parametrize("name", ["change", "delete"])
def test_the_county_office_may_still_do_so_with_items_of_all(county, shared_item, name):
    assert county.coordinator.has_perm(f"tracker.{name}_commitment", shared_item)


def test_a_name_for_a_foreign_unit_is_not_given_at_the_review_desk(county, of_town, client):
    said = speech("请交通局今年6月底前完成县道改造62公里。")
    signed_in(client, of_town).post(
        reverse("review_unit", args=[said.pk]), {"name": "东塘镇", "alias_of": "县交通运输局"}
    )
    client.post(reverse("review_unit", args=[said.pk]), {"name": "路桥办", "alias_of": "县交通运输局"})
    assert not UnitAlias.objects.filter(name="路桥办").exists()


def test_a_unit_made_at_the_review_desk_lies_below_its_maker(county, of_town, client):
    said = speech("请交通局今年6月底前完成县道改造62公里。")
    signed_in(client, of_town).post(
        reverse("review_unit", args=[said.pk]), {"name": "路桥办", "kind": "department", "typing": "lead"}
    )
    assert Unit.objects.get(name="路桥办").parent == county.east


def test_a_liaison_reads_no_titles_of_other_speeches_of_the_same_file(county, client):
    drafts = [
        upload.SpeechDraft(title=title, text=text, delivered_on=dt.date(2026, 3, 10))
        for title, text in [("公开的讲话", "请交通局今年6月底前完成县道改造62公里。"), ("内部的讲话", "会议要求保密。")]
    ]
    first, _second = upload.save(drafts, data=b"both", name="two.txt", format="txt", by=county.coordinator)
    intake.confirm(first.findings.first(), by=county.coordinator)
    page = signed_in(client, county.liaison).get(reverse("speech", args=[first.pk]))
    assert page.status_code == 200
    assert "内部的讲话" not in page.content.decode()


def test_search_names_only_the_units_whose_part_the_user_sees(county, client):
    commitment("完成学校门口道路改造", lead=county.transport)
    item = commitment("完成县道安全改造", lead=county.transport)
    intake.assign(item, support=[county.education], by=None)
    page = signed_in(client, county.other_liaison).get(reverse("search"), {"q": "县道"})
    units = [each.name for row in page.context["commitments"] for each in row["units"]]
    assert units == ["县教育局"]


def test_many_items_are_charged_all_or_none_and_a_unit_out_of_reach_is_told(county, of_town, client):
    items = [assignment(county.east).commitment, commitment("无人承办的事项")]
    village = unit("东塘村", county.east)
    page = signed_in(client, of_town).post(
        reverse("commitments_bulk"),
        {"action": "assign", "confirm": "1", "pick": [item.pk for item in items],
         "lead": [village.pk, county.transport.pk]},
    )  # fmt: skip
    assert page.status_code == 422
    assert "县交通运输局" in str(page.context["form"].non_field_errors())
    assert not Assignment.objects.filter(unit=village).exists()


@pytest.mark.parametrize("name", ["change_template", "change_scoring", "change_officesettings"])
def test_what_holds_for_the_whole_office_is_not_changed_from_one_town(county, name):
    of_town = user("dongtang", coordinator=county.east, administrator=county.east)
    assert not of_town.has_perm(f"tracker.{name}")
    assert county.administrator.has_perm(f"tracker.{name}") or county.coordinator.has_perm(f"tracker.{name}")


def test_nothing_is_handed_on_to_a_group(county):
    below = group("各科室", [])
    below.parent = county.transport
    below.save()
    owed = assignment(county.transport)
    workflow.receive(owed, by=county.liaison)
    with pytest.raises(workflow.Refused):
        workflow.hand_on(owed, [below], by=county.liaison)
    assert Assignment.objects.filter(unit=below).count() == 0
