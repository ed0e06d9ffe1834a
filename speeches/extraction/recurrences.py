"""Frequencies: the words that say how often, as RFC 5545 rules.

`RULES` is data: name, pattern, production. What only sounds regular (定期, 经常, 不定期) is none.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from speeches.extraction.datewords import NUM, integer, weekday
from speeches.extraction.model import Recurrence
from speeches.extraction.text import fold, segments, view

Match = re.Match[str]
_BYDAY = ("", "MO", "TU", "WE", "TH", "FR", "SA", "SU")
_PERIOD = r"(?P<of>半个?月|半年|季度?|学期|工作日|星期|礼拜|周|旬|月|年|天|日)"
_ACT = (
    r"(?:通报|调度|督查|督办|督导|讲评|点评|总结|分析|研判|研究|观摩|考核|考评|考试|例会|会商|会办|报告|报送|上报|报|巡查|检查|抽查|排查|清零|"
    r"汇报|汇总|公示|公布|评比|评|评估|评价|晾晒|晒|比武|推进|盘点|复盘|清理|清单|对账|结算|小结|计划|安排|一?主题|测评|通气|更新|销号|跟踪|回访|走访|训|轮训|开庭|结)"
)
_STARTS = "每一两二三四五六七八九十半月旬日周季年天按逐双单逢隔0123456789"


def every(period: str, n: int = 1) -> str | None:
    """The rule for once in so many of a period."""
    match period:
        case "日" | "天" | "工作日" | "餐":
            rule = ("DAILY", n, "")
        case "周" | "星期" | "礼拜":
            rule = ("WEEKLY", n, "")
        case "旬":
            return "FREQ=MONTHLY;BYMONTHDAY=10,20,-1" if n == 1 else None
        case "半月" | "半个月":
            return "FREQ=MONTHLY;BYMONTHDAY=15,-1"
        case "月":
            rule = ("MONTHLY", n, "")
        case "季" | "季度":
            rule = ("MONTHLY", 3 * n, "")
        case "半年" | "学期":
            rule = ("MONTHLY", 6 * n, "")
        case _:
            rule = ("YEARLY", n, "")
    freq, interval, _ = rule
    if not 0 < interval < 1000:
        return None
    return f"FREQ={freq}" + (f";INTERVAL={interval}" if interval > 1 else "")


def _each(m: Match) -> str | None:
    n = integer(m["n"]) if m["n"] else 1
    rule = every(m["of"], n)
    if rule is None:
        return None
    if m["w"] and rule.startswith("FREQ=WEEKLY"):
        days = [_BYDAY[weekday(d)] for d in re.findall(r"[一二三四五六日天末1-7]", m["w"])]
        return f"{rule};BYDAY={','.join(dict.fromkeys(days))}"
    if m["d"] and m["of"] == "月":
        day = integer(m["d"])
        if not 1 <= day <= 31:
            return rule
        if m["before"]:
            day = day - 1 if day > 1 else -1
        if m["ds"]:
            several = sorted({day, *(integer(d) for d in re.findall(_DAY, m["ds"]))})
            return f"{rule};BYMONTHDAY={','.join(map(str, several))}"
        return f"{rule};BYMONTHDAY={day}"
    if m["of"] == "月" and (m["last"] or m["w"] == "末"):
        return f"{rule};BYMONTHDAY=-1"
    if m["m"] and m["of"] == "年":
        return f"{rule};BYMONTH={integer(m['m'])}"
    return rule


def _one_one(m: Match) -> str | None:
    n = 1 if m["n"] is None else integer(m["n"])
    return every(m["of"], n)


def _plain(m: Match) -> str | None:
    return every(m["of"])


def _market_days(m: Match) -> str | None:
    days = sorted({integer(d) for d in re.findall(r"逢([一二三四五六七八九十\d])", m.group())})
    every_ten = [d + tens for tens in (0, 10, 20) for d in days if d + tens <= 31]
    return "FREQ=MONTHLY;BYMONTHDAY=" + ",".join(str(d) for d in sorted(every_ten))


@dataclass(frozen=True)
class Rule:
    """One way to write a frequency."""

    name: str
    pattern: re.Pattern[str]
    rrule: Callable[[Match], str | None]


_DAY = r"(?:3[01]|[12]\d|0?[1-9]|二?十[一二三四五六七八九]?|三十一?|[一二三四五六七八九])"
_TIMES = r"(?:[^，。；、]{0,12}?(?:[一1两二2]|不少于[^，。；、]{1,3}|至少[一1]?)(?:次|回|遍|轮|趟|期|场)(?!性))?"
RULES: tuple[Rule, ...] = tuple(
    Rule(name, re.compile(pattern), rrule)
    for name, pattern, rrule in [
        # 每周三, 每两个月, 每月28日前, 每个星期五, 每半年, 每年9月
        (
            "each",
            rf"(?<!每[人户亩头吨生])(?<![底租单]价)(?<!租金)(?<!标准)(?<!工资)每(?:隔)?(?P<n>{NUM})?个?{_PERIOD}(?!产|销|利|入|终总|均|度都|级|龄)(?!的[一-龥]{{0,2}}(?:规矩|惯例|老|传统|节日|日子|今天))(?:的)?(?:(?P<w>(?:[、和]?(?:周)?[一二三四五六日天末](?![次个人份遍轮场回天名件项条期个]))+)|(?P<d>{_DAY})(?P<ds>(?:[日号]?[、和]{_DAY})*)[日号]|(?P<last>底|末|月底|最后一天)|(?P<m>1[0-2]|[1-9]|十?[一二三四五六七八九十])月)?(?P<before>[之以]?前)?",
            _each,
        ),
        ("meal", r"每[餐顿](?!饭?\d)|一餐一", lambda m: every("餐")),
        # 一月一调度, 两月一讲评, 半月一通报, 一周一次
        (
            "one-one",
            rf"(?<![\d第{'一二三四五六七八九十'}])(?:(?P<n>[一两二三四五六1-6])个?)?(?P<of>半个?月|半年|季度?|学期|星期|礼拜|周|旬|月|年|天|日)一(?=次|回|{_ACT}|[一-龥]{{1,3}}[、，”\"。；制会])(?:次|回|{_ACT})?",
            lambda m: _one_one(m) if m["n"] or m["of"].startswith("半") else None,
        ),
        # 半年讲一次, 半个月抽两个村
        (
            "half",
            r"(?<![\d一二三四五六七八九十每上下前后近])(?P<of>半个?月|半年)(?=[一-龥]{1,4}[一两二三1-3](?:次|回|个|遍|轮|趟))",
            _plain,
        ),
        # 一个星期至少去一趟, 一个月不少于四次
        (
            "in-one",
            r"(?<![\d第一二两三四五六七八九十])一(?:个(?P<of>星期|礼拜|月|季度|学期)|(?P<short>天|日|周|星期|旬|学期|年))(?=[^，。；]{0,10}?(?:至少|最少|不少于|不得少于|不低于)|(?:要|必须|都要|都得|得)?[一-龥]{0,4}?(?:[一两二三四五六七八九十]|\d{1,3})(?:次|回|趟|遍))",
            lambda m: every(m["of"] or m["short"]),
        ),
        ("doubled", r"(?P<of>月|旬|日|周|季|天)(?P=of)(?=有|抓|讲|查|报|清|督|评|调|看|比|结|通)", _plain),
        ("by", r"(?:按(?P<year>年)?|逐)(?P<of>(?(year)(?!)|(?:半年|季度?|旬|月|周|日)))(?!度计|期|照|份|息)", _plain),
        ("even", r"(?:逢|每)?(?<![季年半])(?<!季度)[双单](?P<of>月)(?=[^份产]|$)", lambda m: every("月", 2)),
        ("even-weeks", r"(?:逢|每)?双(?P<of>周)(?=[^末]|$)", lambda m: every("周", 2)),
        (
            "market",
            r"逢[一二三四五六七八九十\d](?:[、]?逢[一二三四五六七八九十\d])*(?=[^一-龥]|赶|开|集|日|的|都|要|场|$)(?!单|双)",
            _market_days,
        ),
        # 月通报、季观摩、年考核
        (
            "short",
            r"(?<![今本当上下每一二两三四五六七八九十个\d半逐按双单前后近明去全])(?P<of>半年|月|季|周|旬|日|年)(?=(?:通报|调度|督查|督办|督导|讲评|点评|分析|研判|观摩|考核|例会|报告|评比|评价|盘点|小结)(?:[、，；。\"”制会]|$))",
            _plain,
        ),
    ]
)
_ANY = re.compile(
    "[每逢双按逐餐]|[一两二三四五六]个?[季学星礼周旬月年天日]|半[年个月]|月月|旬旬|日日|周周|季季|天天|[月季周旬日年](?:通报|调度|督|讲评|点评|分析|研判|观摩|考核|例会|报告|评|盘点|小结)"
)


def spot(text: str) -> list[tuple[int, int, str]]:
    """Every frequency of a stretch of folded text: start, end, rule."""
    found: list[tuple[int, int, str]] = []
    if not _ANY.search(text):
        return found
    taken = bytearray(len(text))
    for rule in RULES:
        for m in rule.pattern.finditer(text):
            start, end = m.span()
            if taken.find(1, start, end) < 0 and (rrule := rule.rrule(m)):
                found.append((start, end, rrule))
                taken[start:end] = b"\1" * (end - start)
    return sorted(found)


def find_recurrences(text: str) -> list[Recurrence]:
    """Every frequency in the text, in its order."""
    folded, found = fold(text), []
    for seg in (view(folded, start, end) for start, end in segments(text)):
        for a, b, rrule in spot(seg.text):
            start, end = seg.where(a, b)
            found.append(Recurrence(text[start:end], rrule, start, end))
    return found
