"""The demo's county, speeches and stories, as data."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.demo.days import DAYS
from tracker.demo import county, dates, story

SPEECHES = Path(dates.__file__).parent / "speeches"


def delivered(speech: str, today: date) -> date:
    return dates.working_day_on_or_before(today - timedelta(days=story.DELIVERED_DAYS_AGO[speech]))


def text_of(speech: str, today: date) -> str:
    template = (SPEECHES / f"{speech}.txt").read_text(encoding="utf-8")
    return dates.write_out(template, today=today, delivered=delivered(speech, today))


def sentences(text: str) -> set[str]:
    """What stands between punctuation, where it is long enough to be anybody's own wording."""
    return {part for part in re.split(r"[\W_]+", text) if len(part) >= 14}


def test_no_name_or_alias_stands_for_two_units():
    called = [name for unit in county.UNITS for name in (unit.name, *unit.aliases)]
    assert sorted(called) == sorted(set(called))


def test_a_unit_comes_after_the_one_above_it():
    known = {""}
    for unit in county.UNITS:
        assert unit.parent in known
        known.add(unit.name)


def test_the_county_is_as_large_as_a_county():
    kinds = [unit.kind for unit in county.UNITS]
    assert [kinds.count(kind) for kind in ("department", "township", "working_group", "group")] == [
        15,
        8,
        2,
        2,
    ]


def test_every_unit_that_can_be_charged_has_a_liaison_a_head_and_a_leader_in_charge():
    liaisons = {person.unit for person in county.PEOPLE if person.role == "liaison" and not person.is_head}
    names = {person.name for person in county.PEOPLE}
    leaders = {person.username for person in county.PEOPLE if person.role == "leader"}
    for unit in (*county.DEPARTMENTS, *county.TOWNSHIPS, *county.WORKING_GROUPS):
        assert unit.name in liaisons
        assert unit.head in names
        assert unit.leader in leaders


def test_sign_in_names_are_unique_and_every_address_is_an_example():
    names = [person.username for person in county.PEOPLE]
    assert len(names) == len(set(names))
    assert all(person.email.endswith(".example") for person in county.PEOPLE)


@pytest.mark.parametrize("speech", story.DELIVERED_DAYS_AGO)
@pytest.mark.parametrize("today", DAYS, ids=str)
def test_a_speech_is_long_and_leaves_no_token_unwritten(speech, today):
    text = text_of(speech, today)
    assert len(re.sub(r"\s", "", text)) >= 1500
    assert not re.search(r"[{}]", text)


@pytest.mark.parametrize("speech", story.DELIVERED_DAYS_AGO)
def test_no_sentence_of_a_speech_was_written_by_others(speech, shared):
    ours = sentences(text_of(speech, DAYS[0]))
    for path in sorted([*(shared / "corpus").iterdir(), *(shared / "gold" / "texts").iterdir()]):
        theirs = re.sub(r"\s", "", path.read_text(encoding="utf-8", errors="ignore"))
        assert not [sentence for sentence in ours if sentence in theirs]


@pytest.mark.parametrize("speech", story.DELIVERED_DAYS_AGO)
def test_the_phrase_of_a_promise_stands_once_in_its_speech(speech):
    text = text_of(speech, DAYS[0])
    for promise in story.promises(speech):
        assert text.count(promise.phrase) == 1, promise.phrase


def test_every_unit_of_a_story_is_a_unit_of_the_county():
    units = {unit.name for unit in county.UNITS}
    people = {person.username for person in county.PEOPLE if person.role == "leader"} | {""}
    for speech in story.DELIVERED_DAYS_AGO:
        for promise in story.promises(speech):
            for work in promise.works:
                assert work.unit in units
                assert {step.by for step in work.steps} <= people


def test_a_line_that_no_story_can_hold_is_named(monkeypatch, tmp_path):
    (tmp_path / "plenary.txt").write_text("【修桥】 month:+1\n县水利局 green\n昨天 签收\n", encoding="utf-8")
    monkeypatch.setattr(story, "STORIES", tmp_path)
    with pytest.raises(ValueError, match="昨天 签收"):
        story.promises("plenary")


def test_any_six_days_hold_a_round_one():
    for start in (DAYS[0] + timedelta(days=n) for n in range(800)):
        assert dates.roundest_day(start) <= start + timedelta(days=5)


@pytest.mark.parametrize(
    ("token", "delivered_on", "written"),
    [
        ("{month:+2}", date(2026, 7, 1), "明年1月"),
        ("{month:-1}", date(2026, 7, 1), "10月"),
        ("{month:+2}", date(2025, 12, 30), "2027年1月"),
        ("{quarter:+2}", date(2026, 7, 1), "明年一季度"),
        ("{half:+1}", date(2026, 7, 1), "年底"),
        ("{around:+3}", date(2026, 7, 1), "11月25日"),
        ("{shortly}", date(2026, 7, 10), "本月底"),
        ("{shortly}", date(2026, 7, 20), "8月中旬"),
        ("{delivered}", date(2026, 7, 1), "2026年7月1日"),
    ],
)
def test_a_date_is_spoken_as_on_the_day_of_the_speech(token, delivered_on, written):
    assert dates.write_out(token, today=date(2026, 11, 22), delivered=delivered_on) == written


@pytest.mark.parametrize(
    ("due", "last_day"),
    [
        ("month:+2", date(2027, 1, 31)),
        ("quarter:+2", date(2027, 3, 31)),
        ("half:+1", date(2026, 12, 31)),
        ("tenth:-2", date(2026, 9, 10)),
        ("before:+3", date(2026, 11, 24)),
        ("days:45", date(2026, 10, 15)),
        ("months:3", date(2026, 11, 30)),
        ("shortly", date(2026, 9, 10)),
        ("", None),
    ],
)
def test_a_promises_due_is_a_calendar_day(due, last_day):
    assert dates.last_day(due, today=date(2026, 11, 22), delivered=date(2026, 8, 31)) == last_day


@pytest.mark.parametrize(
    "closed",
    [date(2026, 11, 22), date(2026, 10, 3), date(2026, 2, 16), date(2026, 2, 17), date(2026, 2, 23)],
    ids=["Sunday", "National Day", "New Year's Eve", "Spring Festival", "its seventh day"],
)
def test_no_speech_is_given_when_offices_are_closed(closed):
    day = dates.working_day_on_or_before(closed)
    assert day < closed
    assert day.weekday() < 5


def test_a_working_day_stays_as_it_is():
    assert dates.working_day_on_or_before(date(2026, 11, 20)) == date(2026, 11, 20)
