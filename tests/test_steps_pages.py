"""The pages of the steps: each takes its step, says what is wrong at the field, and loses nothing that was typed."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests import make
from tracker import evidence, progress, workflow
from tracker.models import Assignment, Transition

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"
)


@pytest.fixture
def assignment(county) -> Assignment:
    return make.assignment(county.transport)


@pytest.fixture
def active(county, assignment) -> Assignment:
    return workflow.receive(assignment, by=county.liaison)


def take(client, user, assignment, action, **data):
    client.force_login(user)
    return client.post(reverse("step", args=[assignment.pk, action]), data)


def state(assignment) -> str:
    return Assignment.objects.get(pk=assignment.pk).state


def test_a_unit_signs_for_what_it_was_sent(client, county, assignment):
    take(client, county.liaison, assignment, "receive", person="王工")

    assignment.refresh_from_db()
    assert (assignment.state, assignment.person) == ("active", "王工")
    assert assignment.transitions.last().origin == "page"


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "2201-01-01", "2026-02-31"])
def test_a_last_day_with_a_mistyped_year_is_refused_at_its_field(client, county, active, day):
    answer = take(client, county.liaison, active, "ask_extension", new_deadline=day, reason="等待批复")

    assert "new_deadline" in answer.context["form"].errors
    assert not active.extensions.exists()


def test_a_report_without_a_percentage_keeps_what_was_reported_meanwhile(county, active):
    seen_before = Assignment.objects.get(pk=active.pk)
    progress.report(active, by=county.liaison, text="完成路基12公里", percent=50)
    progress.report(seen_before, by=county.liaison, text="另报材料进场情况")

    active.refresh_from_db()
    assert active.progress == 50


def test_no_file_is_kept_of_somebody_who_may_not_report(county, active, settings):
    photo = evidence.check("现场.png", PNG)
    with pytest.raises(PermissionDenied):
        progress.report(active, by=county.leader, text="代为报告", files=[photo])

    assert not list(settings.MEDIA_ROOT.rglob("*.png"))


def test_the_whole_way_from_receipt_to_closing_and_back(client, county, assignment):
    for user, action, data in [
        (county.liaison, "receive", {}),
        (county.liaison, "report", {"text": "完成路基12公里", "percent": "40"}),
        (county.liaison, "submit", {"note": "请核查"}),
        (county.coordinator, "send_back", {"reason": "缺竣工验收材料"}),
        (county.coordinator, "suspend", {"reason": "等待用地批复"}),
        (county.coordinator, "resume", {}),
        (county.liaison, "submit", {}),
        (county.coordinator, "accept", {}),
        (county.coordinator, "reopen", {"reason": "回头看发现路面开裂"}),
        (county.coordinator, "withdraw", {"reason": "并入另一事项"}),
    ]:
        response = take(client, user, assignment, action, **data)
        assert response.status_code == 302, (action, response.context["form"].errors)

    assert state(assignment) == "withdrawn"
    assert list(assignment.transitions.values_list("action", flat=True)) == [
        "assign", "receive", "report", "submit", "send_back", "suspend", "resume", "submit", "accept", "reopen",
        "withdraw",
    ]  # fmt: skip


@pytest.mark.parametrize("action", ["send_back", "suspend", "withdraw", "reopen"])
def test_a_step_that_needs_a_reason_says_so_at_the_field(client, county, assignment, action):
    before = state(assignment)
    response = take(client, county.coordinator, assignment, action, reason="  ")

    assert response.context["form"].errors["reason"]
    assert state(assignment) == before


def test_more_time_is_asked_for_and_granted_and_the_first_day_stays(client, county, active):
    take(client, county.liaison, active, "ask_extension", new_deadline="2026-09-30", reason="汛期停工")
    take(client, county.coordinator, active, "decide_extension", grant="1", reason="情况属实")

    active.refresh_from_db()
    assert (active.deadline, active.original_deadline) == (dt.date(2026, 9, 30), dt.date(2026, 6, 30))
    assert active.times_extended == 1


def test_an_extension_to_an_earlier_day_is_refused_at_the_field(client, county, active):
    response = take(client, county.liaison, active, "ask_extension", new_deadline="2026-06-01", reason="汛期停工")

    assert response.context["form"].errors["new_deadline"]
    assert not active.extensions.exists()


@pytest.mark.parametrize(
    ("field", "value"), [("percent", "150"), ("percent", "-1"), ("percent", "八成"), ("text", "   ")]
)
def test_a_report_with_an_impossible_value_says_so_at_the_field(client, county, active, field, value):
    response = take(client, county.liaison, active, "report", **{"text": "完成路基12公里", field: value})

    assert response.context["form"].errors[field]
    assert not active.updates.exists()


def test_a_negative_quantity_is_refused_at_the_field(client, county):
    row = make.assignment(county.transport, targets=({"text": "87公里", "op": ">=", "value": 87, "unit": "公里"},))
    workflow.receive(row, by=county.liaison)
    field = f"target_{row.commitment.targets.get().pk}"

    response = take(client, county.liaison, row, "report", text="完成路基", **{field: "-3"})
    assert response.context["form"].errors[field]

    take(client, county.liaison, row, "report", text="完成路基", **{field: "40"})
    row.refresh_from_db()
    assert row.progress == 45  # 40 of 87, not rounded up


def test_a_report_that_says_nothing_new_is_pointed_out_before_it_is_saved(client, county, active):
    response = take(client, county.liaison, active, "report", text="正在按计划有序推进。")
    assert response.context["form"].errors["text"]
    assert not active.updates.exists()

    take(client, county.liaison, active, "report", text="正在按计划有序推进。", anyway="on")
    assert active.updates.get().says_nothing_new


def test_a_copy_of_the_last_report_says_nothing_new(client, county, active):
    progress.report(active, by=county.liaison, text="完成桥梁桩基3根，浇筑承台1座")
    response = take(client, county.liaison, active, "report", text="完成桥梁桩基 3 根，浇筑承台 1 座。")

    assert response.context["form"].errors["text"]


def test_a_report_on_a_closed_item_changes_nothing_and_keeps_what_was_typed(client, county, active):
    workflow.submit(active, by=county.liaison)
    workflow.accept(active, by=county.coordinator)

    response = take(client, county.liaison, active, "report", text="又补了标线")
    assert "又补了标线" in response.content.decode()
    assert response.context["form"].non_field_errors()
    assert not active.updates.exists()


def test_a_form_saved_over_a_newer_version_shows_both_and_loses_neither(client, county, active):
    workflow.submit(active, by=county.liaison)
    seen = Assignment.objects.get(pk=active.pk).version
    workflow.send_back(active, by=county.coordinator, reason="附上验收单")
    workflow.submit(active, by=county.liaison, note="验收单已附")

    response = take(client, county.coordinator, active, "send_back", reason="照片不清楚", version=seen)
    page = response.content.decode()
    assert response.status_code == 409
    assert "照片不清楚" in page
    assert "验收单已附" in page
    assert Transition.objects.filter(assignment=active, action="send_back").count() == 1

    now = response.context["form"]["version"].value()
    assert take(client, county.coordinator, active, "send_back", reason="照片不清楚", version=now).status_code == 302


def test_a_step_is_only_offered_to_who_may_take_it(client, county, active):
    client.force_login(county.liaison)
    assert client.get(reverse("step", args=[active.pk, "accept"])).status_code == 403
    client.force_login(county.other_liaison)
    assert client.get(reverse("step", args=[active.pk, "report"])).status_code == 404
    client.force_login(county.observer)
    assert client.get(reverse("step", args=[active.pk, "suspend"])).status_code == 403


def test_a_photo_is_shown_and_a_document_only_downloaded(client, county, active):
    take(
        client, county.liaison, active, "report", text="路面已铺",
        files=[SimpleUploadedFile("现场.png", PNG), SimpleUploadedFile("合同.pdf", b"%PDF-1.4\n%%EOF")],
    )  # fmt: skip
    photo, paper = active.updates.get().evidence.all()

    answer = client.get(reverse("evidence", args=[photo.pk]))
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("image/png", "nosniff")
    assert "sandbox" in answer["Content-Security-Policy"]
    assert b"".join(answer.streaming_content) == PNG
    assert client.get(reverse("evidence", args=[paper.pk]))["Content-Disposition"].startswith("attachment")
    client.force_login(county.other_liaison)
    assert client.get(reverse("evidence", args=[photo.pk])).status_code == 404


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("现场.jpg", b"MZ\x90\x00\x03" + bytes(200)),
        ("现场.png", b"<svg onload=alert(1)></svg>"),
        ("说明.html", b"<html></html>"),
        ("工具.exe", b"MZ\x90\x00\x03" + bytes(200)),
        ("空.jpg", b""),
    ],
)
def test_a_file_that_is_not_what_it_says_is_refused_at_the_field(client, county, active, name, data):
    response = take(client, county.liaison, active, "report", text="路面已铺", files=[SimpleUploadedFile(name, data)])

    assert response.context["form"].errors["files"]
    assert not active.updates.exists()


def test_a_photo_that_is_too_large_is_refused_with_its_size_and_the_limit(client, county, active, settings):
    settings.EVIDENCE_LIMIT_MB = 1
    photo = SimpleUploadedFile("现场.png", PNG + bytes(2 * 1024 * 1024))

    response = take(client, county.liaison, active, "report", text="路面已铺", files=[photo])
    assert "2.0 MB" in str(response.context["form"].errors["files"])
    assert not active.updates.exists()
