"""Deadlines: the words that bound an action, wherever they stand.

Recognition only: a date is read (`datewords`), joined to the one it runs to, given the modifier that
follows it (前, 底, 内), and refused where it cannot bound an action. What day it is `values` says.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from speeches.extraction.almanac import LUNAR_HOLIDAYS, SOLAR_HOLIDAYS, SOLAR_TERMS
from speeches.extraction.datewords import (
    BUCKETS,
    GATES,
    NUM,
    YEAR,
    YEAR_FIRST,
    Match,
    Rule,
    integer,
    month,
    year_symbol,
)
from speeches.extraction.model import Deadline, Lexicon
from speeches.extraction.text import fold, inside, segments, view
from speeches.extraction.values import resolve_deadline

_STARTS = re.compile("[" + "".join(re.escape(c) for c in sorted({*BUCKETS, *YEAR_FIRST})) + "]")
_JOIN = re.compile(r"(?:日|号)?(?:起|开始)?(?:——|—|-|至|到|～|、|，|和)(?=\S)")
_TIGHT_JOIN = re.compile(r"(?:起|开始)?(?:——|—|-|至|到)")
_BEFORE = re.compile(
    r'"?(?:的)?(?:（[^）]{1,12}）)?"?(?:(?:到来|来临|来|结束|开始|放假)?(?:或|及|和)?(?P<or>(?<=[或及和]))?(?:之前|以前|前夕|前)(?!后|期|列|往|台|述|面|景|沿|所|者|边|言|提(?:下|是|条)|(?<![日号底末旬节]前)[一二两三四五六七八九十几\d]+(?:个|年|季|月|天|名|位))|到来|来临)'
)
_AROUND = re.compile(r"(?:[之以]?前后|左右)")
_HOUR = re.compile(
    r"(?:上午|中午|下午|晚上|晚|早上?|傍晚|凌晨)?(?:\d{1,2}|[一二三四五六七八九十两]{1,3})?(?:[点时:：](?:\d\d|半|整)?分?)?(?:下班|上班|收工)?(?=[之以]?前)"
)
_PASSED = re.compile(
    r'"?(?:(?:一|刚)?过(?!后)(?=就|即|立即|马上|[，,、]|$)|(?:结束|收假|过)?(?:之|以)?后(?=就|即|立即|马上))'
)
_WITHIN = re.compile(r"(?:之内|以内|内(?!部|容|外|地|控|生|需|涵)|期间|为止|止|当天|当日|底)")
_CLOCK = re.compile(r"(?:上午|中午|下午|晚上|晚|早上?)?(?:\d{1,2}|[一二三四五六七八九十]{1,3})[点时](?:半|\d{1,2}分)?")
_REFUSED_AFTER = re.compile(
    r"(?:日|号)?(?:[之以](?:后|来)|后(?!续|勤|备|期|台)|来(?=[，,。])|[，,]?起(?:施行|执行|实行|试行|生效|实施|，|,|至今|$|[^至到草诉立点步])|开始(?:施行|执行|实施|，|。|$)|及以后|或之后|以降|至今)"
)
_REFUSED_BEFORE = re.compile(r"(?:自从|始于|根据|依据|同比|比|较|自)$")
_TITLE = re.compile(r"《[^》]{0,80}》?|〔[^〕]{0,12}〕|（[^（）]{0,20}[〔\[]\d{4}[〕\]][^（）]{0,12}）|\[\d{4}\]")


@dataclass(frozen=True)
class Point:
    """One date as it stands: where, its symbol, whether a year was written, and what 前 does to it."""

    start: int
    end: int
    symbol: str
    rule: str
    at_end: bool = False
    yearless: bool = False
    blank: bool = False


def _bare_year(m: Match, symbol: str, alone: bool) -> Point | None:
    text, end = m.string, m.end()
    if m.group().endswith("的"):
        end -= 1
    close = text[end : end + 1]
    if not alone and not (close in ("底", "末") or text[end : end + 2] in ("年底", "年末")):
        return None
    if close in ("底", "末") or text[end : end + 2] in ("年底", "年末"):
        end += 2 if close == "年" else 1
        return Point(m.start(), end, symbol, "year-end", at_end=True, blank=bool(m["blank"]))
    if close == "内" and text[end + 1 : end + 2] not in ("容", "部"):
        return Point(m.start(), end + 1, symbol, "year", at_end=True, blank=bool(m["blank"]))
    return Point(m.start(), end, symbol, "year", blank=bool(m["blank"]))


def _apply(rule: Rule, text: str, at: int, year: Match | None, symbol: str) -> Point | None:
    m = rule.pattern.match(text, at)
    if m is None:
        return None
    made = rule.symbol(m)
    if made is None:
        return None
    start = year.start() if year else at
    if rule.name == "month-step" and year:
        made = _step_in_year(made, symbol)
    elif "{y}" in made:
        made = made.replace("{y}", symbol)
    end_named = rule.at_end and ("e" not in m.re.groupindex or bool(m["e"]))
    blank = bool(year and year["blank"])
    return Point(start, m.end(), made, rule.name, end_named, made.startswith("XXXX"), blank)


def _step_in_year(step: str, year: str) -> str:
    """去年本月十日: the month is this one, the year is not; written as a step of twelve months."""
    if not year.startswith("Y"):
        return step
    m = re.match(r"M([+-]\d+)(.*)", step)
    return f"M{int(m[1]) + 12 * int(year[1:]):+d}{m[2]}" if m else step


def point_at(text: str, at: int) -> Point | None:
    """The longest date that begins here."""
    best: Point | None = None
    year = YEAR.match(text, at) if text[at] in YEAR_FIRST else None
    if year:
        symbol, alone = year_symbol(year)
        best = _bare_year(year, symbol, alone)
        at_body = year.end()
        if at_body < len(text):
            for rule in BUCKETS.get(text[at_body], ()):
                if rule.yearly and (p := _apply(rule, text, at_body, year, symbol)) and (not best or p.end > best.end):
                    best = p
    gate = GATES.get(text[at])
    if gate is None or not gate.match(text, at):
        return best
    for rule in BUCKETS[text[at]]:
        if rule.bare is None:
            continue
        p = _apply(rule, text, at, None, rule.bare or "XXXX")
        if p and (not best or p.end > best.end):
            best = p
    return best


_LEADS = re.compile(r"(?P<h>.*?)-\d\d$")


def _inherit(first: Point, text: str, at: int) -> Point | None:
    """The second date of a range, which leaves out what it shares with the first: 9月10—12日, 2019年6月1日—30日."""
    symbol = first.symbol.rpartition("/")[2]
    m = re.match(
        r"(?P<d>3[01]|[12]\d|0?[1-9]|二?十[一二三四五六七八九]?|三十一?|[一二三四五六七八九])[日号]", text[at : at + 6]
    )
    day = re.fullmatch(r"((?:\d{4}|XXXX|Y[+-]\d+)-\d\d)-\d\d|(M[+-]\d+)-\d\d", symbol)
    if m and day:
        return Point(at, at + m.end(), f"{day[1] or day[2]}-{integer(m['d']):02}", "day", yearless=first.yearless)
    nxt = point_at(text, at)
    if nxt is None:
        return None
    year = re.match(r"\d{4}|Y[+-]\d+", symbol)
    if nxt.symbol.startswith("XXXX-") and year and nxt.rule not in ("day-of-month",):
        return replace(nxt, symbol=year.group() + nxt.symbol[4:], yearless=False)
    if nxt.rule == "weekday" and (week := re.match(r"W[+-]\d+", symbol)):
        return replace(nxt, symbol=week.group() + nxt.symbol[3:])
    return nxt


_OPEN_RANGE = re.compile(
    r"(?P<m>1[0-2]|0?[1-9]|[一二三四五六七八九十]{1,2})月?份?(?:——|—|-|至|到)(?=(?:1[0-2]|0?[1-9]|十?[一二三四五六七八九十])(?:月|个?季度))"
)
_OPEN_DAYS = re.compile(
    r"(?P<m>1[0-2]|0?[1-9])月(?P<d>3[01]|[12]\d|0?[1-9])(?:——|—|-|至|到)(?P<d2>3[01]|[12]\d|0?[1-9])[日号]"
)
_OPEN_YEARS = re.compile(r"(?<!\d)(?P<y>(?:19|20)\d\d)(?:——|—|-|至|到)(?P<z>(?:19|20)\d\d)年(?!版)")
_OPEN_NUMERIC = re.compile(
    r"(?<!\d)(?P<y>(?:19|20)\d\d)\.(?P<m>0[1-9]|1[0-2])(?:——|—|-|至|到)(?P<y2>(?:19|20)\d\d)(?:\.(?P<m2>0[1-9]|1[0-2]))?"
)


_RANGE_AHEAD = re.compile(r"[^，。；、]{1,12}?[—\-至到]")


def _open_range(text: str, at: int) -> Point | None:
    """Ranges whose first half is no date by itself: 3—5月, 4月12-19日, 2025—2027年."""
    year = YEAR.match(text, at) if text[at] in YEAR_FIRST else None
    symbol, begin = (year_symbol(year)[0], year.end()) if year else ("XXXX", at)
    if m := _OPEN_DAYS.match(text, begin):
        head = f"{symbol}-{int(m['m']):02}"
        return Point(at, m.end(), f"{head}-{int(m['d']):02}/{head}-{int(m['d2']):02}", "days", yearless=not year)
    if m := _OPEN_YEARS.match(text, at):
        end = m.end() + (1 if text[m.end() : m.end() + 1] in ("底", "末") else 0)
        return Point(at, end, f"{m['y']}/{m['z']}", "years", at_end=True)
    if m := _OPEN_NUMERIC.match(text, at):
        last = f"{m['y2']}-{m['m2']}" if m["m2"] else m["y2"]
        return Point(at, m.end(), f"{m['y']}-{m['m']}/{last}", "months", at_end=True)
    if text[at - 1 : at] not in ("第",) and (m := _OPEN_RANGE.match(text, begin)):
        last_point = point_at(text, m.end())
        if last_point and last_point.symbol.startswith("XXXX-"):
            first = f"{symbol}-{month(m['m']):02}"
            return Point(
                at, last_point.end, f"{first}/{symbol}{last_point.symbol[4:]}", "months", last_point.at_end, not year
            )
    return None


def _extend(point: Point, text: str) -> Point:
    """The same date with what it runs to."""
    for _ in range(8):
        join = _JOIN.match(text, point.end)
        if not join or join.end() >= len(text):
            return point
        listing = join.group()[-1] in "、，和"
        second = _inherit(point, text, join.end())
        if second is None or (
            listing
            and not _same_year(point, second)
            and (second.rule not in ("day", "day-of-month", "weekday", "week-step") or point.rule in ("year",))
        ):
            return point
        if listing and _kind(point.symbol) != _kind(second.symbol):
            return point
        if second.rule in ("within", "after-days", "coming") or second.symbol.startswith("?"):
            return point
        first = point.symbol.partition("/")[0]
        point = replace(
            second,
            start=point.start,
            symbol=f"{first}/{second.symbol}",
            yearless=point.yearless,
            blank=point.blank or second.blank,
        )
    return point


def _same_year(first: Point, second: Point) -> bool:
    """明年一季度、三季度: the year that the first names holds for the second."""
    written = re.match(r"(?:\d{4}|Y[+-]\d)-(?:Q|\d\d$)", first.symbol.rpartition("/")[2])
    return written is not None and first.rule == second.rule


def _kind(symbol: str) -> str:
    return re.sub(r"\d", "0", symbol.rpartition("/")[2])


def _points(text: str) -> Iterator[Point]:
    at = 0
    while m := _STARTS.search(text, at):
        at = m.start()
        point = (_open_range(text, at) if _RANGE_AHEAD.match(text, at) else None) or point_at(text, at)
        if point is None:
            at += 1
            continue
        point = _extend(point, text)
        yield point
        at = point.end


_SPANS = ("within", "after-days", "coming")
_EVENT_BEFORE = re.compile(r"[一-龥](?<![今，在])$")


# Events that are the speech or the paper itself: 会后三天内, 即日起两个月内, 自印发之日起30日内.
_NOW = re.compile(
    r"(?:今[天日]|即日|现在|散会|会议?结束|(?<![开机委大常协])会|(?<![到接])(?:印发|下发|发布|公布|发文)(?:之日)?|(?<!到)(?<!到本)(?:通知|方案|纪要|意见|通报)(?:印发|下发|发布|公布)(?:之日)?)[之以]?[起后]?$"
)


def _since(text: str, at: int) -> str:
    """The event from which a span runs, as far as it stands before the span: 取土结束后."""
    m = re.search(r"[^，。；：、\s]{0,10}$", text[max(0, at - 10) : at])
    return m.group() if m else ""


def _from_event(point: Point, text: str) -> bool:
    """Whether a span runs from an event other than the speech: 取土结束后三天内."""
    at, coming = point.start, point.rule == "coming" and text[point.start] == "后"
    follows = coming and _EVENT_BEFORE.search(text[:at][-3:]) is not None
    if not (follows or (point.rule in _SPANS and text[at - 1 : at] in ("后", "起"))):
        return False
    return _NOW.search(text[max(0, at - 12) : at + coming]) is None


def _suffix(point: Point, text: str) -> tuple[int, str]:
    """Where the expression ends, and its symbol with the modifier that its suffix gives."""
    end, symbol, base = point.end, point.symbol, point.symbol.rpartition("/")[2]
    hour = _HOUR.match(text, end)
    timed = bool(hour and hour.end() > end)
    if hour and timed:
        end = hour.end()
    if m := _AROUND.match(text, end):
        return m.end(), "?" + text[point.start : m.end()].replace(" ", "")
    if point.rule == "holiday" and (m := _PASSED.match(text, end)):
        return m.end(), f"{base} after"
    if _from_event(point, text):
        start = point.start
        return max(end, (w.end() if (w := _WITHIN.match(text, end)) else end)), "?" + _since(text, start) + text[
            start:end
        ]
    if m := _BEFORE.match(text, end):
        inclusive = re.search(r"[或及]", m.group()) is not None
        if not (point.at_end or timed or inclusive or base.startswith("P") or " " in symbol):
            symbol = f"{base} before"
        return m.end(), symbol
    if timed:
        return point.end, symbol
    if point.rule == "year" and text[end : end + 1] == "度":
        return end + 1, symbol
    m = _WITHIN.match(text, end)
    return (m.end() if m else end), symbol


# Names that are as often part of something else; by themselves they need a frame: 到清明, 五一开街.
_NEEDS_FRAME = {"solar-term", "holiday", "office-date", "ten-days", "lunar-month", "weekday"}
_FRAME_BEFORE = re.compile(r'(?:到|至|于|在|截至|年|[，,：:。；;（("的、])$')
_ADJECTIVAL = re.compile(
    r"(?:、(?:春节|元宵|国庆|中秋)[^，]{0,4}(?:临近|将至|期间)|是|快到|临近|将至|将近|就要|马上|又|刚|节日|晚会|活动|放假|值班|档期|[一-龥]{0,4}保障|黄金周|慰问)"
)


def _accepts(point: Point, text: str, end: int, symbol: str) -> bool:
    """Whether the words can bound an action at all."""
    before, after = text[max(0, point.start - 4) : point.start], text[end : end + 8]
    plain = symbol == point.symbol
    if _NO_BOUND_BEFORE.search(before) or (plain and _HAPPENS.match(after)):
        return False
    hour = _CLOCK.match(text, end)
    if _REFUSED_AFTER.match(text, hour.end() if hour else end):
        return False
    if "/" not in symbol and before.endswith(("从", "自", "打")) and not symbol.endswith(" before"):
        return False
    if point.rule == "today" and before.endswith("的"):
        return False
    if plain and (re.match(r"[那这]", after) or (point.rule == "year" and before.endswith(("为", "向")))):
        return False
    if plain and "/" not in symbol and _REFUSED_BEFORE.search(before):
        return False
    if point.rule in _NEEDS_FRAME and plain and end == point.end:
        framed = (
            point.start == 0 or text[point.start] == '"' or _FRAME_BEFORE.search(before) or point.symbol[:1] in "Y12"
        )
        if point.rule == "office-date" or not framed:
            return False
        if point.rule in ("solar-term", "holiday") and _ADJECTIVAL.match(after):
            return False
        if point.symbol.rpartition("@")[2] in SOLAR_TERMS and not re.match(r"$|[，。；、：）]|当天|以?[开完完]", after):
            return False
    return not before.endswith(("每年", "每"))


# 受7月中旬暴雨影响, 别等到年底: the date is a cause, or what is not to be waited for.
_NO_BOUND_BEFORE = re.compile(r"(?:受|耽误|影响|错过|误了|[别不][要能]?等到|无须等到|不用等到|不必等到)$")
# 合同6月30日到期: what comes of itself on that day.
_HAPPENS = re.compile(r"(?:就|将|才|即将|零时|正式)?(?:到期|期满|届满|失效|是法定|开始供[热暖水]|供[热暖](?=，|$))")
_SPOKEN = re.compile(
    r"(?:入|主)?汛(?:期)?(?:到来|来临|结束)?[之以]?前|(?:雨季|暑假|寒假|入[冬秋夏春]|秋收|春耕|春播|封冻|上冻|(?:秋季学期|春季学期|新学期)?开学)(?:[之以]?前后|到来[之以]?前|来临[之以]?前|[之以]?前)"
    r"|(?:过渡期|任期|供热期|供暖期|汛期|规划期|整改期|试用期)内|自[^，。；]{1,24}之日起"
    + NUM
    + r"个?(?:工作日|日|天|月|年)内"
)


Spot = tuple[int, int, str, tuple[str, ...]]
# Without one of these no date can stand in a text: a cheap look before the careful one.
_ANY = re.compile(
    r"[年月日号天旬]|季|周|星期|礼拜|工作日|前|岁末|汛|期[内间]|[今明]晚|\d[-/.]\d|\d{8}|限期|"
    + "|".join([*SOLAR_TERMS, *SOLAR_HOLIDAYS, *LUNAR_HOLIDAYS, "除夕", "双节", '五["”]?[末期时]'])
)


def spot(text: str) -> list[Spot]:
    """Every deadline of a stretch of folded text: start, end, symbol, flags."""
    if not _ANY.search(text):
        return []
    titled = inside([m.span() for m in _TITLE.finditer(text)] if "《" in text or "〔" in text or "[" in text else [])
    found: list[Spot] = []
    taken = 0
    for each in sorted([*_dated(text), *_spoken(text)]):
        if each[0] < taken or titled(each[0]):
            continue
        taken = each[1]
        found.append(each)
    return found


def _dated(text: str) -> Iterator[Spot]:
    for point in _points(text):
        end, symbol = _suffix(point, text)
        if not _accepts(point, text, end, symbol):
            continue
        flags = [name for name, is_so in (("blank_year", point.blank), ("no_year", point.yearless)) if is_so]
        yield point.start, end, symbol, tuple(flags)


def _spoken(text: str) -> Iterator[Spot]:
    for m in _SPOKEN.finditer(text):
        words = m.group()
        if "之日起" in words and _NOW.search(words[: words.index("起") + 1]):
            continue
        season = "主汛期" if words.startswith("主汛") else "汛期"
        flood = words.startswith(("汛", "入汛", "主汛")) and "结束" not in words and words.endswith("前")
        yield m.start(), m.end(), f"XXXX-@{season} before" if flood else f"?{words}", ()


def find_deadlines(text: str, *, delivered_on: date | None, lexicon: Lexicon | None = None) -> list[Deadline]:
    """Every expression that would bound an action, whether or not a commitment stands around it."""
    folded, found = fold(text), []
    for seg in (view(folded, start, end) for start, end in segments(text)):
        for a, b, symbol, flags in spot(seg.text):
            start, end = seg.where(a, b)
            read = Deadline(text[start:end], None, False, start, end, symbol, flags)
            found.append(resolve_deadline(read, delivered_on=delivered_on, lexicon=lexicon))
    return found
