"""Who is charged: a table of sentences beside the rules, which is their documentation and holds them."""

import time
from datetime import date
from pathlib import Path

import pytest

from speeches.extraction import Commitment, Lexicon, extract, find_units
from speeches.extraction.charging import joined
from speeches.extraction.clauses import dissect
from speeches.extraction.lists import names_at
from speeches.extraction.text import fold

DAY = date(2026, 3, 2)
TABLE = Path(__file__).with_name("units.txt")
LAYOUTS = Path(__file__).with_name("layouts.txt")


def rows() -> list[str]:
    """The lines of the table that are no comments."""
    return [x for x in TABLE.read_text("utf-8").splitlines() if x and not x.startswith("#")]


def read(text: str) -> list[Commitment]:
    return extract(text, delivered_on=DAY)


@pytest.mark.parametrize("row", rows())
def test_a_sentence_charges_whom_the_table_says(row: str) -> None:
    sentence, *expected = row.split("｜")
    found = joined(*(clause.charge for clause in dissect(fold(sentence))))
    parts = (found.responsible, found.supporting, found.people)
    assert ["、".join(part) or "—" for part in parts] == expected


def test_the_table_holds_every_kind_of_sentence() -> None:
    assert len(rows()) >= 200
    assert sum(row.endswith("｜—｜—｜—") for row in rows()) >= 30


def blocks() -> list[str]:
    """The texts of the table of layouts, each with what is expected of it."""
    return LAYOUTS.read_text("utf-8").split("\n\n", 1)[1].strip().split("\n===\n")


@pytest.mark.parametrize("block", blocks())
def test_a_layout_charges_each_of_its_items_as_the_table_says(block: str) -> None:
    text = "\n".join(line for line in block.split("\n") if not line.startswith("→"))
    found = read(text)
    for line in block.split("\n"):
        if line.startswith("→"):
            piece, *expected = line.removeprefix("→ ").split("｜")
            (item,) = [c for c in found if piece in c.quote]
            parts = (item.responsible, item.supporting, item.people)
            assert ["、".join(part) or "—" for part in parts] == expected


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("县教育、卫生、民政等部门", ("县教育部门", "卫生部门", "民政部门")),
        ("东岭、西坪、南沟三个村", ("东岭村", "西坪村", "南沟村")),
        ("河东、河西两个区政府", ("河东区政府", "河西区政府")),
        ("市、县林业部门", ("市林业部门", "县林业部门")),
        ("安监、消防等职能部门", ("安监部门", "消防部门")),
        ("移动、联通、铁塔三家", ("移动", "联通", "铁塔")),
        ("清溪、白沙两镇和黄土乡", ("清溪镇", "白沙镇", "黄土乡")),
        ("县委县政府", ("县委", "县政府")),
        ("各县（市、区）、各园区", ("各县（市、区）", "各园区")),
    ],
)
def test_each_unit_of_a_list_stands_by_itself_with_its_ending(words: str, names: tuple[str, ...]) -> None:
    found = names_at(words, 0)
    assert found is not None
    assert (found.names, found.end) == (names, len(words))


def test_a_unit_named_after_the_action_is_charged_with_it() -> None:
    (found,) = read("全县要在6月底前完成42座水库的除险加固，由县水利局负责。")
    assert found.responsible == ("县水利局",)


def test_who_leads_and_who_helps_keep_apart_over_several_clauses() -> None:
    (found,) = read("由县教育局牵头，县财政局、县住建局配合，9月底前建成3所幼儿园。")
    assert found.responsible == ("县教育局",)
    assert found.supporting == ("县财政局", "县住建局")


def test_a_subject_goes_on_after_a_semicolon_where_no_other_stands() -> None:
    first, second = read("县交通局要在5月底前修通8条村道；8月底前安装护栏20公里。")
    assert first.responsible == second.responsible == ("县交通局",)


def test_a_subject_does_not_go_on_over_another() -> None:
    found = read("县交通局要在5月底前修通8条村道；县水利局8月底前疏浚河道20公里。")
    assert [c.responsible for c in found] == [("县交通局",), ("县水利局",)]


def test_a_unit_before_a_colon_is_charged_with_the_whole_paragraph() -> None:
    found = read("县民政局：6月底前新增养老床位300个。9月底前完成低保对象核查。")
    assert [c.responsible for c in found] == [("县民政局",)] * 2


@pytest.mark.parametrize(
    "trailer",
    [
        "（牵头单位：市城管局；配合单位：市财政局、各区）",
        "（市城管局牵头，市财政局、各区配合）",
        "【牵头单位：市城管局；配合单位：市财政局、各区】",
        "牵头单位：市城管局  配合单位：市财政局、各区",
        "此项工作由市城管局牵头，市财政局、各区配合。",
    ],
)
def test_a_trailer_charges_the_items_of_its_paragraph(trailer: str) -> None:
    (found,) = read(f"重点任务\n确保年底前建成口袋公园20个。{trailer}")
    assert found.responsible == ("市城管局",)
    assert found.supporting == ("市财政局", "各区")


def test_units_under_shared_duties_stand_without_the_words_of_duty() -> None:
    (found,) = read("全市要在年底前新增养老床位600张。（市民政局，各县（市、区）人民政府按职责分工负责）")
    assert found.responsible == ("市民政局", "各县（市、区）人民政府")


def test_names_are_spelled_as_the_text_spells_them() -> None:
    (found,) = read("縣財政局、“两办”督查室要在6月底前完成30个项目的清理。")
    assert found.responsible == ("縣財政局", "“两办”督查室")


def test_the_office_knows_its_own_names() -> None:
    lexicon = Lexicon(units=frozenset({"云上茶谷"}), people=frozenset({"阿依古丽"}))
    (found,) = extract("云上茶谷、县商务局要在6月底前引进20家茶企。", delivered_on=DAY, lexicon=lexicon)
    assert found.responsible == ("云上茶谷", "县商务局")
    mentions = find_units("请阿依古丽同志牵头。", lexicon=lexicon)
    assert [(m.name, m.kind, m.role) for m in mentions] == [("阿依古丽同志", "person", "responsible")]


def test_mentions_tell_who_acts_from_who_is_only_named() -> None:
    found = find_units("县住建局要会同县财政局，支持各乡镇改造危房。")
    assert [(m.name, m.kind, m.role) for m in found] == [
        ("县住建局", "unit", "responsible"),
        ("县财政局", "unit", "supporting"),
        ("各乡镇", "group", ""),
    ]


PIECES = [
    "局",
    "、",
    "各",
    "同志",
    "（",
    "由局、",
    "请",
    "县委县政府",
    "各县（市、区）、",
    "各乡镇等部门、",
    "与局",
    "管委会主任",
]


@pytest.mark.parametrize("piece", PIECES)
def test_no_run_of_words_makes_reading_slow(piece: str) -> None:
    """Time grows with the length and no faster, in one long run as in many sentences."""
    run = (piece * 100_000)[:100_000]
    sentences = "\n".join([(piece * 900)[:900] + "。"] * 20)
    begin = time.process_time()
    find_units(run)
    extract(run + "\n" + sentences, delivered_on=DAY)
    assert time.process_time() - begin < 20
