"""What was never said is taken out; what was cut in two is put together; all else stays as it stands."""

from pathlib import Path

import pytest

from speeches.readers import NOTES, clean, read
from speeches.readers.document import LONGEST_SHOWN, MOST_SHOWN

from .samples import shared_texts

WRAPPED = (
    "　　各位同志，今年的汛期比往年来得早，从四月下旬到现在已经下了五\n"
    "场大雨，水库的水位比去年同期高出两米多，几条主要河道都到了警戒水\n"
    "位。防汛办要在5月20日前把全县36座小水库再查一遍，每座水库都要有\n"
    "人值守，发现险情半小时内报到县里，谁也不许拖。\n"
    "　　二、把人转移好\n"
    "　　低洼地带的住户要提前转移，乡镇长亲自带队，一户一户去敲门，不能\n"
    "只在喇叭里喊一喊就算通知到了。\n"
)


@pytest.mark.parametrize("mark", [">", "＞", "* ", "| ", "#", "■"])
def test_stray_marks_at_the_beginning_of_a_line_go(mark: str) -> None:
    assert clean(f"{mark}一、统一思想\n大家要统一思想。") == "一、统一思想\n大家要统一思想。"


def test_a_stray_bar_at_the_end_of_a_line_goes() -> None:
    assert clean("喷淋阀要在月底前换完。｜\n") == "喷淋阀要在月底前换完。"


def test_full_width_digits_stay_as_they_are() -> None:
    assert clean("到２０２５年９月底完成") == "到２０２５年９月底完成"


def test_lines_broken_at_an_even_width_are_joined_and_headings_left_alone() -> None:
    first, heading, last = clean(WRAPPED).split("\n")
    assert first.startswith("各位同志")
    assert "已经下了五场大雨" in first
    assert "36座小水库再查一遍，每座水库都要有人值守" in first
    assert heading == "二、把人转移好"
    assert "不能只在喇叭里喊" in last


def test_a_sentence_goes_on_after_a_comma_and_before_a_mark() -> None:
    assert clean("请各村抓紧，\n月底前报来\n；过期不候。") == "请各村抓紧，月底前报来；过期不候。"


def test_a_heading_is_never_joined_to_its_paragraph() -> None:
    text = "一、提高认识，压实责任\n各村要把这件事当成大事来办。\n二、严格考核\n每月通报一次。"
    assert clean(text) == text


def test_a_paragraph_whose_full_stop_was_forgotten_stays_one() -> None:
    text = "水利局要抓紧。月底前拿出方案\n各乡镇也要动起来。"
    assert clean(text) == text


def test_an_indented_line_begins_a_paragraph_though_the_one_above_breaks_off() -> None:
    lines = WRAPPED + "　　当前，我们既要看到全县的\n　　37希望大家回去以后抓紧落实。\n"
    assert clean(lines).endswith("当前，我们既要看到全县的\n37希望大家回去以后抓紧落实。")


def test_title_speaker_date_and_salutation_keep_their_lines() -> None:
    head = "在全县防汛会议上的讲话\n县长　高××\n（2024年5月6日）\n同志们："
    assert clean(head + "\n" + WRAPPED).startswith(head + "\n各位同志")


def test_a_page_number_in_the_middle_of_a_sentence_goes() -> None:
    text = "各村要在月底前报来。谁没有报\n        — 2 —\n到，会上要说明原因。"
    assert clean(text) == "各村要在月底前报来。谁没有报到，会上要说明原因。"


@pytest.mark.parametrize("number", ["— 第 1 页 —", "-第1页-", "第 1 页 共 8 页", "－ 第一页，共 8 页 －", "1 / 8"])
def test_page_numbers_of_every_look_go(number: str) -> None:
    text = f"各村要在月底前报来。谁没有报\n        {number}\n到，会上要说明原因。"
    assert clean(text) == "各村要在月底前报来。谁没有报到，会上要说明原因。"


def test_numbers_that_do_not_count_up_are_not_page_numbers() -> None:
    assert clean("得分\n7\n得分\n3\n完。") == "得分\n7\n得分\n3\n完。"


def test_the_buttons_of_a_web_page_go() -> None:
    page = "县政府工作报告\n下载\n打印\n【字号：\n大\n中\n小\n】\n各位代表：\n现在报告工作。\n" + "完成了任务。" * 60
    cleaned = clean(page + "\n分享到:\n微信\n相关报道：\n另一篇报道的标题")
    assert cleaned.startswith("县政府工作报告\n各位代表：\n现在报告工作。\n完成了任务。")
    assert cleaned.endswith("完成了任务。")


def test_an_advert_of_a_document_site_goes() -> None:
    advert = "本文档由 www.fanwenku.com 生成，更多范文请访问我们的网站"
    assert clean(f"谢谢大家！\n{advert}") == "谢谢大家！"


def test_a_sentence_that_names_a_government_site_stays() -> None:
    sentence = "请各单位登录www.qinghe.gov.cn下载申报表，10月底前报来。"
    assert clean(sentence) == sentence


def test_a_title_that_stands_there_twice_is_kept_once() -> None:
    assert clean("县政府工作报告\n县政府工作报告\n各位代表：") == "县政府工作报告\n各位代表："


def test_a_short_line_may_be_repeated() -> None:
    assert clean("好！\n好！") == "好！\n好！"


def test_what_cannot_be_seen_goes() -> None:
    assert clean("\ufeff同\u200b志\x00们：\u00ad\uf06c") == "同志们："


def test_an_empty_line_between_parts_stays_one() -> None:
    assert clean("一、\n\n\n\n二、") == "一、\n\n二、"


def test_a_pasted_text_is_cleaned_like_one_from_a_file() -> None:
    assert clean(WRAPPED) == read(WRAPPED.encode("gb18030")).text


def test_what_was_done_is_noted() -> None:
    notes = read((">讲话稿\n" + WRAPPED).encode()).notes
    assert [*notes] == ["stray_marks", "joined_lines"]
    assert notes.keys() <= NOTES.keys()


def test_the_notes_show_what_was_taken_out_and_where_lines_were_joined() -> None:
    notes = read((">讲话稿\n" + WRAPPED).encode()).notes
    assert notes["stray_marks"] == [">讲话稿"]
    assert all(" ⏎ " in seam for seam in notes["joined_lines"])


def test_a_note_shows_each_line_once_and_no_more_than_a_page_takes() -> None:
    page = "".join(f"{'甲' * 150}{number}\n— {number} —\n同一句话说了又说。\n" * 2 for number in range(900))
    notes = read(page.encode()).notes
    assert len(notes["page_furniture"]) == MOST_SHOWN
    assert all(len(line) <= LONGEST_SHOWN for lines in notes.values() for line in lines)


@pytest.mark.parametrize("file", shared_texts("*/**/*.txt"), ids=lambda file: file.stem)
def test_cleaning_twice_changes_nothing_more(file: Path) -> None:
    if not file.exists():
        pytest.skip("no shared texts beside this checkout")
    once = clean(file.read_text(encoding="utf-8"))
    assert clean(once) == once
