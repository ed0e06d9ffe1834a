"""Charging units, instructions, taking out and bringing back, the export, and who stands in for whom."""

import datetime as dt
import json

import pytest
from django.urls import reverse
from django.utils import timezone

from tests import make
from tracker import intake, ledger, units, workflow
from tracker.models import Assignment, Commitment, Delegation, Reminder

DAY = dt.timedelta(days=1)


@pytest.fixture
def item(county) -> Commitment:
    return make.commitment(deadline=dt.date(2026, 12, 31), begins_on=dt.date(2026, 3, 10))


def post(client, user, name, /, *args, **data):
    client.force_login(user)
    return client.post(reverse(name, args=args), data)


def charged(item) -> dict[str, str]:
    return dict(item.assignments.exclude(unit=None).values_list("unit__name", "role"))


def test_a_lead_and_a_supporting_unit_each_with_a_day_of_its_own(client, county, item):
    lead, support = county.transport.pk, county.education.pk
    response = post(
        client, county.coordinator, "assign", item.number,
        **{
            f"part_{lead}": "lead", f"person_{lead}": "王工",
            f"part_{support}": "support", f"deadline_{support}": "2026-09-30",
            "leader": county.leader.pk,
        },
    )  # fmt: skip

    assert response.status_code == 302
    assert charged(item) == {"县交通运输局": "lead", "县教育局": "support"}
    days = dict(item.assignments.values_list("unit__name", "deadline"))
    assert days == {"县交通运输局": dt.date(2026, 12, 31), "县教育局": dt.date(2026, 9, 30)}
    item.refresh_from_db()
    assert item.leader == county.leader


def test_a_group_is_offered_again_with_the_members_that_joined_it_since(client, county, item):
    post(client, county.coordinator, "assign", item.number, **{f"part_{county.towns.pk}": "lead"})
    assert set(charged(item)) == {"东塘镇", "西岭乡"}
    north = make.unit("北山镇", county.root, kind="township")
    units.set_members(county.towns, [county.east, county.west, north])

    post(client, county.coordinator, "assign", item.number, **{f"part_{county.towns.pk}": "lead"})
    assert set(charged(item)) == {"东塘镇", "西岭乡", "北山镇"}
    assert item.assignments.get(unit=north).via == county.towns


def test_a_day_before_the_speech_is_refused_at_the_field_and_nothing_is_sent(client, county, item):
    unit = county.transport.pk
    response = post(
        client, county.coordinator, "assign", item.number,
        **{f"part_{unit}": "lead", f"deadline_{unit}": "2026-03-01", f"part_{county.education.pk}": "support"},
    )  # fmt: skip

    assert response.context["form"].errors[f"deadline_{unit}"]
    assert charged(item) == {}


def test_nobody_chosen_is_said_so(client, county, item):
    assert post(client, county.coordinator, "assign", item.number).context["form"].non_field_errors()


def test_a_unit_outside_of_the_office_cannot_be_charged_by_a_forged_id(client, county):
    office = make.user("jiaotong-duban", "督办员", coordinator=county.transport)
    item = make.commitment(lead=county.transport)

    response = post(client, office, "assign", item.number, **{f"part_{county.education.pk}": "lead"})
    assert response.status_code == 200
    assert charged(item) == {"县交通运输局": "lead"}


def test_work_is_handed_on_down_the_tree_and_closed_from_below(client, county):
    station = make.unit("公路养护中心", county.transport)
    liaison = make.user("yanghu", "联络员壬", liaison=station)
    above = make.assignment(county.transport, deadline=dt.date(2026, 12, 31))
    workflow.receive(above, by=county.liaison)
    post(
        client, county.liaison, "step", above.pk, "hand_on", units=[station.pk], deadline="2026-11-30", note="负责清淤"
    )
    below = Assignment.objects.get(unit=station)
    assert below.handed_from == above

    response = post(client, county.liaison, "step", above.pk, "submit")
    assert "公路养护中心" in str(response.context["form"].non_field_errors())

    post(client, liaison, "step", below.pk, "receive")
    post(client, liaison, "step", below.pk, "submit")
    assert post(client, liaison, "step", below.pk, "accept").status_code == 403
    post(client, county.liaison, "step", below.pk, "accept")
    assert post(client, county.liaison, "step", above.pk, "submit").status_code == 302


def test_it_is_not_handed_on_sideways(client, county):
    row = make.assignment(county.transport)
    workflow.receive(row, by=county.liaison)

    response = post(client, county.liaison, "step", row.pk, "hand_on", units=[county.education.pk])
    assert response.context["form"].errors["units"]
    with pytest.raises(workflow.Refused, match="县教育局"):
        workflow.hand_on(row, [county.education], by=county.liaison)


def test_what_is_suspended_and_withdrawn_above_is_so_below(county):
    station = make.unit("公路养护中心", county.transport)
    above = make.assignment(county.transport, deadline=None)
    workflow.receive(above, by=None)
    (below,) = workflow.hand_on(above, [station], by=None)

    def below_is() -> str:
        return Assignment.objects.get(pk=below.pk).state

    workflow.suspend(above, by=None, reason="停工")
    assert below_is() == "suspended"
    workflow.resume(above, by=None)
    assert below_is() == "sent"
    workflow.withdraw(above, by=None, reason="并入")
    assert below_is() == "withdrawn"


def test_under_a_suspended_assignment_nothing_starts_again(county):
    above = make.assignment(county.transport, deadline=None)
    workflow.receive(above, by=None)
    closed, withdrawn = workflow.hand_on(
        above, [make.unit(name, county.transport) for name in ("公路养护中心", "运输服务中心")], by=None
    )
    for step in (workflow.receive, workflow.submit, workflow.accept):
        step(closed, by=None)
    workflow.withdraw(withdrawn, by=None, reason="并入")
    workflow.suspend(above, by=None, reason="停工")

    for step, below in ((workflow.reopen, closed), (workflow.send_again, withdrawn)):
        with pytest.raises(workflow.Refused, match="已中止"):
            step(below, by=None, reason="重新办理")


def test_a_withdrawn_assignment_can_be_sent_again_with_its_first_day(client, county):
    row = make.assignment(county.transport)
    workflow.withdraw(row, by=None, reason="误派")

    post(client, county.coordinator, "step", row.pk, "send_again", reason="恢复交办")
    row.refresh_from_db()
    assert (row.state, row.original_deadline) == ("sent", dt.date(2026, 6, 30))


def test_the_terms_are_changed_with_a_reason_and_the_first_day_stays(client, county):
    row = make.assignment(county.transport)
    data = {"deadline": "2026-08-31", "role": "support", "person": "李工", "reason": "县长办公会议定"}

    bad = post(client, county.coordinator, "step", row.pk, "amend", **data | {"deadline": "2026-01-01"})
    assert bad.context["form"].errors["deadline"]
    post(client, county.coordinator, "step", row.pk, "amend", **data)
    row.refresh_from_db()
    assert (row.deadline, row.original_deadline) == (dt.date(2026, 8, 31), dt.date(2026, 6, 30))
    assert row.role == "support"


def test_milestones_are_set_and_reached_and_say_where_they_are_wrong(client, county):
    row = make.assignment(county.transport)
    workflow.receive(row, by=county.liaison)
    plan = {"title_0": "完成招标", "due_0": "2026-04-15", "title_1": "路基成型", "due_1": "2026-05-20"}

    missing = post(client, county.liaison, "step", row.pk, "plan", title_0="完成招标")
    assert missing.context["form"].errors["due_0"]
    outside = post(client, county.liaison, "step", row.pk, "plan", **plan | {"due_1": "2027-01-01"})
    assert outside.context["form"].errors["due_1"]
    gap = {"title_0": "完成招标", "due_0": "2026-04-15", "title_3": "完成招标", "due_3": "2026-05-20"}
    twice = post(client, county.liaison, "step", row.pk, "plan", **gap)
    assert twice.context["form"].errors["title_3"], "told in the row in which it stands, past the empty ones"
    early = post(client, county.liaison, "step", row.pk, "plan", **plan | {"done_on_1": "2026-01-01"})
    assert early.context["form"].errors["done_on_1"]
    assert not row.milestones.exists()

    post(client, county.liaison, "step", row.pk, "plan", **plan)
    post(client, county.liaison, "step", row.pk, "plan", **plan | {"done_on_0": "2026-04-10"})
    row.refresh_from_db()
    assert row.next_milestone == dt.date(2026, 5, 20)
    assert row.milestones.first().history.count() == 2


def test_a_leaders_instruction_stands_on_the_item_and_reaches_its_liaisons(client, county):
    item = make.commitment(lead=county.transport)
    post(client, county.leader, "instruct", item.number, text="请一周内拿出整改方案。")

    assert item.instructions.get().by == county.leader
    told = Reminder.objects.filter(commitment=item, level=Reminder.Level.NOTICE)
    assert [reminder.recipient for reminder in told] == [county.liaison]
    assert "一周内拿出整改方案" in told.get().text
    assert post(client, county.coordinator, "instruct", item.number, text="x").status_code == 403


def test_an_item_that_is_taken_out_can_be_brought_back_and_both_are_on_record(client, county):
    item = make.commitment(lead=county.transport)
    post(client, county.coordinator, "remove", item.number, version=item.version, reason="重复立项")
    assert client.get(reverse("commitment", args=[item.number])).status_code == 404
    assert "重复立项" in client.get(reverse("removed")).content.decode()

    post(client, county.coordinator, "restore", item.number)
    assert client.get(reverse("commitment", args=[item.number])).status_code == 200
    told = [event.what for event in client.get(reverse("history", args=[item.number])).context["timeline"]]
    assert told[:2] == ["恢复", "删除"]


def test_what_was_taken_out_is_paged_in_the_database_and_shows_each_what_they_may_bring_back(
    client, county, django_assert_max_num_queries
):
    now = timezone.now()
    elsewhere = make.user("jiaoyuju", coordinator=county.education)
    for number in range(60):
        item = make.commitment(f"第{number}件", lead=county.transport if number else county.education)
        ledger.remove(item, by=county.coordinator, reason="重复立项", version=item.version)
        Commitment.objects.filter(pk=item.pk).update(deleted_at=now - DAY)
        item.assignments.update(deleted_at=now - DAY)
    client.force_login(county.coordinator)
    with django_assert_max_num_queries(12):
        page = client.get(reverse("removed") + "?page=2").context["page"]
    assert [row.title for row in page] == [f"第{number}件" for number in reversed(range(10))]

    client.force_login(elsewhere)
    assert [row.title for row in client.get(reverse("removed")).context["page"]] == ["第0件"]


def test_an_item_that_changed_meanwhile_is_not_taken_out(client, county):
    item = make.commitment(lead=county.transport)
    Commitment.objects.filter(pk=item.pk).update(version=item.version + 1)

    response = post(client, county.coordinator, "remove", item.number, version=item.version, reason="重复立项")
    assert "重复立项" in response.content.decode()
    assert Commitment.objects.get(pk=item.pk).deleted_at is None


def test_the_history_is_exported_with_who_when_from_to_and_through_which_door(client, county):
    item = make.commitment(lead=county.transport)
    post(client, county.liaison, "step", item.assignments.get().pk, "receive")

    rows = json.loads(b"".join(client.get(reverse("history_file", args=[item.number, "json"])).streaming_content))
    last = rows[-1]
    assert (last["by"], last["from"], last["to"]) == ("联络员丙", "待签收", "办理中")
    sheet = b"".join(client.get(reverse("history_file", args=[item.number, "csv"])).streaming_content)
    assert "联络员丙" in sheet.decode("utf-8-sig")


def test_a_substitute_acts_for_whoever_is_away_on_these_days_only(client, county):
    today = timezone.localdate()
    row = make.assignment(county.transport)
    substitute = make.user("daiban", "代办员")
    data = {"absent": county.liaison.pk, "substitute": substitute.pk}
    post(client, county.liaison, "delegations", **data, starts_on=today + DAY, ends_on=today + 3 * DAY)
    assert post(client, substitute, "step", row.pk, "receive").status_code == 404

    Delegation.objects.update(starts_on=today)
    assert post(client, substitute, "step", row.pk, "receive").status_code == 302
    post(client, county.liaison, "delegation_end", Delegation.objects.get().pk)
    client.force_login(substitute)
    assert client.get(reverse("step", args=[row.pk, "report"])).status_code == 404


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"ends": -1}, "ends_on"),
        ({"substitute": "self"}, "substitute"),
        ({"absent": "other"}, "absent"),
    ],
)
def test_an_impossible_absence_is_refused_at_the_field(client, county, change, field):
    today = timezone.localdate()
    data = {
        "absent": county.other_liaison.pk if "absent" in change else county.liaison.pk,
        "substitute": county.liaison.pk if "substitute" in change else county.observer.pk,
        "starts_on": today,
        "ends_on": today + change.get("ends", 3) * DAY,
    }
    response = post(client, county.liaison, "delegations", **data)
    assert response.context["form"].errors[field]
    assert not Delegation.objects.exists()


@pytest.fixture
def taken_back(county):
    """A finding that was confirmed, and the item that went out of the ledger when that was taken back."""
    finding = make.speech("县交通局要在6月30日前改造农村公路62公里。").findings.get()
    item = intake.confirm(finding, by=county.coordinator)
    intake.undo(finding.reviews.get(), by=county.coordinator)
    return finding, item


def test_what_is_brought_back_is_confirmed_again_and_cannot_be_confirmed_twice(client, county, taken_back):
    finding, item = taken_back
    post(client, county.coordinator, "restore", item.number)

    with pytest.raises(workflow.Stale):
        intake.confirm(finding, by=county.coordinator)


def test_what_was_confirmed_anew_is_not_brought_back_beside_it(client, county, taken_back):
    finding, item = taken_back
    intake.confirm(finding, by=county.coordinator)
    page = post(client, county.coordinator, "restore", item.number)

    assert page.status_code == 302
    item.refresh_from_db()
    assert item.deleted_at
