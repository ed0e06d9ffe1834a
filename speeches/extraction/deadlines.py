"""Deadlines: the words that bound an action, wherever they stand."""

import re
from datetime import date

from speeches.extraction.model import Deadline, Lexicon
from speeches.extraction.numerals import to_int
from speeches.extraction.text import View, fold, segments, view
from speeches.extraction.values import resolve_deadline

_DATE = re.compile(
    r"(?:(?P<year>\d{4})年|(?P<rel>今|明|后)年)?(?P<month>1[0-2]|[1-9])月(?:(?P<day>3[01]|[12]\d|[1-9])[日号]|(?P<end>底|末|份))?(?P<before>之?前|以前)?"
    r"|(?:(?P<y2>\d{4})年|(?P<rel2>今|明)?年)(?P<part>底|末|内)前?"
)
_YEARS = {"今": "Y+0", "明": "Y+1", "后": "Y+2"}


def find_in_view(seg: View) -> list[Deadline]:
    """Every deadline of one segment, unresolved."""
    found = []
    for m in _DATE.finditer(seg.text):
        flags: tuple[str, ...] = ()
        if m["part"]:
            value = m["y2"] or _YEARS.get(m["rel2"] or "今", "Y+0")
        else:
            year = m["year"] or _YEARS.get(m["rel"] or "", "XXXX")
            flags = () if year != "XXXX" else ("no_year",)
            value = f"{year}-{to_int(m['month']):02}"
            if m["day"]:
                value += f"-{to_int(m['day']):02}"
            if m["before"] and not m["end"]:
                value += " before"
        start, end = seg.where(m.start(), m.end())
        found.append(Deadline("", None, False, start, end, value, flags))
    return found


def find_deadlines(text: str, *, delivered_on: date | None, lexicon: Lexicon | None = None) -> list[Deadline]:
    """Every expression that would bound an action, whether or not a commitment stands around it."""
    folded, found = fold(text), []
    for start, end in segments(text):
        for deadline in find_in_view(view(folded, start, end)):
            whole = Deadline(
                text[deadline.start : deadline.end],
                None,
                False,
                deadline.start,
                deadline.end,
                deadline.value,
                deadline.flags,
            )
            found.append(resolve_deadline(whole, delivered_on=delivered_on, lexicon=lexicon))
    return found
