"""The timeline: everything that happened to an item, in one list, with as few queries whatever happened."""

import datetime as dt
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from speeches.acting import Origin, acting
from tests import make
from tracker import evidence, progress, terms, workflow
from tracker.models import Instruction, Measurement, Target
from tracker.reminders import remind_now
from tracker.timeline import timeline


@pytest.fixture
def commitment(county):
    return make.commitment(lead=county.towns, deadline=dt.date(2026, 6, 30))


def whats(events) -> list[str]:
    return [event.action or event.kind for event in events]


def test_everything_that_happened_stands_in_order_the_newest_first(county, commitment):
    make.user("dongtang", "联络员庚", liaison=county.east)
    row = commitment.assignments.get(unit=county.east)
    workflow.receive(row, by=None)
    progress.report(row, by=None, text="栽植完成320亩", percent=30)
    request = terms.ask_extension(row, by=None, new_deadline=dt.date(2026, 7, 31), reason="苗木未到")
    terms.decide_extension(request, by=None, grant=False, reason="可从邻县调苗")
    Instruction.objects.create(commitment=commitment, text="抓紧", by=county.leader, at=timezone.now())
    remind_now([row], by=county.coordinator)

    events = timeline(commitment, user=None)
    newest = ["reminder", "instruction", "refuse_extension", "ask_extension", "report", "receive"]
    assert whats(events)[:6] == newest
    assert sorted(whats(events)[6:]) == ["assign", "assign", "change"]
    assert [event.at for event in events] == sorted([event.at for event in events], reverse=True)


def test_a_report_stands_with_what_it_measured_and_its_evidence(county):
    row = make.assignment(county.transport, targets=({"text": "87公里", "op": ">=", "value": 87, "unit": "公里"},))
    target = row.commitment.targets.get()
    workflow.receive(row, by=None)
    paper = evidence.check("验收单.pdf", b"%PDF-1.4\n%%EOF")
    progress.report(row, by=None, text="完成40公里", quantities={target: 40}, files=[paper])

    update = timeline(row.commitment, user=None)[0].update
    assert [measured.quantity for measured in update.measurements.all()] == [40]
    assert [file.name for file in update.evidence.all()] == ["验收单.pdf"]


def test_it_says_through_which_door_each_step_came(county, commitment):
    with acting(None, Origin.TASK):
        workflow.receive(commitment.assignments.get(unit=county.east), by=None)

    assert timeline(commitment, user=None)[0].origin == "task"


def test_a_change_of_the_item_is_told_with_before_and_after(county, commitment):
    with acting(county.coordinator, Origin.PAGE):
        commitment.title = "完成县道改造和安防工程"
        commitment.save()

    event = timeline(commitment, user=None)[0]
    assert event.by == county.coordinator
    assert event.changes[0][1:] == ("完成县道改造", "完成县道改造和安防工程")


def test_a_liaison_reads_only_what_concerns_their_own_unit(county, commitment):
    east = make.user("dongtang", "联络员庚", liaison=county.east)
    for row in commitment.assignments.all():
        workflow.receive(row, by=None)

    assert {event.unit for event in timeline(commitment, user=east) if event.unit} == {county.east}


def test_the_number_of_queries_does_not_grow_with_what_happened(
    county, commitment, django_assert_num_queries, django_assert_max_num_queries
):
    row = commitment.assignments.get(unit=county.east)
    workflow.receive(row, by=None)
    for km in range(30):
        progress.report(row, by=None, text=f"完成{km}公里", percent=km, files=[evidence.check("a.pdf", b"%PDF-1.4")])

    with django_assert_max_num_queries(9):
        assert len(timeline(commitment, user=None)) == 34
    with django_assert_max_num_queries(9):
        assert len(timeline(commitment, user=None, limit=5)) == 5


def test_the_page_of_the_history_goes_back_step_by_step(client, county, commitment):
    row = commitment.assignments.get(unit=county.east)
    workflow.receive(row, by=None)
    for km in range(110):
        progress.report(row, by=None, text=f"完成{km}公里", percent=km % 100)
    client.force_login(county.coordinator)

    page = client.get(reverse("history", args=[commitment.number]))
    earlier = client.get(reverse("history", args=[commitment.number]), {"before": page.context["earlier"]})
    assert len(page.context["timeline"]) == 100
    assert len(earlier.context["timeline"]) == 14
    assert client.get(reverse("history", args=[commitment.number]), {"before": "昨天"}).status_code == 200


@pytest.mark.parametrize(("quantity", "written"), [("40.0000", "40公里"), ("1200", "1200公里"), ("3.5000", "3.5公里")])
def test_a_quantity_is_written_without_the_noughts_behind_it(quantity, written):
    assert str(Measurement(quantity=Decimal(quantity), target=Target(unit="公里"))) == written
