"""Charts as SVG: what is drawn, where, and what is left out."""

import re

import pytest
from django.utils import translation
from lxml import etree

from tracker.charts import Point, in_words, stacked_bar, trend


def parts(svg: str) -> list[tuple[str, str, str]]:
    return re.findall(r'class="fill-(\w+)" x="([\d.]+)%" width="([\d.]+)%"', svg)


def test_a_bar_is_divided_as_the_counts_are_and_passes_over_what_is_nothing():
    assert parts(stacked_bar({"red": 1, "yellow": 0, "green": 3})) == [
        ("red", "0.00", "25.00"), ("green", "25.00", "75.00"),
    ]  # fmt: skip


def test_a_bar_is_as_long_beside_others_as_its_share_of_the_longest():
    assert parts(stacked_bar({"red": 2}, whole=8)) == [("red", "0.00", "25.00")]


def test_a_bar_never_leaves_its_frame():
    assert parts(stacked_bar({"red": 8}, whole=2)) == [("red", "0.00", "100.00")]


@pytest.mark.parametrize("counts", [{}, {"red": 0}])
def test_a_bar_of_nothing_is_empty(counts):
    assert parts(stacked_bar(counts)) == []


def drawn(*shares: int | None) -> etree._Element:
    return etree.fromstring(trend([Point(f"{n}月", share) for n, share in enumerate(shares, 1)]))


def test_a_line_is_broken_where_there_was_nothing_to_measure():
    path = drawn(50, 60, None, 70, 80).find("path").get("d")

    assert [step[0] for step in path.split(" ")[::2]] == ["M", "L", "M", "L"]


def test_every_month_has_its_label_and_only_measured_ones_a_dot():
    svg = drawn(50, None, 70)

    assert [label.text for label in svg.findall("text[@class='month']")] == ["1月", "2月", "3月"]
    assert len(svg.findall("circle")) == 2


def test_a_higher_share_stands_higher():
    low, high = (float(dot.get("cy")) for dot in drawn(10, 90).findall("circle"))

    assert high < low


@pytest.mark.parametrize("shares", [(), (None,), (100,)])
def test_a_trend_of_one_month_or_none_is_drawn_all_the_same(shares):
    assert drawn(*shares).tag == "svg"


def test_words_in_a_label_are_words_and_no_markup():
    assert "<b>" not in trend([Point("<b>", 1)])


def test_the_numbers_of_a_bar_are_there_to_be_read_aloud():
    with translation.override("zh-hans"):
        assert re.sub("<[^>]*>", "", in_words({"red": 2, "yellow": 0, "done": 3})) == "逾期 2 按期办结 3"
