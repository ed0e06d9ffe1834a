"""The whole way through, in the shell: a speech goes in, its overdue items come out."""

import datetime as dt

import pytest

from speeches.models import Finding
from tests import make
from tracker import intake, progress, rules, workflow
from tracker.lights import Light, light, overdue_q, with_light
from tracker.models import Assignment, Review

SPEECH = """同志们：
今年的农村公路建设时间紧、任务重。
县交通局要抓紧施工，确保云台山旅游公路5月1日前全面竣工。
"""


@pytest.fixture
def finding(county) -> Finding:
    speech = make.speech(SPEECH, dt.date(2026, 1, 8))
    return speech.findings.get(last_day=dt.date(2026, 4, 30))


def test_a_finding_leads_back_to_its_place_in_the_speech(finding):
    assert finding.speech.text[finding.start : finding.end] == finding.quote
    assert "全面竣工" in finding.quote


def test_a_confirmed_finding_stands_in_the_ledger_under_its_unit(county, finding):
    commitment = intake.confirm(finding, by=county.coordinator)

    assignment = commitment.assignments.get()
    assert (assignment.unit, assignment.deadline) == (county.transport, dt.date(2026, 4, 30))
    assert finding.reviews.get().decision == Review.Decision.CONFIRMED


def test_it_is_overdue_the_day_after_its_last_day_and_not_before(county, finding):
    intake.confirm(finding, by=county.coordinator)

    def overdue(day):
        return list(Assignment.objects.filter(overdue_q(day)).values_list("unit__name", flat=True))

    assert overdue(dt.date(2026, 4, 30)) == []
    assert overdue(dt.date(2026, 5, 1)) == ["县交通运输局"]


def test_a_closed_assignment_leaves_the_overdue_list(county, finding):
    commitment = intake.confirm(finding, by=county.coordinator)
    assignment = commitment.assignments.get()
    workflow.receive(assignment, by=county.liaison)
    progress.report(assignment, by=county.liaison, text="路面已铺完，标线已划好", percent=100)
    workflow.submit(assignment, by=county.liaison)
    workflow.accept(assignment, by=county.coordinator)

    commitment.refresh_from_db()
    assert commitment.state == "done"
    assert not Assignment.objects.filter(overdue_q(dt.date(2099, 1, 1))).exists()


def test_two_reviewers_cannot_both_decide(county, finding):
    intake.dismiss(finding, by=county.coordinator)

    with pytest.raises(workflow.Stale, match="督查员甲"):
        intake.confirm(finding, by=county.coordinator)


def test_a_group_is_charged_member_by_member(county):
    commitment = make.commitment(lead=county.towns, deadline=dt.date(2026, 6, 30))

    assert {row.unit.name for row in commitment.assignments.all()} == {"东塘镇", "西岭乡"}


def test_a_liaison_sees_only_what_their_own_unit_owes(county):
    mine, other = make.assignment(county.transport), make.assignment(county.education)

    assert list(rules.visible_assignments(county.liaison)) == [mine]
    assert set(rules.visible_assignments(county.coordinator)) == {mine, other}


@pytest.mark.parametrize("day", [dt.date(2026, 3, 10), dt.date(2026, 4, 20), dt.date(2026, 6, 28), dt.date(2026, 7, 1)])
def test_the_light_is_the_same_in_sql_and_in_python(county, day):
    assignment = make.assignment(county.transport)

    row = with_light(Assignment.objects.all(), day).get()
    assert Light(row.light) == light(assignment, day)
    assert row.days_late == (day - assignment.deadline).days
