"""The terms of an assignment: how a last day moves, what is counted, and that nothing of it is a state."""

import ast
import datetime as dt
from pathlib import Path

import pytest

from tests import make
from tracker import terms, workflow

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def active(county):
    return workflow.receive(make.assignment(county.transport, deadline=dt.date(2026, 6, 30)), by=None)


def _amend(row, day):
    return terms.amend(row, by=None, reason="会议纪要为七月底", deadline=day, role=row.role)


def test_a_last_day_that_the_office_corrects_is_no_extension_and_the_first_one_stays(active):
    row = _amend(active, dt.date(2026, 7, 31))
    assert (row.times_extended, row.original_deadline, row.deadline) == (0, dt.date(2026, 6, 30), dt.date(2026, 7, 31))


def test_a_last_day_that_the_unit_asked_for_and_got_is_an_extension(active):
    request = terms.ask_extension(active, by=None, new_deadline=dt.date(2026, 7, 31), reason="汛期停工")
    row = terms.decide_extension(request, by=None, grant=True, reason="情况属实").assignment
    row.refresh_from_db()
    assert (row.times_extended, row.original_deadline, row.deadline) == (1, dt.date(2026, 6, 30), dt.date(2026, 7, 31))


def test_a_request_that_the_office_has_overtaken_cannot_be_granted(active):
    request = terms.ask_extension(active, by=None, new_deadline=dt.date(2026, 7, 31), reason="汛期停工")
    _amend(active, dt.date(2026, 9, 30))
    with pytest.raises(workflow.Refused, match="2026年9月30日"):
        terms.decide_extension(request, by=None, grant=True, reason="情况属实")
    assert terms.decide_extension(request, by=None, grant=False, reason="已另行调整").state == "refused"


def test_no_time_is_granted_while_it_is_suspended(active):
    request = terms.ask_extension(active, by=None, new_deadline=dt.date(2026, 7, 31), reason="汛期停工")
    workflow.suspend(active, by=None, reason="等待上级批复")
    with pytest.raises(workflow.Refused) as refusal:
        terms.decide_extension(request, by=None, grant=True, reason="情况属实")
    assert refusal.value.field == "grant"


def _writes_state(file: Path) -> list[str]:
    """The lines of a module that set an attribute ``state`` or make an assignment."""
    tree = ast.parse(file.read_text())
    set_on = [
        ast.unparse(target)
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and node.attr in ("state", "state_before")
        and isinstance(node.ctx, ast.Store)
        for target in [node]
    ]
    made = [
        ast.unparse(node.func)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("Assignment", "Assignment.objects.create")
    ]
    return set_on + made


def test_only_the_workflow_sets_the_state_of_an_assignment():
    files = [file for file in (ROOT / "tracker").rglob("*.py") if "migrations" not in file.parts]
    found = {file.relative_to(ROOT / "tracker").as_posix(): _writes_state(file) for file in files}
    assert {name for name, lines in found.items() if lines} == {
        "workflow.py",
        "terms.py",
        "load.py",  # a million invented rows for measuring, written past every rule
    }
    assert found["terms.py"] == ["request.state"]  # of a request for more time, not of an assignment
