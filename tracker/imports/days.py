"""Days, names and shares as offices type them into cells. Deadlines in words are the extractor's to understand."""

import datetime as dt
import re
from dataclasses import dataclass
from functools import lru_cache

from openpyxl.utils.datetime import from_excel

from speeches.extraction import find_deadlines, find_recurrences

_NUMERIC = re.compile(r"^(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?$")
_MONTH = re.compile(r"^(\d{4})\s*[-./]\s*(\d{1,2})$")
_OPEN_ENDED = re.compile(r"长期|持续|常态|经常|长效|适时|视情|立即|尽快|无$|^[-—/]+$")
# A day that lost its format in the sheet is a count of days since 1900; these are 1982 to 2064.
_SERIAL = re.compile(r"^[3-5]\d{4}(?:\.0+)?$")


@dataclass(frozen=True)
class Deadline:
    """What a cell says of time: a last day, or a recurrence, or words that bind to no day (长期)."""

    last_day: dt.date | None = None
    text: str = ""
    value: str = ""
    rrule: str = ""


def day(text: str) -> dt.date | None:
    """The day that a cell names by year, month and day; None for anything else, 2026-02-31 included."""
    if _SERIAL.match(text):
        return from_excel(float(text)).date()
    if match := _NUMERIC.match(text.strip()):
        try:
            return dt.date(*map(int, match.groups()))
        except ValueError:
            return None
    return None


def looks_like_day(text: str) -> bool:
    return bool(day(text) or (re.search(r"\d月|年底|季度末?$|^长期$", text) and len(text) <= 16))


@lru_cache(maxsize=20_000)
def deadline(text: str, reckoned_from: dt.date) -> Deadline | None:
    """What ``text`` says of time, reckoned from that day; None where it cannot be understood.

    A cell of several days ("3月底前开工，10月底前完工") means the last of them.
    """
    text = text.strip()
    if not text:
        return Deadline()
    if named := day(text):
        return Deadline(named, text, named.isoformat())
    if _NUMERIC.match(text):
        return None
    if match := _MONTH.match(text):
        text = f"{match[1]}年{match[2]}月"
    recurrences = find_recurrences(text)
    found = [row for row in find_deadlines(text, delivered_on=reckoned_from) if row.last_day]
    last = max(found, key=lambda row: row.last_day) if found else None
    if recurrences or last:
        rule = recurrences[0].rrule if recurrences else ""
        return Deadline(last.last_day if last else None, text[:200], last.value if last else "", rule)
    return Deadline(text=text[:200]) if _OPEN_ENDED.search(text) else None


def names(text: str) -> list[str]:
    """The names in a cell, each once, in order: 县交通局、县财政局等 is two names."""
    parts = re.split(r"[、，,;；/\n]|\s{2,}", text)
    clean = [re.sub(r"^(?:牵头|配合|责任)(?:单位)?[:：]|(?:等)$", "", part.strip()) for part in parts]
    return list(dict.fromkeys(part for part in clean if part))


def percent(text: str) -> int | None:
    """A share as a whole percentage: 45%, 45, 0.45 and 已完成 (100); None for anything else."""
    text = text.strip().rstrip("%％").strip()
    if re.fullmatch(r"已?(?:完成|办结|销号)", text):
        return 100
    if not re.fullmatch(r"\d{1,3}(?:\.\d+)?", text):
        return None
    value = float(text)
    if 0 < value < 1:
        value *= 100
    return round(value) if value <= 100 else None
