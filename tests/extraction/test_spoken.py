"""What a speaker at a county meeting directs, and what he only tells: each line of the lists is a text of its own."""

from datetime import date

import pytest

from speeches.extraction import extract
from tests.extraction.test_deadline_corpus import lines

DAY = date(2026, 3, 10)


@pytest.mark.parametrize("line", lines("commitments.txt"))
def test_what_is_directed_is_found(line: str) -> None:
    assert extract(line, delivered_on=DAY) != []


@pytest.mark.parametrize("line", lines("not_commitments.txt"))
def test_what_is_only_told_is_not(line: str) -> None:
    assert [found.quote for found in extract(line, delivered_on=DAY)] == []


def test_a_heading_with_its_dates_governs_what_stands_below_it() -> None:
    text = (
        "一、步骤\n（一）自查（即日起至4月20日）。各乡镇逐栋排查厂房，名单报县应急局。\n"
        "（二）集中整治（5月份）\n县住建局改造楼道36处。\n"
    )
    days = {found.quote[:3]: found.deadline for found in extract(text, delivered_on=DAY)}
    assert days["各乡镇"] is not None
    assert days["各乡镇"].last_day == date(2026, 4, 20)
    assert days["县住建"] is not None
    assert (days["县住建"].last_day, days["县住建"].inherited) == (date(2026, 5, 31), True)


def test_a_date_before_a_colon_governs_every_point_up_to_the_full_stop() -> None:
    text = (
        "6月底前，办好三件事：一是县住建局改造旧楼12栋；二是县交通局更换护栏3公里；"
        "三是县民政局建立困难群众台账。县水利局要修好两座闸门。"
    )
    days = [found.deadline and found.deadline.last_day for found in extract(text, delivered_on=DAY)]
    assert days == [date(2026, 6, 30)] * 3 + [None]
