"""考核评分: what a unit gains and loses, and that every point leads to its item."""

import datetime as dt
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied
from openpyxl import load_workbook

from tests import make
from tracker import progress, scoring, terms, workflow
from tracker.models import ScoringRule

START, END = dt.date(2026, 4, 1), dt.date(2026, 6, 30)
CHINA = dt.timezone(dt.timedelta(hours=8))


@pytest.fixture(autouse=True)
def _at_the_end_of_june(time_machine):
    time_machine.move_to(dt.datetime(2026, 6, 30, 9, tzinfo=CHINA))


@pytest.fixture
def rule():
    """No monthly reports, so that each test speaks of one thing."""
    return ScoringRule(pk=1, report_day=0)


def at(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(9), CHINA)


def close(assignment, day):
    for step in (workflow.receive, workflow.submit, workflow.accept):
        step(assignment, by=None, at=at(day))


def of(county, rule, unit, start=START, end=END):
    return next(score for score in scoring.scores(county.coordinator, start, end, rule) if score.subject == unit)


def lost_and_gained(score):
    return {kind: (score.times[kind], score.points[kind]) for kind in scoring.KINDS if score.times[kind]}


def test_what_is_closed_on_time_gains(county, rule):
    close(make.assignment(county.transport, deadline=dt.date(2026, 5, 1)), dt.date(2026, 5, 1))

    score = of(county, rule, county.transport)
    assert lost_and_gained(score) == {"on_time": (1, Decimal(1))}
    assert score.total == 101


def test_what_is_closed_late_loses_and_each_day_too(county, rule):
    close(make.assignment(county.transport, deadline=dt.date(2026, 5, 1)), dt.date(2026, 5, 6))

    assert lost_and_gained(of(county, rule, county.transport)) == {
        "done_late": (1, Decimal(-1)),
        "days_late": (5, Decimal("-0.5")),
    }


def test_what_is_overdue_loses_for_the_days_of_the_period_up_to_the_most(county, rule):
    make.assignment(county.transport, deadline=dt.date(2026, 3, 20))

    assert lost_and_gained(of(county, rule, county.transport)) == {
        "overdue": (1, Decimal(-2)),
        "days_late": (91, Decimal(-3)),
    }


def test_the_last_day_itself_is_not_late(county, rule):
    make.assignment(county.transport, deadline=END)

    assert lost_and_gained(of(county, rule, county.transport)) == {}


def test_returns_and_extensions_count_in_the_period_in_which_they_happened(county, rule):
    row = make.assignment(county.transport, deadline=dt.date(2026, 12, 31))
    workflow.receive(row, by=None, at=at(dt.date(2026, 3, 11)))
    for day in (dt.date(2026, 3, 20), dt.date(2026, 5, 1)):
        workflow.submit(row, by=None, at=at(day))
        workflow.send_back(row, by=None, reason="无佐证", at=at(day))
    request = terms.ask_extension(row, by=None, new_deadline=dt.date(2027, 3, 1), reason="雨季", at=at(END))
    terms.decide_extension(request, by=None, grant=True, reason="属实", at=at(END))

    assert lost_and_gained(of(county, rule, county.transport)) == {
        "returned": (1, Decimal(-1)),
        "extended": (1, Decimal("-0.5")),
    }


def test_a_month_without_a_report_by_the_day_due_loses(county, rule):
    """April's report came on the 25th, May's on the 26th, June's never; March began only on the tenth."""
    rule.report_day = 25
    row = make.assignment(county.transport, deadline=dt.date(2026, 12, 31))
    workflow.receive(row, by=None, at=at(dt.date(2026, 3, 11)))
    for day in (dt.date(2026, 4, 25), dt.date(2026, 5, 26)):
        progress.report(row, by=None, text=f"{day}的进展", at=at(day))

    assert lost_and_gained(of(county, rule, county.transport, start=dt.date(2026, 3, 1))) == {
        "late_report": (2, Decimal(-1))
    }


def test_no_unit_has_less_than_nothing_and_equal_units_share_a_rank(county, rule):
    rule.overdue = Decimal(1000)
    for unit in (county.east, county.west):
        make.assignment(unit, deadline=dt.date(2026, 5, 1))
    close(make.assignment(county.transport, deadline=dt.date(2026, 5, 1)), dt.date(2026, 5, 1))

    found = scoring.scores(county.coordinator, START, END, rule)
    assert [(score.rank, score.subject, score.total) for score in found] == [
        (1, county.transport, 101),
        (2, county.east, 0),
        (2, county.west, 0),
    ]


def test_the_points_of_a_unit_are_the_sum_of_its_items(county):
    rule = ScoringRule(pk=1)
    close(make.assignment(county.transport, deadline=dt.date(2026, 5, 1), title="甲"), dt.date(2026, 5, 6))
    close(make.assignment(county.transport, deadline=dt.date(2026, 5, 1), title="乙"), dt.date(2026, 4, 6))
    make.assignment(county.transport, deadline=dt.date(2026, 1, 1), title="丙", begins_on=dt.date(2025, 10, 1))
    make.assignment(county.transport, deadline=dt.date(2027, 1, 1), title="丁")

    items = scoring.trace(county.coordinator, county.transport, START, END, rule)
    total = of(county, rule, county.transport).total
    assert rule.base + sum(item.total for item in items) == pytest.approx(total)
    assert {item.subject.commitment.title for item in items} == {"甲", "乙", "丙", "丁"}


def test_scores_cost_the_same_queries_at_any_size(county, rule, django_assert_max_num_queries):
    for unit in (county.transport, county.education, county.east, county.west):
        make.assignment(unit, deadline=dt.date(2026, 5, 1))
    county.coordinator.has_perm("tracker.view_reports")

    with django_assert_max_num_queries(2):
        scoring.scores(county.coordinator, START, END, rule)


def test_the_rule_can_be_changed_by_the_office_and_keeps_what_it_was(county):
    scoring.change_rule({"overdue": Decimal(5)}, by=county.coordinator, version=scoring.rule().version)

    assert scoring.rule().overdue == 5
    with pytest.raises(workflow.Stale):
        scoring.change_rule({"overdue": Decimal(6)}, by=county.coordinator, version=1)
    with pytest.raises(PermissionDenied):
        scoring.change_rule({"overdue": Decimal(6)}, by=county.leader, version=2)
    assert ScoringRule.history.count() == 1


def test_the_pages_show_the_points_the_items_and_the_rule(client, county):
    make.assignment(county.transport, deadline=dt.date(2026, 5, 1), title="架桥")
    client.force_login(county.coordinator)
    period = {"start": "2026-04-01", "end": "2026-06-30"}

    assert "县交通运输局" in client.get("/scores/", period).content.decode()
    assert "架桥" in client.get(f"/scores/{county.transport.pk}/", period).content.decode()
    assert "尚未修改过" in client.get("/scores/rule/").content.decode()
    rule = {name: getattr(ScoringRule(), name) for name in ("base", "on_time", "done_late", "day_late", "returned")}
    sent = {**rule, "overdue": "7", "most_for_days": 3, "extended": 1, "late_report": 1, "report_day": 25, "seen": 1}
    assert client.post("/scores/rule/", sent).status_code == 302
    assert "7.00" in client.get("/scores/rule/").content.decode()
    assert client.post("/scores/rule/", {**sent, "overdue": "-1"}).status_code == 422
    assert client.post("/scores/rule/", sent).status_code == 422


def test_the_scores_go_out_as_a_workbook(client, county):
    make.assignment(county.transport, deadline=dt.date(2026, 5, 1), title="=架桥")
    client.force_login(county.observer)
    for address, cell in (("/scores/", "B2"), (f"/scores/{county.transport.pk}/", "B2")):
        sheet = load_workbook(BytesIO(b"".join(client.get(address, {"export": "xlsx"}).streaming_content))).active
        assert sheet[cell].value in ("县交通运输局", "=架桥")
        assert sheet[cell].data_type == "s"


@pytest.mark.parametrize(
    "query", ["start=2026-02-31", "start=2026-06-01&end=2026-05-01", "start=1950-01-01", "export=exe"]
)
def test_an_impossible_period_shows_the_year_so_far_and_says_so(client, county, query):
    client.force_login(county.coordinator)
    make.assignment(county.transport, deadline=dt.date(2026, 5, 1))
    answer = client.get(f"/scores/?{query}")

    assert answer.status_code == 200
    assert "invalid-feedback" in answer.content.decode() or "alert" in answer.content.decode()


@pytest.mark.parametrize(
    "address", ["/scores/", "/scores/{unit}/", "/scores/rule/", "/reports/", "/reports/notices/", "/reports/bulletins/"]
)
def test_a_page_of_papers_asks_the_database_at_most_twelve_times(
    client, county, address, django_assert_max_num_queries
):
    for number in range(4):
        make.assignment(county.transport, deadline=dt.date(2026, 5, 1), title=f"第{number}项")
    client.force_login(county.coordinator)

    with django_assert_max_num_queries(12):
        assert client.get(address.format(unit=county.transport.pk)).status_code == 200


def test_scores_are_for_those_who_look_on_and_the_rule_for_the_office(client, county):
    client.force_login(county.liaison)
    assert client.get("/scores/").status_code == 403
    client.force_login(county.observer)
    assert client.get("/scores/rule/").status_code == 403
    assert client.get("/scores/999/").status_code == 404
