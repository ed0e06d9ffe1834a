"""The extractor: text in, commitments out."""

import re
from datetime import date

from speeches.extraction.deadlines import find_deadlines
from speeches.extraction.model import Commitment, Lexicon, Recurrence, Target, UnitMention
from speeches.extraction.text import segments

_RECURRENCE = re.compile(r"每(?P<unit>日|周|月|季度?|半年|年)(?:[^，。；]{0,6}一次)?")
_RRULES = {
    "日": "FREQ=DAILY",
    "周": "FREQ=WEEKLY",
    "月": "FREQ=MONTHLY",
    "季": "FREQ=MONTHLY;INTERVAL=3",
    "季度": "FREQ=MONTHLY;INTERVAL=3",
    "半年": "FREQ=MONTHLY;INTERVAL=6",
    "年": "FREQ=YEARLY",
}
_TARGET = re.compile(
    r"(?P<n>\d+(?:\.\d+)?)(?P<scale>[万亿]?)(?P<unit>公里|条|个|米|公分|%|元|家|人|亩|户|吨)"
)
_UNIT = re.compile(
    r"[县市区镇乡]?[一-龥]{2,6}?(?:局|委员会|办公室|部门|督查室|领导小组)|各乡镇|各部门|各单位"
)


def find_recurrences(text: str) -> list[Recurrence]:
    """Every frequency in the text."""
    return [Recurrence(m.group(), _RRULES[m["unit"]], m.start(), m.end()) for m in _RECURRENCE.finditer(text)]


def find_targets(text: str) -> list[Target]:
    """Every number with a unit that an action could be measured by."""
    scale = {"": 1, "万": 10_000, "亿": 100_000_000}
    return [
        Target(m.group(), ">=", float(m["n"]) * scale[m["scale"]], m["unit"], m.start(), m.end())
        for m in _TARGET.finditer(text)
    ]


def find_units(text: str, *, lexicon: Lexicon | None = None) -> list[UnitMention]:
    """Every unit, group and person in the text."""
    found = [
        UnitMention(m.group(), m.group(), "unit", "responsible", m.start(), m.end())
        for m in _UNIT.finditer(text)
    ]
    if lexicon:
        for name in sorted(lexicon.units | lexicon.groups):
            for m in re.finditer(re.escape(name), text):
                kind = "group" if name in lexicon.groups else "unit"
                found.append(UnitMention(name, name, kind, "responsible", m.start(), m.end()))
    return sorted(set(found), key=lambda u: (u.start, -u.end))


def extract(text: str, *, delivered_on: date | None, lexicon: Lexicon | None = None) -> list[Commitment]:
    """Every commitment in the text, in its order. Offsets are characters of `text`; text[start:end] == quote.

    With `delivered_on=None` deadlines keep their symbol and have no `last_day`; `resolve` fills it in later.
    """
    found = []
    for start, end in segments(text):
        quote = text[start:end].strip().rstrip("。！？；;")
        if not quote:
            continue
        start = text.index(quote, start, end)
        deadlines = find_deadlines(quote, delivered_on=delivered_on, lexicon=lexicon)
        recurrences, targets, units = (
            find_recurrences(quote),
            find_targets(quote),
            find_units(quote, lexicon=lexicon),
        )
        if not (deadlines or recurrences or (targets and re.search("要|确保|力争|必须", quote))):
            continue
        found.append(_commitment(quote, start, deadlines, recurrences, targets, units))
    return found


def _commitment(quote, start, deadlines, recurrences, targets, units) -> Commitment:  # type: ignore[no-untyped-def]
    from dataclasses import replace

    def moved(part):  # type: ignore[no-untyped-def]
        return replace(part, start=part.start + start, end=part.end + start)

    return Commitment(
        tier="hard",
        deadline=moved(deadlines[-1]) if deadlines else None,
        recurrence=moved(recurrences[0]) if recurrences else None,
        targets=tuple(moved(t) for t in targets),
        responsible=tuple(dict.fromkeys(u.name for u in units)),
        supporting=(),
        people=(),
        start=start,
        end=start + len(quote),
        quote=quote,
        confidence=0.6,
        reasons=("deadline",) if deadlines else ("number",),
    )
