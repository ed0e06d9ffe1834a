"""The corpus of phrases beside the rules: it is their documentation, and it holds them."""

from datetime import date
from pathlib import Path

import pytest

from speeches.extraction import Lexicon, OfficeDate, find_deadlines, resolve_value

HERE = Path(__file__).parent
SPOKEN_ON = date(2026, 3, 2)


def lines(name: str) -> list[str]:
    """The lines of a corpus file that are no comments."""
    return [x for x in (HERE / name).read_text("utf-8").splitlines() if x and not x.startswith("#")]


@pytest.mark.parametrize("line", lines("deadlines.txt"))
def test_a_phrase_has_the_value_that_the_corpus_gives_it(line: str) -> None:
    phrase, value, last_day = line.split("｜")
    found = find_deadlines(phrase, delivered_on=SPOKEN_ON)[-1]
    assert (found.value, str(found.last_day or "—")) == (value, last_day)
    assert phrase[found.start : found.end] == found.text


@pytest.mark.parametrize("phrase", lines("not_deadlines.txt"))
def test_what_bounds_nothing_is_refused(phrase: str) -> None:
    assert find_deadlines(phrase, delivered_on=SPOKEN_ON) == []


@pytest.mark.parametrize("line", lines("deadlines.txt"))
def test_the_symbol_alone_is_enough_to_resolve_again(line: str) -> None:
    _, value, last_day = line.split("｜")
    assert str(resolve_value(value, delivered_on=SPOKEN_ON) or "—") == last_day


def test_the_corpus_is_as_large_as_it_is_said_to_be() -> None:
    assert len(lines("deadlines.txt")) >= 400
    assert len(lines("not_deadlines.txt")) >= 100


def test_a_date_without_a_year_is_the_next_from_the_month_of_the_speech_on() -> None:
    (found,) = find_deadlines("2月底前", delivered_on=date(2026, 3, 2))
    assert found.last_day == date(2027, 2, 28)
    assert "no_year" in found.flags


def test_a_day_of_the_month_of_the_speech_is_kept_and_flagged_where_it_has_passed() -> None:
    (found,) = find_deadlines("3月10日前", delivered_on=date(2026, 3, 20))
    assert found.last_day == date(2026, 3, 9)
    assert "before_speech" in found.flags


def test_a_blanked_year_is_flagged() -> None:
    (found,) = find_deadlines("20xx年底", delivered_on=date(2024, 7, 1))
    assert found.last_day == date(2024, 12, 31)
    assert "blank_year" in found.flags


def test_a_span_that_runs_from_another_event_names_it_and_stays_open() -> None:
    (found,) = find_deadlines("自合同签订之日起30日内", delivered_on=SPOKEN_ON)
    assert found.last_day is None
    assert "合同签订" in found.value
    assert "unresolved" in found.flags


def test_office_dates_come_from_the_lexicon() -> None:
    lexicon = Lexicon(dates=(OfficeDate("汛期", (6, 1), (9, 30)), OfficeDate("供暖期", (11, 15), (3, 15))))
    (flood,) = find_deadlines("汛期前", delivered_on=SPOKEN_ON, lexicon=lexicon)
    assert flood.last_day == date(2026, 5, 31)
    (heating,) = find_deadlines("供暖期前", delivered_on=date(2026, 9, 1), lexicon=lexicon)
    assert heating.last_day == date(2026, 11, 14)


def test_working_days_skip_the_days_that_are_worked_in_lieu() -> None:
    # 2026: days off 1 to 7 October; Saturday 10 October is worked
    (found,) = find_deadlines("3个工作日内", delivered_on=date(2026, 9, 30))
    assert found.last_day == date(2026, 10, 10)
