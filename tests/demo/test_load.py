"""The demo's months, told through the domain functions."""

import datetime as dt

import pytest
from django.db import transaction
from django.test import override_settings
from openpyxl import load_workbook

from tests.demo.telling import telling
from tracker.demo import county, load
from tracker.models import (
    Assignment,
    Bulletin,
    Commitment,
    Evidence,
    ExtensionRequest,
    Instruction,
    Reminder,
    Review,
    StatusUpdate,
    Transition,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def told(django_db_setup, django_db_blocker, tmp_path_factory):
    """The county on one day, told once for all tests that only look."""
    files = tmp_path_factory.mktemp("files")
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=files), transaction.atomic():
        with telling(dt.date(2026, 11, 22)) as as_told:
            as_told.files = files
            yield as_told
        transaction.set_rollback(True)


def test_nothing_has_happened_after_now(told):
    for moments in (
        Transition.objects.values_list("at", flat=True),
        StatusUpdate.objects.values_list("at", flat=True),
        Reminder.objects.values_list("sent_at", flat=True),
        Instruction.objects.values_list("at", flat=True),
        Review.objects.values_list("at", flat=True),
        Commitment.history.values_list("history_date", flat=True),
    ):
        assert max(moments) <= told.now


def test_more_time_was_granted_and_the_first_deadline_is_kept(told):
    for request in ExtensionRequest.objects.filter(state=ExtensionRequest.State.GRANTED):
        assert request.assignment.deadline == request.new_deadline
        assert request.assignment.original_deadline == request.old_deadline
    assert ExtensionRequest.objects.filter(state=ExtensionRequest.State.PENDING).exists()


def test_the_townships_are_charged_through_their_group(told):
    charged = Assignment.objects.filter(via__name="各乡镇").values_list("unit__name", flat=True)
    assert set(charged) == {unit.name for unit in county.TOWNSHIPS}


def test_an_item_was_returned_with_the_reason(told):
    returned = Transition.objects.filter(action="send_back")
    assert returned
    assert all(step.note for step in returned)


def test_a_leader_wrote_an_instruction_and_the_office_sent_reminders(told):
    assert Instruction.objects.filter(by__memberships__role="leader").exists()
    assert Reminder.objects.filter(level=Reminder.Level.MANUAL).exists()


def test_a_bulletin_counts_what_stood_at_the_end_of_its_month(told):
    bulletin = Bulletin.objects.get(period_end=dt.date(2026, 9, 30))
    assert bulletin.issued_at < load.moment(dt.date(2026, 10, 8), 0)
    assert bulletin.snapshot["totals"]["done"] > 0


def test_some_reports_say_nothing_new_and_some_are_measured(told):
    assert StatusUpdate.objects.filter(says_nothing_new=True).exists()
    assert StatusUpdate.objects.filter(measurements__isnull=False).exists()


def test_every_commitment_leads_back_to_its_sentence(told):
    for (_speech, phrase), commitment in told.replay.commitments.items():
        text = commitment.speech.text
        assert phrase in commitment.quote
        assert text[commitment.start : commitment.end] == commitment.quote


def test_a_report_is_dated_by_the_story_in_the_history_too(told):
    row = Assignment.objects.filter(received_at__isnull=False).first()
    signed = row.history.filter(received_at__isnull=False).earliest()
    assert signed.history_date == row.received_at
    assert signed.history_date < told.now - dt.timedelta(days=30)


def test_some_reports_brought_evidence_that_can_be_opened(told, settings):
    settings.MEDIA_ROOT = told.files
    kept = Evidence.objects.first()
    with kept.file.open() as file:
        sheet = load_workbook(file).active
    assert sheet["B2"].value == kept.update.assignment.unit.name
