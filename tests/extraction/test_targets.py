"""What numbers say: how they are compared, what they count, what they measure, and which are none."""

import pytest

from speeches.extraction import find_targets


@pytest.mark.parametrize(
    ("phrase", "op", "value", "unit"),
    [
        ("每个乡镇建成3个以上示范村", ">=", 3, "个"),
        ("签约3个以上", ">=", 3, "个"),
        ("大约3个以上", ">=", 3, "个"),
        ("不少于3个", ">=", 3, "个"),
        ("厚度不准低于20公分", ">=", 20, "公分"),
        ("控制在30天以内", "<=", 30, "天"),
        ("人均不得超过15元", "<=", 15, "元"),
        ("增长6%左右", "~", 6, "%"),
        ("约200户", "~", 200, "户"),
        ("明确一名分管负责同志具体抓", "==", 1, "名"),
        ("每条河都要有一名县领导挂帅", "==", 1, "名"),
        ("隐患全部清零", "==", 0, ""),
        ("一户都不能落下", "==", 0, "户"),
        ("建设用地压减3到5个百分点", "in", 3, "个百分点"),
        ("总投资一点二亿元以上", ">=", 120_000_000, "元"),
        ("拨付专项资金1.5亿元", ">=", 150_000_000, "元"),
        ("财政局先拨800万，", ">=", 8_000_000, "元"),
        ("新增２．５万亩", ">=", 25_000, "亩"),
        ("3.2万贫困人口脱贫", ">=", 32_000, "人"),
        ("优良率到六成五以上", ">=", 6.5, "成"),
        ("压缩三分之一", ">=", 33.33, "%"),
        ("规模翻一番", ">=", 2, "倍"),
        ("半小时以内赶到，村部半小时以内报告", "<=", 0.5, "小时"),
    ],
)
def test_a_number_is_read_with_its_comparison_and_unit(phrase: str, op: str, value: float, unit: str) -> None:
    found = find_targets(phrase)[-1]
    assert (found.op, found.value, found.unit) == (op, value, unit)


@pytest.mark.parametrize(
    "phrase",
    [
        "前三名",
        "排在最后两位的乡镇",
        "那七户八户的事",
        "第三批项目",
        "庆祝建院三十周年",
        "集中三十天攻坚",
        "总投资超5亿元项目",
        "三条措施",
        "打好两场硬仗",
        "2026年",
        "S312线",
        "由40%提高到",
    ],
)
def test_what_only_numbers_names_or_describes_is_no_target(phrase: str) -> None:
    assert [t.text for t in find_targets(phrase)] == []


def test_the_number_at_the_head_of_a_line_is_not_part_of_the_first_figure() -> None:
    (found,) = find_targets("3．15所学校完成改造。")
    assert (found.value, found.unit) == (15, "所")


@pytest.mark.parametrize(
    ("phrase", "metric"),
    [
        ("路基宽度达4.5米", "路基宽度"),
        ("基层厚度不低于15公分", "基层厚度"),
        ("森林覆盖率稳定在61%以上", "森林覆盖率"),
        ("全年固定资产投资增长8%左右", "固定资产投资"),
        ("力争一般公共预算收入突破20亿元", "一般公共预算收入"),
        ("新增城镇就业5000人", "城镇就业"),
        ("建成3座泵站", "泵站"),
        ("完成87公里通村水泥路建设任务", "通村水泥路"),
        ("二季度末贷款余额较年初增加15亿元", "贷款余额"),
        ("每户补助2万元", ""),
        ("三日内办结", ""),
    ],
)
def test_a_target_says_what_it_measures_in_the_words_of_the_text(phrase: str, metric: str) -> None:
    found = find_targets(phrase)[-1]
    assert found.metric == metric
    assert metric in phrase
