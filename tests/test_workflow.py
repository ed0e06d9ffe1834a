"""From which state each step may be taken: written down a second time, so that the ledger's own table is held to it."""

import pytest

from tests import make
from tracker import workflow
from tracker.models import Assignment, Transition

STEPS = {
    "receive": {"sent"},
    "submit": {"active"},
    "accept": {"submitted"},
    "send_back": {"submitted"},
    "suspend": {"unassigned", "sent", "active", "submitted"},
    "resume": {"suspended"},
    "withdraw": {"unassigned", "sent", "active", "submitted", "suspended"},
    "reopen": {"done"},
    "send_again": {"withdrawn"},
}
WAYS = {
    "sent": [],
    "active": ["receive"],
    "submitted": ["receive", "submit"],
    "done": ["receive", "submit", "accept"],
    "suspended": ["receive", "suspend"],
    "withdrawn": ["withdraw"],
}
REASONED = {"send_back", "suspend", "withdraw", "reopen", "send_again"}


def take(step: str, row: Assignment) -> None:
    reason = {"reason": "按会议要求"} if step in REASONED else {}
    getattr(workflow, step)(row, by=None, **reason)


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("state", WAYS)
def test_a_step_is_taken_only_from_the_states_it_may_start_from(county, step, state):
    row = make.assignment(county.transport)
    for earlier in WAYS[state]:
        take(earlier, row)
        row.refresh_from_db()
    before = Transition.objects.count()

    if state in STEPS[step]:
        take(step, row)
        assert Transition.objects.latest("pk").from_state == state
    else:
        with pytest.raises(workflow.Refused):
            take(step, row)
        row.refresh_from_db()
        assert (row.state, Transition.objects.count()) == (state, before)
