"""What the office narrows down, reckons, issues and hands in, through the API."""

import datetime as dt
from io import BytesIO

import pytest
from docx import Document
from openpyxl import load_workbook

from tests import make
from tracker.models import ApiToken, Assignment, Bulletin, SupervisionNotice

LATE = dt.date(2026, 6, 30)


@pytest.fixture(autouse=True)
def _in_july(time_machine, county):
    time_machine.move_to(dt.datetime(2026, 7, 2, 9, tzinfo=dt.timezone(dt.timedelta(hours=8))))
    make.unit("县政府督查室", county.root, kind="office")


@pytest.fixture
def fetch(client):
    """A file of the API as a user; returns the answer."""

    def fetch(path, user):
        _token, secret = ApiToken.make(user=user, name=f"file {ApiToken.objects.count()}")
        return client.get(f"/api{path}", headers={"Authorization": f"Bearer {secret}"})

    return fetch


def opened(answer) -> BytesIO:
    return BytesIO(b"".join(answer.streaming_content))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("light=red", ["改造县道"]),
        ("light=green", ["建成学校"]),
        ("text=学校", ["建成学校"]),
        ("text=没有这样的话", []),
        ("tier=named", []),
        ("heading=交通", []),
        ("", ["建成学校", "改造县道"]),
    ],
)
def test_the_ledger_is_narrowed_down_as_on_its_page(call, county, query, found):
    make.commitment("改造县道", lead=county.transport, deadline=LATE, begins_on=dt.date(2026, 3, 1))
    make.commitment("建成学校", lead=county.education, deadline=dt.date(2027, 6, 30), begins_on=dt.date(2026, 7, 1))

    _status, page = call("GET", f"/commitments?{query}", county.coordinator)
    assert [row["title"] for row in page["results"]] == found


def test_a_search_finds_items_and_speeches_by_words_and_by_units(call, county):
    make.commitment("改造县道", lead=county.transport)
    make.speech("县教育局要在6月底前建成学校2所。")

    _status, found = call("GET", "/search?q=交通局", county.coordinator)
    assert [row["title"] for row in found["commitments"]] == ["改造县道"]
    _status, found = call("GET", "/search?q=学校", county.coordinator)
    assert (found["commitment_count"], found["speech_count"]) == (0, 1)


def test_what_happened_to_an_item_is_told_the_newest_first(call, county):
    row = make.assignment(county.transport, deadline=LATE)
    call("POST", f"/assignments/{row.pk}/steps/receive", county.liaison, {})

    status, events = call("GET", f"/commitments/{row.commitment.number}/history", county.coordinator)
    assert status == 200
    assert events[0]["by"] == "联络员丙"
    assert call("GET", f"/commitments/{row.commitment.number}/history", county.other_liaison)[0] == 404


def test_the_office_changes_terms_and_a_unit_plans_backwards(call, county):
    row = make.assignment(county.transport, deadline=dt.date(2026, 9, 30), begins_on=dt.date(2026, 3, 1))
    terms = {"deadline": "2026-10-31", "role": "lead", "person": "王明", "reason": "汛期停工一个月。"}
    status, shown = call("POST", f"/assignments/{row.pk}/amend", county.coordinator, terms)
    assert (status, shown["deadline"], shown["original_deadline"]) == (200, "2026-10-31", "2026-09-30")
    assert call("POST", f"/assignments/{row.pk}/amend", county.liaison, terms)[0] == 403

    call("POST", f"/assignments/{row.pk}/steps/receive", county.liaison, {})
    steps = {"milestones": [{"title": "完成招标", "due": "2026-07-31"}, {"title": "路面贯通", "due": "2026-10-15"}]}
    assert call("PUT", f"/assignments/{row.pk}/milestones", county.coordinator, steps)[0] == 200
    _status, kept = call("GET", f"/assignments/{row.pk}/milestones", county.liaison)
    assert [step["title"] for step in kept] == ["完成招标", "路面贯通"]
    beyond = {"milestones": [{"title": "太迟", "due": "2027-01-31"}]}
    assert call("PUT", f"/assignments/{row.pk}/milestones", county.coordinator, beyond)[0] == 422


def test_scores_are_reckoned_and_traced_to_their_items(call, county):
    row = make.assignment(county.transport, deadline=LATE, begins_on=dt.date(2026, 3, 1))

    _status, units = call("GET", "/reports/scores?start=2026-01-01&end=2026-07-01", county.coordinator)
    _status, items = call(
        "GET", f"/reports/scores/{county.transport.pk}?start=2026-01-01&end=2026-07-01", county.leader
    )
    assert [unit["unit"] for unit in units] == [county.transport.pk]
    assert [item["commitment_number"] for item in items] == [row.commitment.number]
    assert units[0]["total"] == pytest.approx(100 + items[0]["total"])
    assert call("GET", "/reports/scores?start=2026-07-01&end=2026-01-01", county.coordinator)[0] == 422
    assert call("GET", "/reports/scores", county.liaison)[0] == 403


def test_a_bulletin_is_issued_listed_and_fetched(call, fetch, county):
    make.assignment(county.transport, deadline=LATE, begins_on=dt.date(2026, 3, 1))
    body = {"title": "关于上半年的通报", "start": "2026-01-01", "end": "2026-06-30", "comment": "抓紧办理。"}
    assert call("POST", "/reports/bulletins", county.leader, body)[0] == 403
    status, made = call("POST", "/reports/bulletins", county.coordinator, body)
    assert (status, made["serial"]) == (201, 1)
    assert call("POST", "/reports/bulletins", county.coordinator, body)[0] == 422  # issued today already
    assert call("POST", "/reports/bulletins", county.coordinator, body | {"end": "2026-12-31"})[0] == 422

    _status, page = call("GET", "/reports/bulletins", county.observer)
    assert [row["id"] for row in page["results"]] == [Bulletin.objects.get().pk]
    answer = fetch(f"/reports/bulletins/{made['id']}/file", county.observer)
    assert "关于上半年的通报" in "".join(line.text for line in Document(opened(answer)).paragraphs)


def test_notices_are_issued_for_what_may_be_seen_and_has_a_light(call, fetch, county):
    late = make.assignment(county.transport, deadline=LATE, begins_on=dt.date(2026, 3, 1))
    body = {"assignments": [late.pk]}
    status, made = call("POST", "/reports/notices", county.coordinator, body)
    assert (status, [row["colour"] for row in made]) == (201, ["red"])
    assert made[0]["answer_by"] == "2026-07-07"  # three working days
    assert call("POST", "/reports/notices", county.coordinator, body)[1] == made  # the same paper again
    assert call("POST", "/reports/notices", county.coordinator, {"assignments": [late.pk + 99]})[0] == 422
    assert call("POST", "/reports/notices", county.liaison, body)[0] == 403

    assert fetch(f"/reports/notices/{made[0]['id']}/file", county.leader).getvalue().startswith(b"PK")
    assert SupervisionNotice.objects.count() == 1


def test_the_papers_come_as_files(fetch, county):
    speech = make.speech("县交通局要在6月底前改造县道62公里。")
    make.commitment("改造县道", lead=county.transport, deadline=LATE, speech=speech)

    ledger = fetch(f"/reports/ledger?unit={county.root.pk}", county.leader)
    assert load_workbook(opened(ledger)).active["D4"].value == "改造县道"
    for path in (f"/reports/breakdown/{speech.pk}", f"/reports/pledge/{county.transport.pk}/2026"):
        tables = Document(opened(fetch(path, county.coordinator))).tables
        assert any("改造县道" in cell.text for table in tables for row in table.rows for cell in row.cells)
    assert fetch(f"/reports/pledge/{county.education.pk}/2026", county.coordinator).status_code == 422
    assert fetch("/reports/ledger", county.liaison).status_code == 403


@pytest.mark.parametrize("path", ["/nothing", "/commitments/2026-0001/nothing", "/assignments/1/steps/nothing/x"])
def test_an_address_that_is_not_there_is_a_problem_too(client, county, path):
    answer = client.get(f"/api{path}")
    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert Assignment.objects.count() == 0
