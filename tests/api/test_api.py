"""The API does what the pages do, with the same rights, and says plainly why not."""

import base64
import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from tests import make
from tracker import workflow
from tracker.models import ApiToken, Assignment, Commitment


def test_without_a_token_nothing_is_answered(client, county):
    answer = client.get("/api/commitments")

    assert answer.status_code == 401
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["detail"]


@pytest.mark.parametrize("change", [{"expires_on": dt.date(2020, 1, 1)}, {"user__is_active": False}])
def test_a_token_that_expired_or_whose_owner_left_is_refused(client, county, change):
    _token, secret = ApiToken.make(user=county.liaison, name="gone")
    if "expires_on" in change:
        ApiToken.objects.update(**change)
    else:
        type(county.liaison).objects.filter(pk=county.liaison.pk).update(is_active=False)

    assert client.get("/api/me", headers={"Authorization": f"Bearer {secret}"}).status_code == 401


def test_a_token_that_may_only_look_changes_nothing(call, county):
    row = make.assignment(county.transport)

    status, body = call("POST", f"/assignments/{row.pk}/steps/receive", county.liaison, {}, scope="read")
    assert (status, body["title"]) == (403, "Forbidden")
    row.refresh_from_db()
    assert row.state == Assignment.State.SENT


def test_the_caller_learns_their_roles(call, county):
    status, body = call("GET", "/me", county.liaison)

    assert (status, body["name"], body["roles"]) == (200, "联络员丙", {"liaison": [county.transport.pk]})


def test_a_liaison_lists_only_what_the_own_unit_owes(call, county):
    mine = make.assignment(county.transport)
    make.assignment(county.education)

    _status, body = call("GET", "/assignments", county.liaison)
    assert [row["id"] for row in body["results"]] == [mine.pk]


def test_a_foreign_assignment_is_not_there(call, county):
    row = make.assignment(county.education)

    assert call("GET", f"/assignments/{row.pk}", county.liaison)[0] == 404
    assert call("POST", f"/assignments/{row.pk}/steps/receive", county.liaison, {})[0] == 404


def test_an_assignment_is_followed_to_its_end(call, county):
    row = make.assignment(county.transport)
    target = row.commitment.targets.create(text="87公里", value=87, unit="公里")
    path = f"/assignments/{row.pk}"

    assert call("POST", f"{path}/steps/receive", county.liaison, {})[1]["state"] == "active"
    report = {"text": "已完成40公里路基", "quantities": {str(target.pk): "40"}}
    assert call("POST", f"{path}/updates", county.liaison, report)[1]["progress"] == 45
    assert call("POST", f"{path}/steps/submit", county.liaison, {})[1]["state"] == "submitted"
    assert call("POST", f"{path}/steps/send_back", county.coordinator, {"note": "缺验收材料"})[1]["times_returned"] == 1
    assert call("POST", f"{path}/steps/submit", county.liaison, {})[0] == 200
    assert call("POST", f"{path}/steps/accept", county.coordinator, {})[1]["state"] == "done"


def test_every_change_remembers_that_it_came_through_the_api(call, county):
    row = make.assignment(county.transport)
    call("POST", f"/assignments/{row.pk}/steps/receive", county.liaison, {})

    assert row.transitions.last().origin == "api"
    assert (row.history.first().history_user, row.history.first().history_origin) == (county.liaison, "api")


def test_the_liaison_cannot_accept_the_own_work(call, county):
    row = make.assignment(county.transport)

    assert call("POST", f"/assignments/{row.pk}/steps/accept", county.liaison, {})[0] == 403


def test_a_step_over_a_newer_version_is_told_so(call, county):
    row = make.assignment(county.transport)
    seen = row.version
    call("POST", f"/assignments/{row.pk}/steps/receive", county.liaison, {})

    status, body = call("POST", f"/assignments/{row.pk}/updates", county.liaison, {"text": "已开工", "version": seen})
    assert (status, body["title"]) == (409, "Conflict")


def test_a_step_without_its_reason_is_refused_in_the_language_asked_for(call, county):
    row = make.assignment(county.transport)
    headers = {"Accept-Language": "en"}

    status, body = call("POST", f"/assignments/{row.pk}/steps/withdraw", county.coordinator, {"note": " "}, **headers)
    assert (status, body["detail"]) == (422, "Say why it is withdrawn.")


def test_more_time_is_asked_for_and_granted(call, county):
    row = make.assignment(county.transport, deadline=dt.date(2026, 6, 30))
    body = {"new_deadline": "2026-07-31", "reason": "汛期停工"}
    _status, asked = call("POST", f"/assignments/{row.pk}/extensions", county.liaison, body)

    path = f"/assignments/{row.pk}/extensions/{asked['id']}/decide"
    assert call("POST", path, county.coordinator, {"grant": True, "reason": "情况属实"})[1]["state"] == "granted"
    row.refresh_from_db()
    assert (row.deadline, row.original_deadline) == (dt.date(2026, 7, 31), dt.date(2026, 6, 30))


def test_an_item_is_entered_and_charged(call, county):
    body = {"title": "建成县医院新院区", "deadline": "2026-12-31", "lead": [county.towns.pk]}
    status, made = call("POST", "/commitments", county.coordinator, body)

    assert status == 201
    assert {row["unit_name"] for row in made["assignments"]} == {"东塘镇", "西岭乡"}


def test_only_the_office_enters_items(call, county):
    assert call("POST", "/commitments", county.liaison, {"title": "x"})[0] == 403
    assert not Commitment.objects.exists()


def test_a_speech_is_added_read_and_reviewed(call, county):
    text = "县交通局要抓紧施工，确保云台山旅游公路5月1日前全面竣工。"
    body = {"title": "在交通会上的讲话", "text": text, "delivered_on": "2026-01-08"}
    _status, speech = call("POST", "/speeches", county.coordinator, body)
    _status, found = call("GET", f"/speeches/{speech['id']}/findings", county.coordinator)
    finding = found["results"][0]

    assert text[finding["start"] : finding["end"]] == finding["quote"]
    assert call("POST", f"/findings/{finding['id']}/confirm", county.coordinator)[1]["deadline"] == "2026-04-30"
    assert call("POST", f"/findings/{finding['id']}/dismiss", county.coordinator, {})[0] == 409


def test_the_same_speech_twice_names_the_one_that_is_there(call, county):
    body = {"title": "讲话", "text": "各乡镇要在6月底前完成整改。", "delivered_on": "2026-01-08"}
    _status, first = call("POST", "/speeches", county.coordinator, body)

    status, again = call("POST", "/speeches", county.coordinator, body)
    assert (status, again["speeches"]) == (409, [first["id"]])


def test_a_speech_of_tomorrow_is_refused_at_its_field(call, county):
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    body = {"title": "讲话", "text": "各乡镇要整改。", "delivered_on": tomorrow.isoformat()}

    status, answer = call("POST", "/speeches", county.coordinator, body)
    assert (status, answer["errors"][0]["field"]) == (422, "delivered_on")


def test_pages_follow_by_cursor(call, county):
    for number in range(5):
        make.assignment(county.transport, title=f"改造桥梁{number}号")

    _status, first = call("GET", "/assignments?page_size=3", county.liaison)
    cursor = first["next"].split("cursor=")[1].split("&")[0]
    _status, second = call("GET", f"/assignments?page_size=3&cursor={cursor}", county.liaison)
    ids = [row["id"] for row in first["results"] + second["results"]]
    assert len(ids) == len(set(ids)) == 5
    assert second["next"] is None


def test_the_overdue_list_as_of_a_day(call, county):
    make.assignment(county.transport, deadline=dt.date(2026, 6, 30))

    def overdue(day: str) -> int:
        return len(call("GET", f"/assignments?overdue=true&as_of={day}", county.leader)[1]["results"])

    assert (overdue("2026-06-30"), overdue("2026-07-01")) == (0, 1)


def test_the_departments_are_counted_by_light(call, county):
    make.assignment(county.transport, deadline=dt.date(2026, 6, 30))

    _status, rows = call("GET", "/reports/departments?as_of=2026-07-01", county.leader)
    assert rows == [{"unit": county.transport.pk, "unit_name": "县交通运输局", "lights": {"red": 1}}]


def test_a_leader_writes_an_instruction(call, county):
    item = make.commitment(lead=county.transport)

    path = f"/commitments/{item.number}/instructions"
    assert call("POST", path, county.leader, {"text": "请交通局每周报一次进展。"})[0] == 201
    assert call("POST", path, county.coordinator, {"text": "同意"})[0] == 403


def test_an_item_is_corrected_only_over_the_version_that_was_seen(call, county):
    item = make.commitment("完成县道改造", lead=county.transport)
    path, body = f"/commitments/{item.number}", {"version": item.version, "title": "完成县道大修"}

    assert call("PATCH", path, county.coordinator, body)[1]["title"] == "完成县道大修"
    assert call("PATCH", path, county.coordinator, body)[0] == 409


def test_an_item_is_taken_out_and_brought_back(call, county):
    item = make.commitment(lead=county.transport)
    path, body = f"/commitments/{item.number}", {"version": item.version, "reason": "重复立项"}

    assert call("DELETE", path, county.coordinator, body)[0] == 204
    assert call("GET", path, county.coordinator)[0] == 404
    assert call("POST", f"{path}/restore", county.liaison)[0] == 403
    assert call("POST", f"{path}/restore", county.coordinator)[0] == 200


def test_units_that_owe_something_are_reminded(call, county):
    row = make.assignment(county.transport)

    status, body = call("POST", "/assignments/remind", county.coordinator, {"assignments": [row.pk]})
    assert (status, body["reminders"]) == (200, 1)
    assert call("GET", "/inbox", county.liaison)[1]["results"][0]["assignment"] == row.pk
    assert call("POST", "/assignments/remind", county.liaison, {"assignments": [row.pk]})[0] == 403


def send_files(client, path: str, user, data: dict):
    _token, secret = ApiToken.make(user=user, name=f"files {ApiToken.objects.count()}", scope="write")
    return client.post(f"/api{path}", data, headers={"Authorization": f"Bearer {secret}"})


def test_a_report_comes_with_evidence(client, call, county):
    row = make.assignment(county.transport)
    call("POST", f"/assignments/{row.pk}/steps/receive", county.liaison, {})
    pixel = base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    )

    photo = SimpleUploadedFile("路基.png", pixel)
    assert (
        send_files(
            client, f"/assignments/{row.pk}/evidence", county.liaison, {"text": "路基完工", "files": photo}
        ).status_code
        == 201
    )
    program = SimpleUploadedFile("路基.jpg", b"MZ\x90\x00 a program")
    assert (
        send_files(
            client, f"/assignments/{row.pk}/evidence", county.liaison, {"text": "照片", "files": program}
        ).status_code
        == 422
    )
    assert row.updates.get().evidence.get().name == "路基.png"


def test_a_file_of_speeches_is_taken(client, county):
    file = SimpleUploadedFile("讲话.txt", "县交通局要在6月底前建成云台山旅游公路。".encode("gb18030"))
    answer = send_files(client, "/speeches/file", county.coordinator, {"file": file, "delivered_on": "2026-01-08"})

    assert (answer.status_code, answer.json()[0]["delivered_on"]) == (201, "2026-01-08")


def test_a_file_that_cannot_be_read_says_what_to_do(client, county):
    answer = send_files(
        client, "/speeches/file", county.coordinator, {"file": SimpleUploadedFile("讲话.txt", b"\x89PNG\r\n\x1a\n")}
    )

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "file"


def test_a_list_takes_few_queries_whatever_its_length(call, county, django_assert_max_num_queries):
    for number in range(20):
        make.assignment(county.transport, title=f"改造桥梁{number}号")

    with django_assert_max_num_queries(12):
        call("GET", "/assignments", county.leader)


def test_the_documentation_comes_from_this_host_for_whoever_is_signed_in(client, county):
    path = reverse("api:openapi-view")
    assert client.get(path).status_code == 302
    client.force_login(county.liaison)
    page = client.get(path).content.decode()

    assert "/static/ninja/swagger-ui-bundle.js" in page
    assert "https://" not in page


def test_the_schema_is_openapi_3_1(client, county):
    client.force_login(county.liaison)

    assert client.get("/api/openapi.json").json()["openapi"].startswith("3.1")


def test_a_token_is_made_on_its_page_and_shown_once(client, county):
    client.force_login(county.liaison)
    client.post(reverse("tokens"), {"name": "报表程序", "scope": "read", "expires_on": ""})

    assert "luoshi_" in client.get(reverse("tokens")).content.decode()
    assert "luoshi_" not in client.get(reverse("tokens")).content.decode().replace("luoshi_theme", "")


def test_nobody_revokes_the_token_of_another(client, county):
    token, _secret = ApiToken.make(user=county.leader, name="手机")
    client.force_login(county.liaison)
    client.post(reverse("token_revoke", args=[token.pk]))

    assert ApiToken.objects.filter(pk=token.pk).exists()


def test_an_item_that_would_begin_after_its_last_day_is_refused_at_its_field(call, county):
    body = {"title": "建成县医院新院区", "begins_on": "2026-12-31", "deadline": "2026-06-30"}
    status, problem = call("POST", "/commitments", county.coordinator, body)

    assert (status, [error["field"] for error in problem["errors"]]) == (422, ["begins_on"])
    assert not Commitment.objects.exists()


def test_an_item_that_is_sent_twice_is_entered_once_and_the_first_is_named(call, county):
    body = {"title": "建成县医院新院区", "deadline": "2026-12-31", "lead": [county.transport.pk]}
    _status, first = call("POST", "/commitments", county.coordinator, body)
    status, problem = call("POST", "/commitments", county.coordinator, body)

    assert status == 409
    assert first["number"] in problem["detail"]
    assert Commitment.objects.get().number == first["number"]


@pytest.mark.parametrize("other", [{"title": "建成县中医院"}, {"deadline": None}, {"lead": []}])
def test_items_that_differ_in_anything_are_both_entered(call, county, other):
    body = {"title": "建成县医院新院区", "deadline": "2026-12-31", "lead": [county.transport.pk]}
    call("POST", "/commitments", county.coordinator, body)

    assert call("POST", "/commitments", county.coordinator, body | other)[0] == 201


def test_a_value_that_the_ledger_refuses_is_told_at_its_field_and_changes_nothing(call, county):
    item = make.commitment(lead=county.transport, deadline=dt.date(2026, 6, 30))
    row = workflow.receive(item.assignments.get(), by=county.liaison)
    version = Commitment.objects.get(pk=item.pk).version
    wrong = {
        ("PATCH", f"/commitments/{item.number}", county.coordinator, "deadline"): {
            "version": version, "deadline": "2026-03-09"
        },
        ("POST", f"/assignments/{row.pk}/extensions", county.liaison, "new_deadline"): {
            "new_deadline": "2026-06-30", "reason": "汛期停工"
        },
    }  # fmt: skip
    for (method, path, who, field), body in wrong.items():
        status, problem = call(method, path, who, body)
        assert (status, [error["field"] for error in problem["errors"]]) == (422, [field]), path

    item.refresh_from_db()
    assert (item.version, item.deadline) == (version, dt.date(2026, 6, 30))
    assert not row.extensions.exists()


@pytest.mark.parametrize("wrong", [{"percent": 150}, {"percent": -1}, {"quantities": {"TARGET": -3}}])
def test_a_report_with_an_impossible_number_changes_nothing(call, county, wrong):
    targets = ({"text": "62公里", "op": ">=", "value": 62, "unit": "公里"},)
    row = workflow.receive(make.assignment(county.transport, targets=targets), by=county.liaison)
    if "quantities" in wrong:
        wrong = {"quantities": {str(row.commitment.targets.get().pk): -3}}

    status, problem = call("POST", f"/assignments/{row.pk}/updates", county.liaison, {"text": "路基完成"} | wrong)

    assert status == 422
    assert problem["detail"]
    assert not row.updates.exists()
