"""One item's page; entering an item by hand; correcting one."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from tests import make
from tracker import intake, ledger, workflow
from tracker.models import Commitment, Target

SPEECH = """同志们：
要抓紧施工。县交通局要确保云台山旅游公路5月1日前全面竣工。其他道路也要跟上。
教育工作另行部署。
"""


@pytest.fixture
def item(county) -> Commitment:
    speech = make.speech(SPEECH, dt.date(2026, 1, 8))
    return intake.confirm(speech.findings.get(last_day=dt.date(2026, 4, 30)), by=county.coordinator)


def form(item: Commitment | None = None, **changed) -> dict:
    """What a browser sends: the form's fields, and no targets unless ``changed`` brings some."""
    fields = {"title": "修通公路", "tier": "hard", "targets-TOTAL_FORMS": 0, "targets-INITIAL_FORMS": 0}
    if item:
        fields |= {"title": item.title, "version": item.version, "deadline": item.deadline or ""}
    return fields | changed


def test_the_page_shows_the_sentence_within_its_paragraph(client, county, item):
    client.force_login(county.coordinator)

    passage = client.get(reverse("commitment", args=[item.number])).context["passage"]
    assert passage.quote == item.quote
    assert passage.before + passage.quote + passage.after == SPEECH.splitlines()[1]


def test_a_paragraph_without_end_is_shown_around_the_sentence_only(county):
    speech = make.speech("好。" * 5_000 + "县交通局要确保公路5月1日前全面竣工。" + "好。" * 5_000, dt.date(2026, 1, 8))
    item = intake.confirm(speech.findings.first(), by=county.coordinator)

    passage = ledger.passage(item)
    assert passage.before.startswith("…")
    assert len(passage.before) + len(passage.after) < 1_000


def test_a_stranger_is_told_that_there_is_no_such_page(client, county, item):
    client.force_login(county.other_liaison)

    assert client.get(reverse("commitment", args=[item.number])).status_code == 404


def test_an_item_is_entered_by_hand_with_its_units_and_targets(client, county):
    client.force_login(county.coordinator)
    sent = form(
        lead=[county.transport.pk], support=[county.education.pk], deadline="2026-09-30",
        **{"targets-TOTAL_FORMS": 1, "targets-0-op": ">=", "targets-0-value": "87", "targets-0-unit": "公里"},
    )  # fmt: skip

    client.post(reverse("commitment_new"), sent)

    item = Commitment.objects.get()
    assert (item.title, item.deadline, item.entered_by) == ("修通公路", dt.date(2026, 9, 30), county.coordinator)
    assert {(row.unit, row.role) for row in item.assignments.all()} == {
        (county.transport, "lead"),
        (county.education, "support"),
    }
    assert (item.targets.get().value, item.targets.get().unit) == (87, "公里")


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": "  "},
        {"deadline": "2026-02-31"},
        {"begins_on": "2026-10-01", "deadline": "2026-09-30"},
        {"lead": ["999999"]},
        {"targets-TOTAL_FORMS": 1, "targets-0-op": "in", "targets-0-value": "5", "targets-0-high": "3"},
        {"targets-TOTAL_FORMS": 1, "targets-0-op": ">=", "targets-0-value": "viel"},
    ],
)
def test_what_makes_no_sense_is_not_entered(client, county, wrong):
    client.force_login(county.coordinator)

    answer = client.post(reverse("commitment_new"), form(**wrong))
    assert answer.status_code == 422
    assert not Commitment.objects.exists()


def test_only_a_coordinator_enters_and_corrects(client, county, item):
    client.force_login(county.leader)

    assert client.get(reverse("commitment_new")).status_code == 403
    assert client.post(reverse("commitment_edit", args=[item.number]), form(item)).status_code == 403


def test_a_correction_is_kept_in_the_history(client, county, item):
    client.force_login(county.coordinator)

    client.post(reverse("commitment_edit", args=[item.number]), form(item, title="云台山公路竣工通车"))

    item.refresh_from_db()
    assert item.title == "云台山公路竣工通车"
    assert item.history.latest().history_user == county.coordinator


def test_a_deadline_is_not_moved_before_the_speech(client, county, item):
    client.force_login(county.coordinator)

    answer = client.post(reverse("commitment_edit", args=[item.number]), form(item, deadline="2026-01-07"))

    assert "2026年1月8日" in str(answer.context["form"].errors["deadline"])
    item.refresh_from_db()
    assert item.deadline == item.assignments.get().deadline == dt.date(2026, 4, 30)


def test_what_the_speech_itself_dates_before_its_day_can_still_be_corrected_otherwise(client, county, item):
    Commitment.objects.filter(pk=item.pk).update(deadline=dt.date(2025, 12, 31))
    item.refresh_from_db()
    client.force_login(county.coordinator)

    client.post(reverse("commitment_edit", args=[item.number]), form(item, title="云台山公路竣工通车"))

    item.refresh_from_db()
    assert (item.title, item.deadline) == ("云台山公路竣工通车", dt.date(2025, 12, 31))


def test_a_corrected_deadline_moves_the_open_assignments_and_keeps_their_first(county, item):
    ledger.correct(item, by=county.coordinator, version=item.version, deadline=dt.date(2026, 6, 30))

    row = item.assignments.get()
    assert (row.deadline, row.original_deadline) == (dt.date(2026, 6, 30), dt.date(2026, 4, 30))


def test_a_unit_that_was_given_more_time_keeps_it(county, item):
    row = item.assignments.get()
    row.deadline = dt.date(2026, 8, 31)
    row.save()

    ledger.correct(item, by=county.coordinator, version=item.version, deadline=dt.date(2026, 6, 30))
    assert item.assignments.get().deadline == dt.date(2026, 8, 31)


def typed_again(answer) -> dict:
    """What a browser sends when the page that it got is sent as it stands."""
    page = answer.context
    fields = [*page["form"], *page["targets"].management_form, *(field for row in page["targets"] for field in row)]
    return {
        field.html_name: "" if field.value() is None else field.value()
        for field in fields
        if field.value() is not False
    }


def test_who_saves_second_sees_both_and_neither_is_lost(client, county, item):
    seen = form(item, title="后改的标题")
    client.force_login(county.coordinator)
    client.post(reverse("commitment_edit", args=[item.number]), form(item, title="先改的标题", heading="交通"))

    answer = client.post(reverse("commitment_edit", args=[item.number]), seen)
    item.refresh_from_db()
    assert (answer.status_code, item.title) == (409, "先改的标题")
    shown = answer.content.decode()
    assert "先改的标题" in shown
    assert "后改的标题" in shown
    assert answer.context["there"].by == county.coordinator

    client.post(reverse("commitment_edit", args=[item.number]), typed_again(answer))
    item.refresh_from_db()
    assert item.title == "后改的标题"


def test_numbers_that_two_people_change_at_once_are_all_kept(client, county, item):
    first, second = (
        Target.objects.create(commitment=item, value=value, unit="公里", position=value) for value in (5, 6)
    )
    item.refresh_from_db()
    rows = {
        "targets-TOTAL_FORMS": 3, "targets-INITIAL_FORMS": 2,
        "targets-0-id": first.pk, "targets-0-op": ">=", "targets-0-value": "50", "targets-0-unit": "公里",
        "targets-1-id": second.pk, "targets-1-op": ">=", "targets-1-value": "6", "targets-1-unit": "公里",
        "targets-2-op": ">=", "targets-2-value": "9", "targets-2-unit": "座",
    }  # fmt: skip
    seen = form(item, **rows)
    added = Target(value=7, unit="条")
    ledger.correct(item, by=None, version=item.version, targets=[first, added])
    client.force_login(county.coordinator)

    answer = client.post(reverse("commitment_edit", args=[item.number]), seen)
    assert answer.status_code == 409
    client.post(reverse("commitment_edit", args=[item.number]), typed_again(answer))

    kept = {(target.pk, target.value, target.unit) for target in item.targets.filter(pk__in=[first.pk, added.pk])}
    assert kept == {(first.pk, 50, "公里"), (added.pk, 7, "条")}
    assert set(item.targets.values_list("value", "unit")) == {(50, "公里"), (7, "条"), (6, "公里"), (9, "座")}


def test_a_target_left_out_of_a_correction_is_deleted(county, item):
    keep, drop = (Target.objects.create(commitment=item, value=value, unit="公里") for value in (5, 6))

    ledger.correct(item, by=county.coordinator, version=item.version, targets=[keep])
    assert list(item.targets.filter(pk__in=[keep.pk, drop.pk])) == [keep]


def test_nobody_corrects_what_they_may_not(county, item):
    with pytest.raises(PermissionDenied):
        ledger.correct(item, by=county.liaison, version=item.version, title="x")
    with pytest.raises(workflow.Stale):
        ledger.correct(item, by=county.coordinator, version=item.version - 1, title="x")
