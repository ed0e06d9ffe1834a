"""督查通报 and 责任状: figures that stay as they were issued, and what a unit signs for."""

import datetime as dt
import zipfile
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from docx import Document

from tests import make
from tracker import workflow
from tracker.models import Assignment, Bulletin
from tracker.reports import bulletin_paper, bulletins, pledge, templates

START, TODAY = dt.date(2026, 4, 1), dt.date(2026, 6, 30)
CHINA = dt.timezone(dt.timedelta(hours=8))


@pytest.fixture(autouse=True)
def _at_the_end_of_june(time_machine):
    time_machine.move_to(dt.datetime(2026, 6, 30, 9, tzinfo=CHINA))


@pytest.fixture
def office(county):
    return make.unit("县政府督查室", county.root, kind="office")


def close(assignment, day):
    at = dt.datetime.combine(day, dt.time(9), CHINA)
    for step in (workflow.receive, workflow.submit, workflow.accept):
        step(assignment, by=None, at=at)


@pytest.fixture
def quarter(county):
    """Transport: one closed on time, one overdue. Education: one closed on time. East: one overdue of one."""
    close(make.assignment(county.transport, title="甲"), dt.date(2026, 5, 1))
    make.assignment(county.transport, title="乙", deadline=dt.date(2026, 6, 20))
    close(make.assignment(county.education, title="丙"), dt.date(2026, 5, 1))
    make.assignment(county.east, title="丁", deadline=dt.date(2026, 6, 10))
    close(make.assignment(county.education, title="上季度办结"), dt.date(2026, 3, 20))


def issue(by, **fields):
    fields = {"title": "二季度通报", "start": START, "end": TODAY, "comment": "抓紧。\n再抓紧。", **fields}
    return bulletins.issue(by=by, **fields)


def test_units_are_ranked_by_what_is_overdue_then_by_what_is_closed_on_time(county, quarter):
    figures = bulletins.snapshot(county.coordinator, START, TODAY)

    assert [(unit["rank"], unit["name"], unit["red"], unit["closed"]) for unit in figures["units"]] == [
        (1, "县教育局", 0, 1),
        (2, "县交通运输局", 1, 1),
        (3, "东塘镇", 1, 0),
    ]
    assert (figures["totals"]["total"], figures["totals"]["overdue_rate"]) == (4, 50)


def test_equal_units_share_a_rank(county):
    for unit in (county.east, county.west, county.transport):
        make.assignment(unit, deadline=dt.date(2026, 6, 10))
    close(make.assignment(county.education, title="丙"), dt.date(2026, 5, 1))

    figures = bulletins.snapshot(county.coordinator, START, TODAY)
    assert [unit["rank"] for unit in figures["units"]] == [1, 2, 2, 2]


def test_the_overdue_are_named_the_longest_first_and_the_good_and_bad_too(county, quarter):
    figures = bulletins.snapshot(county.coordinator, START, TODAY)

    assert [(row["title"], row["days_late"]) for row in figures["overdue"]] == [("丁", 20), ("乙", 10)]
    assert (figures["good"], figures["bad"]) == (["县教育局"], ["东塘镇", "县交通运输局"])


def test_a_bulletin_looks_back_to_the_end_of_its_period(county, quarter):
    figures = bulletins.snapshot(county.coordinator, START, dt.date(2026, 4, 30))

    assert figures["totals"]["closed"] == 0
    assert figures["totals"]["red"] == 0


def test_the_figures_cost_the_same_queries_at_any_size(county, quarter, django_assert_max_num_queries):
    county.coordinator.has_perm("tracker.view_reports")
    with django_assert_max_num_queries(3):
        bulletins.snapshot(county.coordinator, START, TODAY)


def test_a_bulletin_that_is_sent_twice_is_issued_once_and_no_number_is_lost(county, office, quarter):
    issue(county.coordinator)
    with pytest.raises(ValidationError):
        issue(county.coordinator)

    assert issue(county.coordinator, title="另一期").serial == Bulletin.objects.count() == 2


def test_an_issued_bulletin_stays_as_it_was_and_is_numbered_through_the_year(county, office, quarter, words):
    bulletin = issue(county.coordinator)
    close(Assignment.objects.get(commitment__title="乙"), TODAY)
    bulletin.refresh_from_db()
    text = "\n".join(words(templates.make(bulletin_paper.PAPER, bulletin_paper.context_of(bulletin))))

    assert issue(county.coordinator, title="二季度通报（续）").serial == bulletin.serial + 1 == 2
    for part in ("（2026年第1期）", "共4项", "逾期未办结2项", "丁", "再抓紧。", "县政府督查室", "2026年6月30日"):
        assert part in text


def test_the_chart_is_a_bar_of_coloured_cells_for_each_unit(county, office, quarter):
    bulletin = issue(county.coordinator)
    document = Document(BytesIO(templates.make(bulletin_paper.PAPER, bulletin_paper.context_of(bulletin))))
    chart = next(table for table in document.tables if len(table.columns) == bulletins.BAR_CELLS + 2)

    fills = [[node.get(f"{{{node.nsmap['w']}}}fill") for node in row._tr.iter("{*}shd")] for row in chart.rows]
    assert [len(row) for row in fills] == [25, 25, 25]
    assert [set(row) for row in fills] == [{"7FB69A"}, {"7FB69A", "C62828"}, {"C62828"}]


def test_a_bar_fills_its_cells_and_lets_nothing_vanish():
    light = dict.fromkeys(["done", "done_late", "green", "blue", "grey", "yellow", "red"], 0)

    for counts in ({"done": 999, "red": 1}, {"done": 1, "green": 1, "yellow": 1, "red": 1000}, {"blue": 1}):
        cells = bulletins.bar({**light, **counts})
        assert sum(number for _light, number in cells) == bulletins.BAR_CELLS
        assert {name for name, _number in cells} == set(counts)
    assert bulletins.bar(light) == []


def test_issuing_after_the_figures_moved_asks_for_another_look(county, office, quarter):
    seen = bulletins.digest(bulletins.snapshot(county.coordinator, START, TODAY))
    close(Assignment.objects.get(commitment__title="乙"), TODAY)

    with pytest.raises(workflow.Stale):
        issue(county.coordinator, seen=seen)
    assert not Bulletin.objects.exists()


@pytest.mark.parametrize(
    "period",
    [
        {"start": TODAY, "end": START},
        {"end": dt.date(2026, 7, 1)},
        {"start": dt.date(2020, 1, 1), "end": dt.date(2020, 2, 1)},
    ],
)
def test_a_period_backwards_to_come_or_empty_is_refused(county, office, quarter, period):
    with pytest.raises(ValidationError):
        issue(county.coordinator, **period)


def test_only_the_office_issues(county, office, quarter):
    with pytest.raises(PermissionDenied):
        issue(county.leader)


def test_a_bulletin_is_previewed_issued_and_taken_out_on_its_pages(client, county, office, quarter):
    client.force_login(county.coordinator)
    sent = {"title": "二季度通报", "start": "2026-04-01", "end": "2026-06-30", "comment": "抓紧。"}
    preview = client.get("/reports/bulletins/new/", sent)
    assert "县交通运输局" in preview.content.decode()

    answer = client.post("/reports/bulletins/new/", {**sent, "seen": preview.context["seen"]}, follow=True)
    bulletin = Bulletin.objects.get()
    assert answer.redirect_chain[-1][0] == f"/reports/bulletins/{bulletin.pk}/"
    client.force_login(county.observer)
    paper = client.get(f"/reports/bulletins/{bulletin.pk}/file/")
    assert Document(BytesIO(b"".join(paper.streaming_content))).tables
    assert client.get("/reports/bulletins/new/").status_code == 403


def test_an_impossible_period_on_the_page_is_told_and_makes_nothing(client, county, office):
    client.force_login(county.coordinator)
    for sent in ({"end": "2026-02-31"}, {"title": "x", "start": "2026-06-30", "end": "2026-06-01"}):
        assert client.get("/reports/bulletins/new/", sent).status_code == 422
    assert client.get("/reports/bulletins/draft/", {"title": "x"}).status_code == 302
    assert client.get("/reports/bulletins/99/").status_code == 404


# 责任状


def test_a_pledge_holds_what_the_unit_owes_this_year_the_lead_first(county, office, words):
    make.assignment(county.transport, title="牵头事项", deadline=dt.date(2026, 9, 30))
    make.assignment(county.transport, title="明年的事", deadline=dt.date(2027, 9, 30))
    make.assignment(county.transport, title="长期的事", deadline=None, deadline_text="长期坚持")
    make.assignment(county.education, title="别人的事")
    make.commitment("每月排查", lead=county.transport, rrule="FREQ=MONTHLY", recurrence_text="每月")
    make.commitment("配合事项", lead=county.education, support=(county.transport,), deadline=dt.date(2026, 7, 1))

    filled = pledge.context(Assignment.objects.all(), county.transport, 2026, issued_by="督查室")
    assert [(item["title"], item["role"], item["deadline"]) for item in filled["items"]] == [
        ("每月排查", "牵头", "每月"),
        ("牵头事项", "牵头", "2026年9月30日"),
        ("长期的事", "牵头", "长期坚持"),
        ("配合事项", "配合", "2026年7月1日"),
    ]
    text = words(templates.make(pledge.PAPER, filled))
    assert {"临川县人民政府（印章）", "县交通运输局（印章）"} <= set(text)


def test_a_pledge_of_a_unit_that_owes_nothing_is_told_on_the_page(client, county, office):
    client.force_login(county.coordinator)

    assert client.get("/reports/pledge/", {"unit": county.east.pk, "year": "2026"}).status_code == 422
    make.assignment(county.east)
    answer = client.get("/reports/pledge/", {"unit": county.east.pk, "year": "2026"})
    assert zipfile.is_zipfile(BytesIO(answer.getvalue()))


def test_an_office_program_prints_bulletin_and_pledge(county, office, quarter, printed):
    bulletin = issue(county.coordinator)
    assert printed(templates.make(bulletin_paper.PAPER, bulletin_paper.context_of(bulletin)), "docx") == 2
    filled = pledge.context(Assignment.objects.all(), county.transport, 2026, issued_by="督查室")
    assert printed(templates.make(pledge.PAPER, filled), "docx") == 2
