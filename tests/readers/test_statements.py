"""What a speech says of itself, with the words that say it."""

import json
from datetime import date

import pytest

from speeches.readers import SpeechPart, clean
from speeches.readers.splitting import split

from .samples import BODY, shared_text, speech

HEAD = "在全县冬修水利工作会议上的讲话\n清河县人民政府县长　高××\n（2023年10月9日）\n同志们：\n"


def part(text: str) -> SpeechPart:
    (only,) = split(clean(text))
    return only


def delivered(head: str) -> date | None:
    stated = part(speech(head)).delivered_on
    return stated.value if stated else None


def test_a_full_head_tells_everything() -> None:
    told = part(speech(HEAD))
    assert told.title.value == "在全县冬修水利工作会议上的讲话"
    assert told.speaker.value == "高××"
    assert told.post.value == "清河县人民政府县长"
    assert told.occasion.value == "全县冬修水利工作会议"
    assert told.issuing_body.value == "清河县人民政府"
    assert told.delivered_on.value == date(2023, 10, 9)


def test_the_evidence_is_where_it_says_in_the_text() -> None:
    text = clean(speech(HEAD))
    told = split(text)[0]
    for stated in (told.title, told.speaker, told.post, told.occasion, told.issuing_body, told.delivered_on):
        assert text[stated.start : stated.end] == stated.evidence


def test_a_text_that_begins_with_its_matter_tells_nothing() -> None:
    told = part(BODY)
    assert (told.title, told.speaker, told.post, told.issuing_body, told.delivered_on) == (None,) * 5


@pytest.mark.parametrize(
    ("head", "day"),
    [
        ("（根据录音整理 2024年7月25日）\n同志们：\n", date(2024, 7, 25)),
        ("在水利会上的讲话\n（2026年1月20日）\n", date(2026, 1, 20)),
        ("在水利会上的讲话\n(２０１５年９月１５日)\n同志们:\n", date(2015, 9, 15)),
        ("在水利会上的讲话\n二〇二四年七月二十五日\n同志们：\n", date(2024, 7, 25)),
        ("在水利会上的讲话\n2024-07-25\n同志们：\n", date(2024, 7, 25)),
        ("在水利会上的讲话\n（2018年11月9曰）\n同志们：\n", date(2018, 11, 9)),
        ("在水利会上的讲话\n时间：2021年9月15日下午　地点：三楼会议室\n同志们：\n", date(2021, 9, 15)),
    ],
)
def test_the_day_is_read_however_it_is_written(head: str, day: date) -> None:
    assert delivered(head) == day


@pytest.mark.parametrize("blank", ["20xx年4月12日", "202_年4月12日", "××年4月12日", "2024年2月30日", "4月12日"])
def test_a_blanked_or_impossible_day_is_none(blank: str) -> None:
    assert delivered(f"在水利会上的讲话\n（{blank}）\n同志们：\n") is None


def test_the_day_of_the_session_goes_before_the_day_of_publication() -> None:
    head = "2026年县政府工作报告\n——2026年1月28日在清河县第十届人民代表大会第四次会议上\n"
    told = part(speech(head + "来源：日报\n时间：2026-02-03\n县长 高 原\n各位代表：\n"))
    assert told.delivered_on.value == date(2026, 1, 28)
    assert told.occasion.value == "清河县第十届人民代表大会第四次会议"
    assert told.speaker.value == "高原"


def test_minutes_are_of_the_day_of_the_meeting_not_of_their_issue() -> None:
    head = "清河县人民政府常务会议纪要\n清河县人民政府办公室　　2023年1月4日\n"
    told = part(head + "12月30日下午，县长主持召开第9次常务会议，议定三件事。\n" + BODY)
    assert told.delivered_on.value == date(2022, 12, 30)
    assert told.issuing_body.value == "清河县人民政府办公室"


def test_a_title_may_go_over_two_lines() -> None:
    told = part(speech("在全县冬修水利暨森林防火\n工作会议上的讲话\n（2023年10月9日）\n同志们：\n"))
    assert told.title.value == "在全县冬修水利暨森林防火工作会议上的讲话"
    assert told.title.evidence == "在全县冬修水利暨森林防火\n工作会议上的讲话"
    assert told.occasion.value == "全县冬修水利暨森林防火工作会议"


def test_a_title_may_name_who_speaks() -> None:
    told = part(speech("高市长在水利工作会上的讲话\n同志们：\n"))
    assert (told.speaker.value, told.post.value) == ("高市长", "市长")


def test_a_title_may_name_only_the_office() -> None:
    told = part(speech("第一篇：区长在水利工作会上的讲话\n同志们：\n"))
    assert told.title.value == "区长在水利工作会上的讲话"
    assert told.speaker is None
    assert told.post.value == "区长"


def test_a_name_that_is_blanked_out_is_no_name() -> None:
    told = part(speech("在水利工作会上的讲话\n县委副书记　×××\n同志们：\n"))
    assert told.speaker is None
    assert told.post.value == "县委副书记"


def test_the_occasion_is_found_in_the_first_words_where_no_title_tells_it() -> None:
    assert part(speech("同志们：\n这次全镇冬修水利工作会议，开得很及时。\n")).occasion.value == "全镇冬修水利工作会议"


def test_the_line_under_a_slogan_tells_the_occasion() -> None:
    told = part(speech("守住一方水土　造福一方百姓\n——在全县水利工作会议上的讲话\n同志们：\n"))
    assert told.title.value == "守住一方水土　造福一方百姓"
    assert told.occasion.value == "全县水利工作会议"


@pytest.mark.parametrize("number", [number for number in range(1, 24) if number != 8])
def test_the_day_of_every_shared_speech_of_our_own_is_found(number: int) -> None:
    name = f"own-{number:02}"
    told = part(shared_text(f"gold/texts/{name}.txt"))
    expected = json.loads(shared_text("gold/index.json"))[name]["delivered_on"]
    assert told.delivered_on.value.isoformat() == expected
