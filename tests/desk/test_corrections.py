"""What reviewers decided, as gold files and as accuracy: only of speeches that a person has reviewed to the end."""

import datetime as dt
import json
from dataclasses import replace

import pytest
from django.core.management import call_command
from django.urls import reverse

from speeches.extraction.text import segments
from speeches.models import Finding, Speech
from tests import make
from tracker import corrections, intake, review

TIERS = {"hard", "assigned", "named"}


@pytest.fixture
def done(county, speech, road, school) -> Speech:
    """One finding confirmed, one corrected, one dismissed, and one commitment added."""
    by = county.coordinator
    intake.confirm(road, by=by)
    draft = intake.draft(school)
    intake.confirm(school, by=by, as_draft=replace(draft, lead=(county.transport,), targets=()))
    intake.dismiss(speech.findings.get(number=3), by=by)
    start = speech.text.index("抓好落实")
    review.add(review.stretch_draft(speech, start, start + 4), by=by)
    return speech


def problems(text: str, items: list[dict]) -> list[str]:
    """What a strict reader of gold files would find wrong with these."""
    cut, found = list(segments(text)), []
    for item in items:
        start, end = cut[item["seg"]]
        if item["quote"] not in text[start:end]:
            found.append(f"quote outside its segment: {item['quote']}")
        if item["deadline"] and item["deadline"]["text"] not in text:
            found.append(f"deadline not in the text: {item['deadline']}")
        found += [f"target not in the text: {each}" for each in item["targets"] if each["text"] not in text]
        hard = bool(item["deadline"] or item["recurrence"] or item["targets"])
        charged = bool(item["responsible"] or item["people"])
        if item["tier"] != ("hard" if hard else "assigned" if charged else "named"):
            found.append(f"tier {item['tier']}")
    return found


def test_gold_is_what_people_made_of_the_findings(done):
    items = corrections.gold(done)

    assert [item["quote"] for item in items] == [
        "县交通局要确保云台山旅游公路5月1日前全面竣工",
        "县教育局6月底前完成校舍改造，新增学位300个",
        "抓好落实",
    ]
    assert items[0]["deadline"] == {"text": "5月1日前", "last_day": "2026-04-30", "inherited": False}
    assert items[0]["responsible"] == ["县交通局"]
    assert items[1]["targets"] == []
    assert items[2]["tier"] == "named"
    assert problems(done.text, items) == []


def test_what_a_person_knew_from_elsewhere_is_left_out(county, speech, road):
    draft = replace(intake.draft(road), deadline=dt.date(2026, 4, 20), deadline_text="四月二十日", deadline_value="")
    intake.confirm(road, by=county.coordinator, as_draft=draft)

    assert corrections.gold(speech)[0]["deadline"] is None
    assert problems(speech.text, corrections.gold(speech)) == []


def test_a_merged_item_keeps_to_one_segment(county, speech, road, school):
    review.merge([road, school], by=county.coordinator)
    items = corrections.gold(speech)

    assert len(items) == 1
    assert problems(speech.text, items) == []


def test_a_group_is_named_as_the_speech_names_it(county, speech):
    intake.confirm(speech.findings.get(number=3), by=county.coordinator)

    assert corrections.gold(speech)[0]["responsible"] == ["各乡镇"]


def test_a_unit_that_the_tree_does_not_know_is_kept_where_it_was_let_stand(county, speech, road, school):
    Finding.objects.filter(speech=speech).update(responsible=["县水产中心"])
    road.refresh_from_db()
    school.refresh_from_db()
    intake.confirm(road, by=county.coordinator)
    intake.confirm(school, by=county.coordinator, as_draft=replace(intake.draft(school), lead=(county.transport,)))

    assert [item["responsible"] for item in corrections.gold(speech)] == [["县水产中心"], ["县交通局"]]


def test_a_speech_that_is_not_reviewed_to_the_end_counts_for_nothing(county, speech, road):
    intake.confirm(road, by=county.coordinator)

    assert not corrections.reviewed().exists()
    assert corrections.accuracy() == []


def test_what_a_command_confirmed_is_no_review_by_a_person(speech):
    review.confirm_above(speech, 0, by=None)

    assert not corrections.reviewed().exists()


def test_accuracy_tells_right_wrong_corrected_and_missed(done):
    month = corrections.accuracy()[0]

    assert (month.kept, month.corrected, month.dismissed, month.missed) == (2, 1, 1, 1)
    assert (month.precision, month.recall, month.untouched) == (67, 67, 50)


def test_a_decision_that_was_taken_back_is_not_counted(county, done, road):
    review.undo(road.reviews.get(), by=county.coordinator)
    intake.dismiss(road, by=county.coordinator)

    assert (corrections.accuracy()[0].kept, corrections.accuracy()[0].dismissed) == (1, 2)


def test_the_command_writes_files_that_can_be_scored_against(done, tmp_path):
    call_command("export_corrections", str(tmp_path / "gold"))

    name = f"speech-{done.pk}"
    index = json.loads((tmp_path / "gold/index.json").read_text())
    assert index[name]["delivered_on"] == "2026-03-10"
    text = (tmp_path / f"gold/texts/{name}.txt").read_bytes().decode()
    assert text == done.text
    assert problems(text, json.loads((tmp_path / f"gold/items/{name}.json").read_text())) == []


def test_the_files_pass_the_validator_of_the_gold(done, shared, tmp_path):
    import subprocess
    import sys

    call_command("export_corrections", str(tmp_path))
    name = f"speech-{done.pk}"
    check = [
        sys.executable,
        str(shared / "gold/validate.py"),
        f"{tmp_path}/texts/{name}.txt",
        f"{tmp_path}/items/{name}.json",
    ]
    outcome = subprocess.run(check, capture_output=True, text=True, check=False)
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr


def test_the_page_shows_the_months_to_those_who_look_over_the_whole(client, county, done):
    client.force_login(county.leader)
    assert "67%" in client.get(reverse("accuracy")).text

    client.force_login(county.liaison)
    assert client.get(reverse("accuracy")).status_code == 403


def test_a_speech_in_which_nothing_was_found_is_not_counted_as_right(county):
    make.speech("同志们，大家好。\n", title="无")

    assert not Finding.objects.exists()
    assert corrections.accuracy() == []
