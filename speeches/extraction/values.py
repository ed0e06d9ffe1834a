"""Symbolic dates and their resolution.

A symbol is what the words say, without the day on which they were said; it follows TIMEX3 where TIMEX3 has
a form. `resolve_value` turns it into the last day that is still on time.

    2026-05-01          a day                    XXXX-05-01      no year: the next one from the speech's month
    2026-06             a month                  XXXX-XX-20      no month either
    2026-06-T1          上旬 (T2 中旬, T3 下旬)     2026-06-F1      上半月 (F2 下半月)
    2026-Q2             a quarter                2026-H1         上半年 (H2 下半年)
    2026                a year                   2026-SP SU AU WI  a season
    Y+0-06              of this year             M+1-10          of next month
    W+0  W+0-5          this week, its Friday    WXX-5           the next Friday
    Q+0  M+0  D+1       this quarter, this month, tomorrow
    2026-W05            an ISO week              2026-03-W3      the third week that begins in March
    XXXX-06-7#3         the third Sunday of June
    P30D P3M P1Y P2W P5WD   a span that runs from the speech (WD: working days)
    XXXX-@春节           a holiday, a solar term, or a date of the Lexicon
    2026-L12-23  2026-L12  2020-LL04   lunar day, lunar month, leap month
    2025/2027           from one to the other
    ?开学                words that bound, but name no calendar day

    XXXX-@春节放假        the days off around a holiday, as the State Council announced them

A modifier follows after a space: `before` ends on the day before the symbol begins, `after` is the day after
it ends.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from speeches.extraction.almanac import add_workdays, days_off, holiday, lunar_day, lunar_month
from speeches.extraction.model import Commitment, Deadline, Lexicon

Span = tuple[date, date]

_YEAR = r"(?P<year>\d{4}|XXXX|Y[+-]\d+)"
_MONTH = r"(?P<month>\d\d)"
_SEASONS = {"SP": (3, 5), "SU": (6, 8), "AU": (9, 11), "WI": (12, 2)}


def month_span(year: int, month: int) -> Span:
    """First and last day of a month; months beyond 1 to 12 run into the neighbouring years."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    following = date(year + month // 12, month % 12 + 1, 1) if (year, month) != (9999, 12) else None
    return date(year, month, 1), following - timedelta(days=1) if following else date(9999, 12, 31)


def add_months(day: date, months: int) -> date:
    """The same day so many months on, or that month's last day where it has no such day."""
    first, last = month_span(day.year, day.month + months)
    return min(first + timedelta(days=day.day - 1), last)


def _years(m: re.Match[str], ref: date, month: int | None) -> list[int]:
    """The years to try, best first: a year that is not written is the next in which the month is to come."""
    year = m["year"]
    if year == "XXXX":
        first = ref.year if month is None or month >= ref.month else ref.year + 1
        return list(range(first, first + 9))
    if year[0] == "Y":
        return [ref.year + int(year[1:])]
    return [int(year)]


def _day(m: re.Match[str], ref: date) -> Span:
    for year in _years(m, ref, int(m["month"])):
        try:
            day = date(year, int(m["month"]), int(m["day"]))
        except ValueError:
            continue
        return day, day
    raise ValueError("no such day")


def _month(m: re.Match[str], ref: date) -> Span:
    return month_span(_years(m, ref, int(m["month"]))[0], int(m["month"]))


def _part(m: re.Match[str], ref: date) -> Span:
    first, last = _month(m, ref)
    at = {"T1": (1, 10), "T2": (11, 20), "T3": (21, last.day), "F1": (1, 15), "F2": (16, last.day)}[m["part"]]
    return first.replace(day=at[0]), first.replace(day=at[1])


def _bare_day(m: re.Match[str], ref: date) -> Span:
    for months in range(4):
        first, last = month_span(ref.year, ref.month + months)
        if int(m["day"]) <= last.day:
            return (day := first.replace(day=int(m["day"]))), day
    raise ValueError("no such day")


def _months(year: int, first: int, last: int) -> Span:
    return month_span(year, first)[0], month_span(year, last)[1]


def _quarter(m: re.Match[str], ref: date) -> Span:
    last = int(m["n"]) * 3
    return _months(_years(m, ref, last)[0], last - 2, last)


def _half(m: re.Match[str], ref: date) -> Span:
    last = int(m["n"]) * 6
    return _months(_years(m, ref, last)[0], last - 5, last)


def _season(m: re.Match[str], ref: date) -> Span:
    first, last = _SEASONS[m["season"]]
    year = _years(m, ref, last if last > first else 12)[0]
    return _months(year, first, last if last > first else last + 12)


def _year(m: re.Match[str], ref: date) -> Span:
    year = _years(m, ref, None)[0]
    return date(year, 1, 1), date(year, 12, 31)


def _relative_month(m: re.Match[str], ref: date) -> Span:
    first, last = month_span(ref.year, ref.month + int(m["n"]))
    if m["day"]:
        first = last = first.replace(day=int(m["day"]))
    elif m["part"]:
        at = {"T1": (1, 10), "T2": (11, 20), "T3": (21, last.day), "F1": (1, 15), "F2": (16, last.day)}[m["part"]]
        first, last = first.replace(day=at[0]), first.replace(day=at[1])
    return first, last


def _relative_week(m: re.Match[str], ref: date) -> Span:
    monday = ref - timedelta(days=ref.weekday()) + timedelta(weeks=int(m["n"]))
    if m["weekday"]:
        day = monday + timedelta(days=int(m["weekday"]) - 1)
        return day, day
    return monday, monday + timedelta(days=6)


def _next_weekday(m: re.Match[str], ref: date) -> Span:
    day = ref + timedelta(days=(int(m["weekday"]) - 1 - ref.weekday()) % 7)
    return day, day


def _relative_quarter(m: re.Match[str], ref: date) -> Span:
    first = (ref.month - 1) // 3 * 3 + 1 + 3 * int(m["n"])
    return _months(ref.year, first, first + 2)


def _relative_day(m: re.Match[str], ref: date) -> Span:
    day = ref + timedelta(days=int(m["n"]))
    return day, day


def _iso_week(m: re.Match[str], ref: date) -> Span:
    monday = date.fromisocalendar(_years(m, ref, None)[0], int(m["week"]), 1)
    return monday, monday + timedelta(days=6)


def _week_of_month(m: re.Match[str], ref: date) -> Span:
    first = _month(m, ref)[0]
    monday = first + timedelta(days=-first.weekday() % 7, weeks=int(m["week"]) - 1)
    return monday, monday + timedelta(days=6)


def _nth_weekday(m: re.Match[str], ref: date) -> Span:
    first, last = _month(m, ref)
    day = first + timedelta(days=(int(m["weekday"]) - 1 - first.weekday()) % 7, weeks=int(m["n"]) - 1)
    if day > last:
        raise ValueError("no such weekday")
    return day, day


def _span(m: re.Match[str], ref: date) -> Span:
    n = int(m["n"])
    match m["of"]:
        case "WD":
            return ref, add_workdays(ref, min(n, 3000))
        case "W":
            return ref, ref + timedelta(weeks=n)
        case "M":
            return ref, add_months(ref, n)
        case "Y":
            return ref, add_months(ref, 12 * n)
        case _:
            return ref, ref + timedelta(days=n)


def _lunar(m: re.Match[str], ref: date) -> Span:
    month, leap = int(m["month"]), bool(m["leap"])
    known = m["year"] != "XXXX"
    years = _years(m, ref, None) if known else list(range(ref.year - 1, ref.year + 20))
    for year in years:
        if m["day"]:
            day = lunar_day(year, month, int(m["day"]), leap=leap)
            span = (day, day) if day else None
        else:
            span = lunar_month(year, month, leap=leap)
        if span and (known or span[1] >= ref.replace(day=1)):
            return span
    raise ValueError("no such lunar day")


Resolver = Callable[[re.Match[str], date], Span]
_FORMS: list[tuple[re.Pattern[str], Resolver]] = [
    (re.compile(pattern), resolver)
    for pattern, resolver in [
        (rf"{_YEAR}-{_MONTH}-(?P<day>\d\d)", _day),
        (rf"{_YEAR}-{_MONTH}", _month),
        (rf"{_YEAR}-{_MONTH}-(?P<part>T[123]|F[12])", _part),
        (r"XXXX-XX-(?P<day>\d\d)", _bare_day),
        (rf"{_YEAR}-Q(?P<n>[1-4])", _quarter),
        (rf"{_YEAR}-H(?P<n>[12])", _half),
        (rf"{_YEAR}-(?P<season>SP|SU|AU|WI)", _season),
        (_YEAR, _year),
        (r"M(?P<n>[+-]\d+)(?:-(?P<day>\d\d)|-(?P<part>T[123]|F[12]))?", _relative_month),
        (r"W(?P<n>[+-]\d+)(?:-(?P<weekday>[1-7]))?", _relative_week),
        (r"WXX-(?P<weekday>[1-7])", _next_weekday),
        (r"Q(?P<n>[+-]\d+)", _relative_quarter),
        (r"D(?P<n>[+-]\d+)", _relative_day),
        (rf"{_YEAR}-W(?P<week>\d\d)", _iso_week),
        (rf"{_YEAR}-{_MONTH}-W(?P<week>[1-5])", _week_of_month),
        (rf"{_YEAR}-{_MONTH}-(?P<weekday>[1-7])#(?P<n>[1-5])", _nth_weekday),
        (r"P(?P<n>\d+)(?P<of>WD|D|W|M|Y)", _span),
        (rf"{_YEAR}-(?P<leap>L?)L{_MONTH}(?:-(?P<day>\d\d))?", _lunar),
    ]
]
_NAMED = re.compile(rf"{_YEAR}-@(?P<name>.+)")


def _named(m: re.Match[str], ref: date, lexicon: Lexicon | None) -> Span | None:
    office = lexicon.office_date(m["name"]) if lexicon else None
    written = m["year"] != "XXXX"
    for year in _years(m, ref, None) if written else [ref.year - 1, *_years(m, ref, None)]:
        if office and not m["name"].endswith("结束"):
            runs_over = office.end < office.start
            span = date(year, *office.start), date(year + runs_over, *office.end)
        else:
            days = days_off(m["name"].removesuffix("放假"), year) if m["name"].endswith("放假") else None
            day = holiday(m["name"].removesuffix("放假"), year)
            if day is None:
                continue
            span = days or (day, day)
        if written or (span[1].year, span[1].month) >= (ref.year, ref.month):
            return span
    return None


def _bounds(symbol: str, ref: date, lexicon: Lexicon | None) -> Span | None:
    if "/" in symbol:
        first, _, last = symbol.partition("/")
        start = _bounds(first, ref, lexicon)
        if start is None:
            return None
        yearless = last.startswith(("XXXX", "WXX"))
        end = _bounds(last, max(ref, start[0]) if yearless else ref, lexicon)
        return (start[0], end[1]) if end else None
    if symbol.startswith("?"):
        return None
    if named := _NAMED.fullmatch(symbol):
        return _named(named, ref, lexicon)
    for pattern, resolver in _FORMS:
        if m := pattern.fullmatch(symbol):
            return resolver(m, ref)
    return None


def resolve_span(value: str, *, delivered_on: date, lexicon: Lexicon | None = None) -> Span | None:
    """First and last day of a symbol without its modifier; None where no calendar day follows."""
    try:
        return _bounds(value.partition(" ")[0], delivered_on, lexicon)
    except (ValueError, OverflowError):
        return None


def resolve_value(value: str, *, delivered_on: date, lexicon: Lexicon | None = None) -> date | None:
    """The last day that is still on time, inclusive; None where no calendar day follows.

    Needs nothing but the symbol, the day of the speech and the Lexicon, so that a stored symbol can be
    resolved again when either changes. "X日前" ends on the day before X unless the Lexicon says that it
    includes X; with months and longer periods it always ends before they begin.
    """
    span = resolve_span(value, delivered_on=delivered_on, lexicon=lexicon)
    if span is None:
        return None
    if value.endswith(" before"):
        if span[0] == span[1] and lexicon and lexicon.before_includes:
            return span[1]
        return span[0] - timedelta(days=1) if span[0] > date.min else None
    if value.endswith(" after"):
        return span[1] + timedelta(days=1) if span[1] < date.max else None
    return span[1]


def resolve_deadline(deadline: Deadline, *, delivered_on: date | None, lexicon: Lexicon | None = None) -> Deadline:
    """The same deadline with `last_day` and the flags that depend on the date filled in."""
    flags = [f for f in deadline.flags if f not in ("before_speech", "unresolved")]
    last_day = None
    if delivered_on is not None:
        last_day = resolve_value(deadline.value, delivered_on=delivered_on, lexicon=lexicon)
        if last_day is None:
            flags.append("unresolved")
        elif last_day < delivered_on:
            flags.append("before_speech")
    elif deadline.value.startswith("?"):
        flags.append("unresolved")
    return replace(deadline, last_day=last_day, flags=tuple(sorted(flags)))


def resolve(commitment: Commitment, *, delivered_on: date | None, lexicon: Lexicon | None = None) -> Commitment:
    """The same commitment with its deadline resolved for a (new) day of speech; the text is not read again."""
    if commitment.deadline is None:
        return commitment
    deadline = resolve_deadline(commitment.deadline, delivered_on=delivered_on, lexicon=lexicon)
    return replace(commitment, deadline=deadline)
