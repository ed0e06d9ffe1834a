"""How single dates are written: rules as data, each a name, the characters it may begin with, a pattern and
a production.

A production turns a match into a symbol (see `values.py`), in which `{y}` stands for the year before it. What
is written without a year takes the rule's own `bare` symbol; a rule without one needs its year.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from speeches.extraction.almanac import LUNAR_HOLIDAYS, SOLAR_HOLIDAYS, SOLAR_TERMS
from speeches.extraction.numerals import HAN, to_int

Match = re.Match[str]
Production = Callable[[Match], str | None]

NUM = rf"(?:\d{{1,4}}|[{HAN}]{{1,4}})"
DIGITS = "0123456789"
HAN_DIGITS = "一二三四五六七八九十"
_M = r"(?P<m>1[0-2]|0?[1-9]|正|元|腊|冬|十[一二]|[一二三四五六七八九十])"
_D = (
    r"(?P<d>3[01]|[12]\d|0?[1-9]|二十[一二三四五六七八九]?|三十一?|十[一二三四五六七八九]?"
    r"|廿[一二三四五六七八九]?|[一二三四五六七八九])"
)
_LUNAR_D = r"(?P<d>初[一二三四五六七八九十\d]|廿[一二三四五六七八九]?|二?十[一二三四五六七八九]?|三十|[1-3]?\d)"
_W = r"(?:周|星期|礼拜)(?P<w>[一二三四五六日天末1-7])"
_FEW = r"(?P<n>[一二三四五1-5])"
_MONTH_FIRST = DIGITS + HAN_DIGITS + "正元腊冬"

_MONTHS = {"正": 1, "元": 1, "冬": 11, "腊": 12}
_WEEKDAYS = {"日": 7, "天": 7, "末": 7}
_QUARTERS = {"首": 1, "末": 4}
_PARTS = {"上旬": "T1", "中旬": "T2", "下旬": "T3", "上半月": "F1", "下半月": "F2", "前半月": "F1", "后半月": "F2"}
_HALVES = {"上": 1, "前": 1, "下": 2, "后": 2}
_NAMES = {"大年三十": "除夕", "年三十": "除夕", "小年": "腊月二十三"}
_STEPS = {"上": -1, "本": 0, "这": 0, "当": 0, "该": 0, "下": 1, "次": 1, "下下": 2, "上上": -2}


@dataclass(frozen=True)
class Rule:
    """One way to write a date.

    bare     the year's symbol where none is written; None: this rule needs a year before it
    yearly   a year may stand before it
    at_end   the words already name an end (月底, 年底): a following 前 does not move the day
    """

    name: str
    first: str
    pattern: re.Pattern[str]
    symbol: Production
    bare: str | None = "XXXX"
    yearly: bool = True
    at_end: bool = False


def integer(text: str) -> int:
    """A whole number in either script; -1 where it is none."""
    value = to_int(text)
    return -1 if value is None else value


def month(text: str) -> int:
    """1 to 12 for 六, 6, 06, 元, 腊."""
    return _MONTHS.get(text) or integer(text)


def weekday(text: str) -> int:
    """1 (Monday) to 7 for 一 to 日."""
    return _WEEKDAYS.get(text) or integer(text)


def _of_month(rest: str) -> Production:
    return lambda m: f"{{y}}-{month(m['m']):02}{rest}"


def _month_day(m: Match) -> str | None:
    day = integer(m["d"])
    return f"{{y}}-{month(m['m']):02}-{day:02}" if 1 <= day <= 31 else None


def _lunar_day(m: Match) -> str | None:
    text = m["d"]
    if text[0] == "初":
        day = integer(text[1:])
    elif text[0] == "廿":
        day = 20 + (integer(text[1:]) if text[1:] else 0)
    else:
        day = integer(text)
    leap = "L" if m["leap"] else ""
    return f"{{y}}-{leap}L{month(m['m']):02}-{day:02}" if 1 <= day <= 30 else None


def _first(most: int, form: str) -> Production:
    def produce(m: Match) -> str | None:
        n = integer(m["n"])
        return f"{{y}}-{form.format(1)}/{{y}}-{form.format(n)}" if 1 <= n <= most else None

    return produce


def _last(most: int, form: str) -> Production:
    def produce(m: Match) -> str | None:
        n = integer(m["n"])
        return f"{{y}}-{form.format(most - n + 1)}/{{y}}-{form.format(most)}" if 1 <= n <= most else None

    return produce


def _nth(most: int, form: str) -> Production:
    def produce(m: Match) -> str | None:
        n = integer(m["n"])
        return f"{{y}}-{form.format(n)}" if 1 <= n <= most else None

    return produce


def _step(m: Match) -> int:
    return _STEPS.get(m["step"], 0)


def _months_between(m: Match) -> str:
    return f"{{y}}-{month(m['m']):02}/{{y}}-{month(m['m2']):02}"


def _span(m: Match) -> str | None:
    n = {"半": 0}.get(m["n"], integer(m["n"]))
    half = m["n"] == "半"
    letter = {"年": "Y", "月": "M", "周": "W", "星期": "W", "礼拜": "W", "工作日": "WD", "季度": "Q"}.get(m["of"], "D")
    if half:
        return {"Y": "P6M", "M": "P15D", "D": "P1D"}.get(letter)
    if letter == "Q":
        return f"P{3 * n}M"
    return f"P{n}{letter}" if 0 < n < (100 if letter == "Y" else 4000) else None


def _compact(m: Match) -> str | None:
    year, mon, day = m["y"], int(m["m"]), int(m["d"] or 0)
    if not 1 <= mon <= 12 or day > 31:
        return None
    return f"{year}-{mon:02}-{day:02}" if m["d"] else f"{year}-{mon:02}"


def _rule(
    name: str,
    first: str,
    pattern: str,
    symbol: str | Production,
    *,
    bare: str | None = "XXXX",
    yearly: bool = True,
    at_end: bool = False,
) -> Rule:
    def fixed(_: Match) -> str:
        return str(symbol)

    return Rule(name, first, re.compile(pattern), symbol if callable(symbol) else fixed, bare, yearly, at_end)


def _alternatives(names: list[str]) -> str:
    return "|".join(sorted(names, key=len, reverse=True))


# Holidays named by two numerals; they are roads, squares and plain numbers as often.
_COUNTED = '五一|十一(?="|前|之前|长假|黄金周|期间|假期)|六一|七一|八一|三八|五四'
_NOT_NUMBER = r'(?!"?(?:[东西南北中]?大?[路道街桥渠]|广场|村|公园|水库|厂|[小中]学|[个月条名项年号级类届批次位亿日万百十]|[一二三四五六七八九]))'
_HOLIDAYS = _alternatives(
    [n for n in SOLAR_HOLIDAYS if n not in ("五一", "十一", "六一", "七一", "八一", "三八", "五四")]
    + [*LUNAR_HOLIDAYS, "清明", "冬至", "除夕", "大年三十", "年三十", "双节"]
)
_HOLIDAY_FIRST = "".join({n[0] for n in _HOLIDAYS.split("|")}) + '"国农大阴五十六七八三'
_TERMS = "|".join(SOLAR_TERMS)
_TERM_FIRST = "".join({n[0] for n in SOLAR_TERMS})
_UNIT_OF_TIME = "(?P<of>工作日|季度|星期|礼拜|年|月|周|天|日)"

RULES: tuple[Rule, ...] = (
    # 9月30日, 十二月20号, 10月31日（下周五）
    _rule("month-day", _MONTH_FIRST, rf"{_M}月份?{_D}[日号](?:[（，](?:本|下|这)?{_W}）?)?", _month_day),
    _rule("month-end", _MONTH_FIRST, rf"{_M}(?<![腊冬])月份?的?月?[底末]", _of_month(""), at_end=True),
    _rule(
        "month-part",
        _MONTH_FIRST,
        rf"{_M}月份?的?(?P<p>[上中下]旬|[上下前后]半月)",
        lambda m: f"{{y}}-{month(m['m']):02}-{_PARTS[m['p']]}",
    ),
    _rule("month-begin", _MONTH_FIRST, rf"{_M}月份?的?月?初", _of_month("-T1")),
    _rule(
        "month-week",
        _MONTH_FIRST,
        rf"{_M}月份?的?第{_FEW}个?(?:周|星期)(?![一二三四五六日天末])",
        lambda m: f"{{y}}-{month(m['m']):02}-W{integer(m['n'])}",
    ),
    _rule(
        "month-weekday",
        _MONTH_FIRST,
        rf"{_M}月份?的?第{_FEW}个?{_W}",
        lambda m: f"{{y}}-{month(m['m']):02}-{weekday(m['w'])}#{integer(m['n'])}",
    ),
    _rule(
        "month",
        _MONTH_FIRST,
        rf"{_M}(?<!腊)(?<!冬)月(?!球|饼|台|薪|均|一(?:次|[一-龥]{{2,3}}(?:[，。；、两]|$)))(?:份内?|内|当月)?",
        _of_month(""),
    ),
    _rule(
        "months",
        _MONTH_FIRST,
        rf"{_M}月?份?[、和及](?P<m2>1[0-2]|[1-9]|十[一二]|[一二三四五六七八九十])月份?(?:两个月)?",
        _months_between,
    ),
    _rule(
        "lunar-day",
        _MONTH_FIRST + "农阴旧闰",
        rf"(?:农历|阴历|旧历)?(?P<leap>闰)?{_M}月{_LUNAR_D}(?![日号天个\d年])",
        _lunar_day,
    ),
    _rule("lunar-day-named", "农阴旧", rf"(?:农历|阴历|旧历)(?P<leap>闰)?{_M}月{_LUNAR_D}[日号]?", _lunar_day),
    _rule(
        "lunar-month",
        "农阴旧闰正腊冬",
        rf"(?:(?:农历|阴历|旧历)(?P<leap>闰)?{_M}|(?P<leap2>闰)(?P<m2>[一二三四五六七八九十])|(?P<m3>[腊正]))月(?:份|(?P<e>[底末])|里)?",
        lambda m: f"{{y}}-{'L' if m['leap'] or m['leap2'] else ''}L{month(m['m'] or m['m2'] or m['m3']):02}",
        at_end=True,
    ),
    _rule(
        "quarter",
        "一二三四1234首末第",
        r"第?(?P<q>[一二三四1-4]|首(?!个)|末)(?:(?<=第[一二三四1-4])个)?(?:季度|季(?=[底末内前]))(?P<e>[底末])?内?",
        lambda m: f"{{y}}-Q{_QUARTERS.get(m['q']) or integer(m['q'])}",
        at_end=True,
    ),
    _rule("first-quarters", "前", r"前(?P<n>[一两二三123])个?季度", _first(4, "Q{}")),
    _rule("last-quarters", "后", r"后(?P<n>[一两二三123])个?季度", _last(4, "Q{}")),
    _rule("first-months", "前头", rf"[前头](?P<n>{NUM})个?月", _first(12, "{:02}"), bare="Y+0"),
    _rule("last-months", "最后", rf"(?:最[后後]|后)(?P<n>{NUM})个?月", _last(12, "{:02}"), bare=None),
    _rule("nth-month", "第", rf"第(?P<n>{NUM})个月", _nth(12, "{:02}"), bare=None),
    _rule("nth-week", "第", rf"第(?P<n>{NUM})周", _nth(53, "W{:02}"), bare=None),
    _rule("first-days", "前", rf"前(?P<n>{NUM})天", _first(31, "01-{:02}"), bare=None),
    _rule("first-month", "首", r"首月", "{y}-01", bare=None),
    _rule(
        "half",
        "上下前后",
        r"(?P<h>[上下前后])半年(?P<e>[底末])?内?",
        lambda m: f"{{y}}-H{_HALVES[m['h']]}",
        at_end=True,
    ),
    _rule("middle", "年", r"(?:年|(?<=\d年))中(?!部|国|共|心|央|考|间)", "{y}-06", at_end=True),
    _rule("year-begin", "年", r"年初(?=[之以]?前|完成)", "{y}-03", at_end=True),
    _rule(
        "season",
        "春夏秋冬",
        r"(?P<s>[春夏秋冬])(?:季|天)(?:学期)?(?:开学)?[前时初末]?",
        lambda m: "?{y}" + m["s"],
        bare=None,
    ),
    _rule(
        "holiday",
        _HOLIDAY_FIRST,
        rf'(?:农历|阴历)?"?(?:国际)?(?P<h>(?:{_COUNTED}){_NOT_NUMBER}|{_HOLIDAYS})"?(?:国际)?(?:节|劳动节|儿童节|建党节|建军节|日(?=前|之|以)|)"?(?P<off>(?:小?长?假期?|放假|收假|休假)(?:期间)?)?',
        lambda m: "{y}-@" + _NAMES.get(m["h"], m["h"]) + ("放假" if m["off"] else ""),
    ),
    # 过年以前, and 年前 where a clause begins: before the first day of the lunar year
    _rule("new-year", "过年", r"过年(?=[之以]?前)|(?:^|(?<=[，：；、]))年(?=前[^一二三四五六七八九十\d])", "{y}-@春节"),
    _rule("solar-term", _TERM_FIRST, rf"(?P<h>{_TERMS})(?:节气|节|时节)?", lambda m: "{y}-@" + m["h"]),
    _rule(
        "office-date",
        '主汛供采防两"',
        r'"?(?P<h>主汛期|汛期|供暖期|采暖期|供热期|防火期|两会)"?(?P<x>到来|来临|开始|结束)?',
        lambda m: "{y}-@" + m["h"] + ("结束" if m["x"] == "结束" else ""),
    ),
    # what needs no year of its own
    _rule(
        "this-year-end",
        "年岁",
        r"年[底末终](?!考|总结|绩效|目标|决算|奖|测评|述职)|岁末(?!年初|岁初)",
        "{y}",
        bare="Y+0",
        at_end=True,
    ),
    _rule("within-year", "年全", r"年内|全年(?!级|龄|度|行)", "{y}", bare="Y+0", at_end=True),
    _rule("year-term", "年", r"年度(?=(?:目标|各项)*任务(?:$|[，、。；]))", "{y}", bare="Y+0", at_end=True),
    _rule("year-span", "今明", r"今明两年|今明年", "Y+0/Y+1", yearly=False),
    _rule("next-years", "明", r"明后两年|明后年", "Y+1/Y+2", yearly=False),
    _rule("winter-spring", "今明", r"今[冬春秋夏](?:明春|明初)?|明[春夏秋冬]", lambda m: "?" + m.group(), yearly=False),
    _rule(
        "plan",
        '"十到',
        r'"?十(?P<n>[一二三四五六七八九])五"?(?:规划|计划)?(?:期间|时期|期末|期内|末期?|规划期内?|收官之年)',
        lambda m: str(2005 + 5 * integer(m["n"])),
        yearly=False,
        at_end=True,
    ),
    _rule(
        "month-step",
        "上本这当该下次",
        rf"(?P<step>上|本|这|当|该|下下|下|次)一?个?月(?:份)?的?(?:{_D}[日号]|(?P<p>[上中下]旬|[上下前后]半月)|(?P<e>底|末|月底))?内?",
        lambda m: f"M{_step(m):+d}" + (f"-{integer(m['d']):02}" if m["d"] else f"-{_PARTS[m['p']]}" if m["p"] else ""),
        yearly=True,
        bare="",
        at_end=True,
    ),
    _rule("month-close", "月", r"月[底末](?!考)", "M+0", yearly=False, at_end=True),
    _rule("half-month", "上下", r"(?P<h>[上下])半月", lambda m: f"M+0-F{_HALVES[m['h']]}", yearly=False),
    _rule("ten-days", "上中下", r"(?P<p>[上中下])旬", lambda m: f"M+0-{_PARTS[m['p'] + '旬']}", yearly=False),
    _rule("month-within", "月", r"月内", "M+0", yearly=False, at_end=True),
    _rule(
        "quarter-step",
        "上本这当下",
        r"(?P<step>[上本这当下])一?个?季度[底末]?",
        lambda m: f"Q{_step(m):+d}",
        yearly=False,
        at_end=True,
    ),
    _rule(
        "week-step",
        "上本这下",
        r"(?P<step>上上|下下|[上本这下])一?个?(?:周|星期|礼拜)的?(?:(?:周|星期|礼拜)?(?P<w>[一二三四五六日天末](?!个|次|级)))?(?:内|之内)?",
        lambda m: f"W{_step(m):+d}" + (f"-{weekday(m['w'])}" if m["w"] else ""),
        yearly=False,
    ),
    _rule("weekday", "周星礼", rf"(?<![上本这下每一两])(?<!个){_W}", lambda m: f"WXX-{weekday(m['w'])}", yearly=False),
    _rule(
        "today",
        "今本当昨前明后大",
        r"(?P<t>大后天|大前天|今[天日晚]|本日|昨[天日]|前天|明后天|明[天日晚]|后天)",
        lambda m: "D{:+d}".format(
            {
                "大后": 3,
                "大前": -3,
                "今天": 0,
                "今日": 0,
                "今晚": 0,
                "本日": 0,
                "昨天": -1,
                "昨日": -1,
                "前天": -2,
                "明后": 2,
                "明天": 1,
                "明日": 1,
                "明晚": 1,
                "后天": 2,
            }[m["t"][:2]]
        ),
        yearly=False,
    ),
    _rule(
        "day-of-month",
        DIGITS + HAN_DIGITS + "廿",
        rf"(?<![\d.{HAN}月第每）\]字发函])(?![一二三四五六七八九]号(?![之以]?前|上午|下午|晚|开|到|至|要|必|完|交|报|就|[^一-龥]|$)){_D}[日号](?!工程|项目|建议|文件|楼|线|公|站|井|炉|文|令|院|地|机|桥|馆|矿|车)",
        lambda m: f"XXXX-XX-{integer(m['d']):02}" if 0 < integer(m["d"]) < 32 else None,
        yearly=False,
    ),
    # spans that run from the speech
    _rule(
        "within",
        DIGITS + HAN + "半",
        rf"(?<![\d.{HAN}第])(?P<n>{NUM}|半)(?:个(?:半)?)?{_UNIT_OF_TIME}(?:时间)?(?:之内|以内|内(?!部|容|外|地))",
        _span,
        yearly=False,
        at_end=True,
    ),
    _rule(
        "after-days",
        DIGITS + HAN + "半",
        rf"(?<![\d.{HAN}第])(?P<n>{NUM}|半)个?{_UNIT_OF_TIME}(?:之)?后(?!续|勤|的)",
        _span,
        yearly=False,
        at_end=True,
    ),
    _rule(
        "coming",
        "今未后限",
        rf"(?:今后|未来|后|限期)(?P<n>{NUM}|半)个?{_UNIT_OF_TIME}(?:的?时间)?(?:内|之内)?",
        _span,
        yearly=False,
        at_end=True,
    ),
    # 2019-04-19, 2019/04/19, 2019.9.6, 20240307
    _rule(
        "numeric",
        "12",
        r"(?<![\d.])(?P<y>(?:19|20)\d\d)(?P<s>[-/.])(?P<m>\d{1,2})(?:(?P=s)(?P<d>\d{1,2}))(?![\d])",
        _compact,
        yearly=False,
    ),
    _rule(
        "numeric-month",
        "12",
        r"(?<![\d.])(?P<y>(?:19|20)\d\d)[.](?P<m>0[1-9]|1[0-2])(?P<d>)(?=[-—至到])",
        _compact,
        yearly=False,
    ),
    _rule(
        "compact",
        "12",
        r"(?<![\d.])(?P<y>(?:19|20)\d\d)(?P<m>0[1-9]|1[0-2])(?P<d>[0-3]\d)(?!\d)",
        _compact,
        yearly=False,
    ),
)

_RELATIVE_YEARS = {
    "今年": 0, "本年": 0, "本年度": 0, "这一年": 0, "今": 0, "明年": 1, "明年度": 1, "次年": 1, "来年": 1, "翌年": 1, "下一年": 1,
    "后年": 2, "大后年": 3, "去年": -1, "上年": -1, "上一年": -1, "前年": -2,
}  # fmt: skip
YEAR = re.compile(
    rf"(?:(?P<rel>{_alternatives([k for k in _RELATIVE_YEARS if len(k) > 1])})|(?P<blank>20[xX×_*]{{1,2}}|20\d[xX×_*]|[xX×]{{2,4}})年"
    rf"|(?P<y4>(?:19|20)\d\d|(?:二[零〇0Oo]|一九)[零〇一二三四五六七八九]{{2}})年|(?<!\d)(?P<y2>\d\d)年"
    rf"|(?P<h2>[零〇九八][零〇一二三四五六七八九]|[一二][零〇一二三四五六七八九](?=年[一二三四五六七八九十\d]))年)(?:度)?的?"
)
YEAR_FIRST = "今本当这明次来翌下后大去上前12xX×零〇九八一二" + DIGITS


def year_symbol(m: Match) -> tuple[str, bool]:
    """The symbol of a matched year, and whether it was written out or is one that may stand alone."""
    if m["rel"]:
        return f"Y{_RELATIVE_YEARS[m['rel']]:+d}", True
    if m["blank"]:
        return "XXXX", True
    if m["y4"]:
        return f"{integer(m['y4'].replace('O', '零').replace('o', '零')):04}", True
    two = integer(m["y2"] or m["h2"])
    return f"{two + (1900 if two >= 70 else 2000)}", (m["y2"] or m["h2"])[0] in "0零〇9九"


BUCKETS: dict[str, tuple[Rule, ...]] = {
    c: tuple(r for r in RULES if c in r.first) for c in {c for r in RULES for c in r.first}
}


@lru_cache(maxsize=128)
def _any_of(rules: tuple[Rule, ...]) -> re.Pattern[str]:
    """One pattern that matches at least where any of the rules does, to ask once where no rule will match."""
    bodies = (re.sub(r"\(\?P=\w+\)", "[-/.]", r.pattern.pattern) for r in rules if r.bare is not None)
    return re.compile("|".join(f"(?:{re.sub(r'[?]P<[a-z0-9]+>', '?:', body)})" for body in bodies) or r"(?!)")


GATES: dict[str, re.Pattern[str]] = {c: _any_of(rules) for c, rules in BUCKETS.items()}
