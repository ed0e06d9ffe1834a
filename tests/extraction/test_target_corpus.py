"""The phrases of targets.txt, each with the number to reach, and those of not_targets.txt, which set none."""

import pytest

from speeches.extraction import find_targets
from tests.extraction.test_deadline_corpus import lines


@pytest.mark.parametrize("line", lines("targets.txt"))
def test_a_number_to_reach_is_read_with_comparison_value_and_unit(line: str) -> None:
    phrase, op, value, unit = line.split("｜")
    last = find_targets(phrase)[-1]
    assert (last.op, last.value, last.unit) == (op, float(value), unit)


@pytest.mark.parametrize("phrase", lines("not_targets.txt"))
def test_a_number_that_only_tells_counts_up_or_names_is_none(phrase: str) -> None:
    assert [t.text for t in find_targets(phrase)] == []
