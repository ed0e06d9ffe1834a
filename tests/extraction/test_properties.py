"""Laws that hold for every text, whatever it is."""

from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from speeches.extraction import (
    Commitment,
    extract,
    find_deadlines,
    find_recurrences,
    find_targets,
    find_units,
    resolve,
)
from speeches.extraction.text import segments

DAY = date(2026, 3, 2)
WORDS = (
    "要 确保 建成 市住建局 各乡镇 6月底前 年底 "
    "2026年 每月 一次 30公里 二十个 百分之五 ， 。 ； ： 、 （一） 一、 “ ” （ ） "
    "牵头 配合 由 负责 同志们 去年 完成了 增长8.5% 责任单位： 完成时限： 今年以来 下一步 "
    "不少于 × 👍 > * 3 O l 曰 處 設"
)
PIECES = st.sampled_from([*WORDS.split(), "\n", "\u3000", " ", "\u202e", "\0", "\ud800"])
texts = st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=60).map("".join))


def moved(found: Commitment, by: int) -> Commitment:
    """The same finding in a text that has `by` more characters before it; how sure it is may depend on those."""
    deadline = found.deadline and replace(found.deadline, start=found.deadline.start + by, end=found.deadline.end + by)
    recurrence = found.recurrence and replace(
        found.recurrence, start=found.recurrence.start + by, end=found.recurrence.end + by
    )
    targets = tuple(replace(t, start=t.start + by, end=t.end + by) for t in found.targets)
    return replace(
        found,
        start=found.start + by,
        end=found.end + by,
        deadline=deadline,
        recurrence=recurrence,
        targets=targets,
        confidence=0,
    )


@given(texts)
@settings(max_examples=150, deadline=None)
def test_every_quote_stands_where_it_is_said_to_and_inside_one_segment(text: str) -> None:
    cut = list(segments(text))
    for found in extract(text, delivered_on=DAY):
        assert text[found.start : found.end] == found.quote
        assert any(a <= found.start and found.end <= b for a, b in cut)


@given(texts)
@settings(max_examples=100, deadline=None)
def test_the_parts_stand_where_they_are_said_to(text: str) -> None:
    parts = [
        *find_deadlines(text, delivered_on=DAY),
        *find_recurrences(text),
        *find_targets(text),
        *find_units(text),
    ]
    for part in parts:
        assert text[part.start : part.end] == part.text


@given(texts)
@settings(max_examples=60, deadline=None)
def test_the_same_text_gives_the_same_findings(text: str) -> None:
    assert extract(text, delivered_on=DAY) == extract(text, delivered_on=DAY)


@given(texts, st.dates(date(1990, 1, 1), date(2090, 1, 1)))
@settings(max_examples=100, deadline=None)
def test_resolving_later_is_the_same_as_resolving_at_once(text: str, day: date) -> None:
    later = [resolve(found, delivered_on=day) for found in extract(text, delivered_on=None)]
    assert later == extract(text, delivered_on=day)


NEIGHBOURS = ["会场里坐满了人。\n", "大家辛苦了。\n", "去年修了三条路。\n"]
PARAGRAPHS = [
    "市住建局要在6月底前完成20个小区的改造，每月报送一次进展。\n",
    "新建农村公路120公里，由交通局牵头，财政局配合。\n",
    "由市教育局牵头，9月底前建立校园食品安全联席会议制度。\n",
]


@pytest.mark.parametrize("paragraph", PARAGRAPHS)
@pytest.mark.parametrize("before", NEIGHBOURS)
@pytest.mark.parametrize("after", NEIGHBOURS)
def test_what_is_found_in_a_paragraph_does_not_depend_on_its_neighbours(
    before: str, paragraph: str, after: str
) -> None:
    alone = extract(paragraph, delivered_on=DAY)
    assert alone
    among = extract(before + paragraph + after, delivered_on=DAY)
    inside = [c for c in among if len(before) <= c.start < len(before) + len(paragraph)]
    assert [moved(c, 0) for c in inside] == [moved(c, len(before)) for c in alone]


@given(texts)
@settings(max_examples=60, deadline=None)
def test_findings_come_in_the_order_of_the_text(text: str) -> None:
    for a, b in pairwise(extract(text, delivered_on=DAY)):
        assert a.start <= b.start


ODD = ["，", "（", "1", "一", "“", "、", "各", "县", "要", "3至", "建立", "财政局、", "零", "办", "责任单位："]


@pytest.mark.parametrize("piece", ODD)
def test_no_input_makes_reading_slow(piece: str) -> None:
    """Ten thousand of anything come back; a pattern that blows up would take minutes."""
    text = piece * 10_000
    assert isinstance(extract(text, delivered_on=DAY), list)
    assert isinstance(find_targets(text), list)


def test_an_empty_text_has_no_findings() -> None:
    assert extract("", delivered_on=DAY) == []
