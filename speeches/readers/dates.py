"""Dates as heads of speeches write them."""

import re
from datetime import date

from .lines import DIGITS

# Full-width digits (２０２４年) and Chinese ones (二〇二四年七月二十五日); 曰 is how scanners read 日.
DATE = re.compile(
    r"(?<![\d_xX×])(?P<year>[12１２]\s?[\d０-９](?:\s?[\d０-９]){2}|[一二][〇○零Ｏ一二三四五六七八九]{3})"
    r"\s*[年.．/\-－]\s*(?P<month>[\d０-９]{1,2}|[一二三四五六七八九十]{1,2})"
    r"\s*[月.．/\-－]\s*(?P<day>[\d０-９]{1,2}|[一二三四五六七八九十廿]{1,3})\s*[日曰号]?(?![\d０-９])"
)
DAY_OF_YEAR = re.compile(r"(?P<month>[\d０-９]{1,2})月(?P<day>[\d０-９]{1,2})[日曰]")


def date_of(match: re.Match[str], year: int | None = None) -> date | None:
    """Return the day that a match of ``DATE`` names, or ``DAY_OF_YEAR`` in ``year``, or None."""
    try:
        return date(year or _count(match["year"].replace(" ", "")), _count(match["month"]), _count(match["day"]))
    except ValueError:
        return None


def _count(numeral: str) -> int:
    if numeral.isdecimal():
        return int(numeral)
    if len(numeral) == 4:
        return int("".join(str(DIGITS.get(char, 0)) for char in numeral))
    tens, ten, ones = numeral.replace("廿", "二十").rpartition("十")
    return (DIGITS.get(tens, 1) * 10 if ten else 0) + DIGITS.get(ones, 0)
