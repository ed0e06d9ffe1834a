"""Dates of the demo, all reckoned from the day it runs.

A speech is written with tokens where its dates stand:

    {delivered}     the day of the speech in full                       2026年4月24日
    {month:+2}      the month two months after today's                  1月, or 明年1月
    {quarter:+2}    the quarter that holds the month two after today's  一季度, or 明年一季度
    {half:+4}       the end of the half-year that holds that month      6月底, or 年底
    {around:+3}     the roundest day among today+3 … today+8            11月25日
    {shortly}       two or three weeks after the speech                 本月底, or 5月中旬

Years are spoken as the speaker would have spoken them on that day: none for their own year, 明年 for
the next one, and the number otherwise.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from speeches.extraction.almanac import lunar_day

TOKEN = re.compile(r"\{(?P<name>[a-z]+)(?::(?P<offset>[+-]\d+))?\}")
FIXED_HOLIDAYS = {(1, 1), *((5, day) for day in range(1, 6)), *((10, day) for day in range(1, 9))}
QUARTERS = "一二三四"
# After the 18th, 本月底 would leave an office hardly any time.
LAST_DAY_FOR_THIS_MONTH_END = 18


@dataclass(frozen=True)
class Month:
    """A calendar month; adding to it crosses years."""

    year: int
    month: int

    @classmethod
    def of(cls, day: date) -> "Month":
        return cls(day.year, day.month)

    def __add__(self, months: int) -> "Month":
        years, month = divmod(self.month - 1 + months, 12)
        return Month(self.year + years, month + 1)

    @property
    def last_day(self) -> date:
        return date(self.year, self.month, monthrange(self.year, self.month)[1])


def working_day_on_or_before(day: date) -> date:
    """No office meets on a weekend, on the fixed public holidays or in the week of the Spring Festival."""
    while day.weekday() >= 5 or (day.month, day.day) in FIXED_HOLIDAYS or _spring_festival(day):
        day -= timedelta(days=1)
    return day


def _spring_festival(day: date) -> bool:
    """Whether the day is New Year's Eve of the lunar calendar or one of the seven days after it."""
    first = lunar_day(day.year, 1, 1)
    return first is not None and first - timedelta(days=1) <= day < first + timedelta(days=7)


def roundest_day(start: date) -> date:
    """The day of the six from `start` on that an office would name: a fifth, tenth, … or a month's last.

    Any six days in a row hold one.
    """
    days = [start + timedelta(days=n) for n in range(6)]
    return next(day for day in days if day.day in (5, 10, 15, 20, 25) or day == Month.of(day).last_day)


def write_out(template: str, *, today: date, delivered: date) -> str:
    """The text of a speech given on `delivered`, as the demo shows it on `today`."""

    def spoken_year(year: int) -> str:
        return {0: "", 1: "明年"}.get(year - delivered.year, f"{year}年")

    def written(match: re.Match[str]) -> str:
        name, offset = match["name"], int(match["offset"] or 0)
        month = Month.of(today) + offset
        if name == "delivered":
            return f"{delivered.year}年{delivered.month}月{delivered.day}日"
        if name == "month":
            return f"{spoken_year(month.year)}{month.month}月"
        if name == "quarter":
            return f"{spoken_year(month.year)}{QUARTERS[(month.month - 1) // 3]}季度"
        if name == "half":
            return spoken_year(month.year) + ("6月底" if month.month <= 6 else "年底")
        if name == "around":
            day = roundest_day(today + timedelta(days=offset))
            return f"{spoken_year(day.year)}{day.month}月{day.day}日"
        if name == "shortly":
            if delivered.day <= LAST_DAY_FOR_THIS_MONTH_END:
                return "本月底"
            following = Month.of(delivered) + 1
            return f"{spoken_year(following.year)}{following.month}月中旬"
        raise ValueError(f"no such token: {match[0]}")

    return TOKEN.sub(written, template)


def last_day(due: str, *, today: date, delivered: date) -> date | None:
    """The last day that a promise's `due` stands for (`story.steps.Promise`); None for the empty one."""
    name, _, number = due.partition(":")
    n = int(number or 0)
    month = Month.of(today) + n
    match name:
        case "":
            return None
        case "month":
            return month.last_day
        case "quarter":
            return Month(month.year, (month.month + 2) // 3 * 3).last_day
        case "half":
            return Month(month.year, 6 if month.month <= 6 else 12).last_day
        case "tenth":
            return date(month.year, month.month, 10)
        case "before":
            return roundest_day(today + timedelta(days=n)) - timedelta(days=1)
        case "days":
            return delivered + timedelta(days=n)
        case "months":
            later = Month.of(delivered) + n
            return later.last_day.replace(day=min(delivered.day, later.last_day.day))
        case "shortly" if delivered.day <= LAST_DAY_FOR_THIS_MONTH_END:
            return Month.of(delivered).last_day
        case "shortly":
            following = Month.of(delivered) + 1
            return date(following.year, following.month, 10)
    raise ValueError(f"no such due: {due}")
