"""How an office writes things on paper, and which name it signs with."""

import datetime as dt
from decimal import Decimal
from typing import Any
from unicodedata import east_asian_width

import jieba
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from tracker.lights import Light
from tracker.models import Membership, Target, Unit

# What a light is called on paper, and its colour in print (RRGGBB).
LIGHT_WORDS = {
    Light.RED: "红灯（逾期）",
    Light.YELLOW: "黄灯（未达序时）",
    Light.BLUE: "蓝灯（临期）",
    Light.GREEN: "绿灯（正常）",
    Light.GREY: "未启动或长期",
    Light.DONE_LATE: "逾期办结",
    Light.DONE: "办结",
}
LIGHT_COLOURS = {
    Light.RED: "C62828",
    Light.YELLOW: "F2B705",
    Light.BLUE: "1E66C8",
    Light.GREEN: "2E8B57",
    Light.GREY: "8A8F98",
    Light.DONE_LATE: "B08968",
    Light.DONE: "7FB69A",
}


def day(value: dt.date | None) -> str:
    """2026年9月30日, as papers write it; nothing for None."""
    return f"{value.year}年{value.month}月{value.day}日" if value else ""


def in_lines(title: str, *, most: float = 19) -> str:
    """A title that is longer than a line of ``most`` characters, broken between two words near its middle and a
    little behind it, as 公文 are titled; left alone where one line holds it or somebody has broken it already."""
    if _wide(title) <= most or "\n" in title:
        return title
    breaks, at = [], 0
    for word in jieba.cut(title):
        at += len(word)
        breaks.append(at)
    inside = [cut for cut in breaks if 1 < cut < len(title) - 1 and title[cut] not in _NEVER_FIRST]
    if not inside:
        return title
    best = min(inside, key=lambda cut: abs(_wide(title[:cut]) - _wide(title) * 0.52))
    return f"{title[:best]}\n{title[best:]}"


# Neither a closing mark nor one of these words begins a line.
_NEVER_FIRST = "，。、；：？！）》”的和与及年月日"


def _wide(text: str) -> float:
    """How many Han characters wide ``text`` is."""
    return sum(1.0 if east_asian_width(letter) in "WF" else 0.5 for letter in text)


def names(values: Any) -> str:
    """Names in a row: 县交通运输局、县财政局."""
    return "、".join(str(value) for value in values if value)


def number(value: Decimal) -> str:
    """A quantity without the noughts behind it: 87, 3.5, 1200."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


_OPS = {Target.Op.AT_LEAST: "≥", Target.Op.AT_MOST: "≤", Target.Op.EXACTLY: "", Target.Op.ABOUT: "约"}


def target(row: Target) -> str:
    """A target in the words of its source, or as measure, sign, number and unit where there are none."""
    if row.text:
        return row.text
    amount = (
        f"{number(row.value)}—{number(row.high)}" if row.high is not None else _OPS.get(row.op, "") + number(row.value)
    )
    return f"{row.metric}{amount}{row.unit}"


def issuer(user: Any) -> str:
    """Who a paper comes from: the supervision office, else the unit that ``user`` coordinates."""
    office = Unit.objects.filter(kind=Unit.Kind.OFFICE, is_active=True).first()
    if office is None:
        held = Membership.objects.filter(user=user).select_related("unit").order_by("role").first()
        office = held.unit if held else None
    if office is None:
        raise ValidationError(_("Enter your supervision office as a unit first: papers are signed with its name."))
    return office.name
