"""The corpus of frequencies beside the rules: it is their documentation, and it holds them."""

from datetime import datetime
from itertools import islice

import pytest
from dateutil.rrule import rrulestr

from speeches.extraction import find_recurrences
from tests.extraction.test_deadline_corpus import lines


@pytest.mark.parametrize("line", lines("recurrences.txt"))
def test_a_phrase_has_the_rule_that_the_corpus_gives_it(line: str) -> None:
    phrase, rule = line.split("｜")
    (found,) = find_recurrences(phrase)
    assert found.rrule == rule
    assert phrase[found.start : found.end] == found.text


@pytest.mark.parametrize("phrase", lines("not_recurrences.txt"))
def test_what_is_no_frequency_is_refused(phrase: str) -> None:
    assert find_recurrences(phrase) == []


@pytest.mark.parametrize("rule", sorted({line.split("｜")[1] for line in lines("recurrences.txt")}))
def test_every_rule_comes_round_again(rule: str) -> None:
    days = list(islice(rrulestr(rule, dtstart=datetime(2026, 1, 1)), 3))
    assert len(days) == 3


def test_the_corpus_of_frequencies_is_as_large_as_it_is_said_to_be() -> None:
    assert len(lines("recurrences.txt")) >= 60
    assert len(lines("not_recurrences.txt")) >= 30
