"""Days that the Chinese calendar gives: lunar dates, holidays by their real day, solar terms, working days.

Lunar dates come from `lunardate`, working days (调休 included, as announced by the State Council each year)
and solar terms (寿星公式 with its corrections) from `chinesecalendar`. Years outside of their tables give None.
"""

from datetime import date, timedelta
from functools import lru_cache

from chinese_calendar import get_solar_terms, is_workday
from chinese_calendar.constants import holidays
from lunardate import LunarDate

# Fixed days of the solar calendar, as month and day. 五一 and its like are also the names of offices' dates.
SOLAR_HOLIDAYS = {
    "元旦": (1, 1),
    "妇女节": (3, 8),
    "三八": (3, 8),
    "植树节": (3, 12),
    "五一": (5, 1),
    "劳动节": (5, 1),
    "青年节": (5, 4),
    "五四": (5, 4),
    "儿童节": (6, 1),
    "六一": (6, 1),
    "七一": (7, 1),
    "建党节": (7, 1),
    "八一": (8, 1),
    "建军节": (8, 1),
    "教师节": (9, 10),
    "国庆": (10, 1),
    "十一": (10, 1),
    "圣诞": (12, 25),
}
# Lunar month and day; 除夕 is the eve of 正月初一 and is reckoned in `holiday`.
LUNAR_HOLIDAYS = {
    "春节": (1, 1),
    "元宵": (1, 15),
    "端午": (5, 5),
    "七夕": (7, 7),
    "中秋": (8, 15),
    "重阳": (9, 9),
    "腊八": (12, 8),
}
SOLAR_TERMS = tuple(
    "立春 雨水 惊蛰 春分 清明 谷雨 立夏 小满 芒种 夏至 小暑 大暑 "
    "立秋 处暑 白露 秋分 寒露 霜降 立冬 小雪 大雪 冬至 小寒 大寒".split()
)


def lunar_day(year: int, month: int, day: int, *, leap: bool = False) -> date | None:
    """The solar date of a lunar one, None where that year has no such day."""
    try:
        found: date = LunarDate(year, month, day, leap).to_solar_date()
    except ValueError:
        return None
    return found


def lunar_month(year: int, month: int, *, leap: bool = False) -> tuple[date, date] | None:
    """First and last solar day of a lunar month."""
    first = lunar_day(year, month, 1, leap=leap)
    if first is None:
        return None
    last = lunar_day(year, month, 30, leap=leap) or lunar_day(year, month, 29, leap=leap)
    return (first, last) if last else None


@lru_cache(maxsize=512)
def holiday(name: str, year: int) -> date | None:
    """The day itself, not the days off around it: 春节 is 正月初一, 国庆 the first of October."""
    if name in SOLAR_HOLIDAYS:
        month, day = SOLAR_HOLIDAYS[name]
        return date(year, month, day)
    if name in LUNAR_HOLIDAYS:
        return lunar_day(year, *LUNAR_HOLIDAYS[name])
    if name == "除夕":
        new_year = lunar_day(year, 1, 1)
        return new_year - timedelta(days=1) if new_year else None
    if name == "双节":
        autumn, national = holiday("中秋", year), date(year, 10, 1)
        return min(autumn, national) if autumn else national
    if name in SOLAR_TERMS and 1900 <= year <= 2100:
        terms = get_solar_terms(date(year, 1, 1), date(year, 12, 31))
        return next((day for day, term in terms if term == name), None)
    return None


def days_off(name: str, year: int) -> tuple[date, date] | None:
    """First and last day off around a holiday; None where the year's calendar is not announced."""
    day = holiday(name, year)
    if day is None or day not in holidays:
        return None
    first = last = day
    while (before := first - timedelta(days=1)) in holidays or (before.weekday() > 4 and not works(before)):
        first = before
    while (after := last + timedelta(days=1)) in holidays or (after.weekday() > 4 and not works(after)):
        last = after
    return first, last


def add_workdays(start: date, days: int) -> date:
    """The day on which the given number of working days after `start` is full."""
    day = start
    while days > 0:
        day += timedelta(days=1)
        days -= works(day)
    return day


@lru_cache(maxsize=4096)
def works(day: date) -> bool:
    """Whether offices work that day; beyond the announced years Monday to Friday are taken."""
    try:
        return bool(is_workday(day))
    except NotImplementedError:
        return day.weekday() < 5


def last_announced_year() -> int:
    """The last year whose holidays and make-up working days have been announced, as far as is known here."""
    year: int = max(holidays).year
    return year
