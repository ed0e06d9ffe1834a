"""One file may hold several speeches."""

from pathlib import Path

import pytest

from speeches.readers import clean
from speeches.readers.splitting import split

from .samples import BODY, shared_text, shared_texts, speech


def begins(text: str) -> list[str]:
    return [part.text[:9].split("\n")[0] for part in split(clean(text))]


def test_one_speech_stays_one() -> None:
    assert len(split(clean(speech("在全镇冬修水利会议上的讲话\n（2023年10月9日）\n镇长　高××\n同志们：\n")))) == 1


def test_numbered_titles_begin_a_speech_each() -> None:
    text = speech("第一篇：在水利会上的讲话\n同志们：\n") + speech("第二篇：在农业会上的讲话\n同志们：\n")
    assert begins(text) == ["第一篇：在水利会上", "第二篇：在农业会上"]


def test_numbers_may_stand_behind_the_title() -> None:
    text = speech(">讲话稿1\n同志们：\n") + speech(">讲话稿2\n同志们：\n")
    assert begins(text) == ["讲话稿1", "讲话稿2"]


def test_a_repeated_salutation_begins_a_speech() -> None:
    assert begins(speech("同志们：\n") + speech("同志们：\n")) == ["同志们：", "同志们："]


def test_the_title_speaker_and_date_above_a_salutation_belong_to_what_follows() -> None:
    text = speech("各位代表：\n") + speech("在冬修水利会上的讲话\n县长　何××\n（2023年10月9日）\n同志们：\n")
    assert begins(text) == ["各位代表：", "在冬修水利会上的讲"]


def test_a_title_begins_a_speech_that_has_no_salutation() -> None:
    assert begins(speech("同志们：\n") + speech("在农业工作会议上的讲话\n")) == [
        "同志们：",
        "在农业工作会议上的",
    ]


def test_a_speech_without_a_title_is_found_where_a_number_is_missing() -> None:
    first = speech("第一篇：在水利会上的讲话\n同志们：\n", closing="最后，我再强调一点，希望各村回去以后抓紧\n")
    second = speech("37要说的事情有三件，都不大，可是都要紧。\n")
    third = speech("第三篇：在农业会上的讲话\n同志们：\n")
    assert begins(first + second + third) == ["第一篇：在水利会上", "37要说的事情有三", "第三篇：在农业会上"]


def test_a_salutation_in_the_middle_does_not_end_a_speech_whose_headings_go_on() -> None:
    middle = BODY.replace("一、", "四、").replace("二、", "五、").replace("三、", "六、")
    assert len(split(clean(speech("同志们：\n") + "同志们：\n" + middle))) == 1


def test_a_salutation_before_the_last_words_does_not_begin_a_speech() -> None:
    last = "目标已经定了，路子也清楚了，剩下的就是一个字，干。" * 10
    assert len(split(clean(speech("同志们：\n") + "同志们：\n" + last))) == 1


def test_a_heading_that_names_another_speech_is_not_a_title() -> None:
    heading = "传达学习市委书记在全市农业会议上的讲话\n"
    assert len(split(clean(speech("同志们：\n") + heading + BODY))) == 1


@pytest.mark.parametrize("marks", [("篇一：", "篇二："), ("【篇1】", "【篇2】"), ("范文1 ", "范文2 ")])
def test_collections_number_their_speeches_in_many_ways(marks: tuple[str, str]) -> None:
    text = "".join(speech(f"{mark}在水利会上的讲话\n同志们：\n") for mark in marks)
    assert [part.title.value for part in split(clean(text))] == ["在水利会上的讲话"] * 2


def test_thousands_of_salutations_are_no_trouble() -> None:
    text = clean("同志们：\n大家好，今天开会。\n" * 20_000)
    assert "\n".join(part.text for part in split(text)) == text


def test_chapters_of_a_plan_are_not_speeches() -> None:
    text = "".join(f"第{number}篇　总的要求\n{BODY}" for number in "一二三")
    assert len(split(clean(text))) == 1


def test_a_title_repeated_at_the_end_of_a_page_is_not_a_speech() -> None:
    head = "2024年县政府工作报告\n各位代表：\n"
    assert len(split(clean(speech(head) + head + "现在我向大会报告工作。\n"))) == 1


def test_every_word_belongs_to_exactly_one_part() -> None:
    text = clean(speech("讲话稿1\n同志们：\n") + speech("讲话稿2\n同志们：\n"))
    parts = split(text)
    assert "\n".join(part.text for part in parts) == text
    assert all(text[part.start : part.end] == part.text for part in parts)


def test_a_text_without_a_word_is_one_empty_part() -> None:
    assert [part.text for part in split("")] == [""]


@pytest.mark.parametrize(("file", "count"), [("seed-000", 3), ("seed-004", 5)])
def test_the_speeches_of_the_shared_collections_are_found(file: str, count: int) -> None:
    parts = split(clean(shared_text(f"corpus/{file}.txt")))
    assert len(parts) == count
    for number, part in enumerate(parts, 1):
        alone = clean(shared_text(f"gold/texts/{file.replace('-', '')}-{number}.txt"))
        words = "".join(part.text.split())
        assert words[40:-100] in "".join(alone.split())


@pytest.mark.parametrize(
    "file",
    [*shared_texts("gold/texts/*.txt"), *shared_texts("corpus/*[省市区].txt")],
    ids=lambda file: file.stem,
)
def test_every_other_shared_text_is_one_speech(file: Path) -> None:
    if not file.exists():
        pytest.skip("no shared texts beside this checkout")
    assert len(split(clean(file.read_text(encoding="utf-8")))) == 1
