"""What is gathered while a sentence is read: drafts of items, and what passes from sentence to sentence."""

import re
from dataclasses import dataclass, field

from speeches.extraction.clauses import Clause
from speeches.extraction.deadlines import Spot as DateSpot
from speeches.extraction.model import Deadline
from speeches.extraction.numerals import to_number
from speeches.extraction.targets import Spot as TargetSpot
from speeches.extraction.text import View, view

_PAST_SYMBOL = re.compile(r"(?:Y-|M-|W-|D-|Q-)")


@dataclass
class Draft:
    """An item while its segment is read."""

    start: int
    end: int
    anchor: int
    kind: str
    clauses: list[Clause] = field(default_factory=list)
    deadline: DateSpot | None = None
    # A date of the segment before, where a semicolon joins the two.
    carried: Deadline | None = None
    recurrence: tuple[int, int, str] | None = None
    targets: list[TargetSpot] = field(default_factory=list)
    responsible: list[str] = field(default_factory=list)
    supporting: list[str] = field(default_factory=list)
    people: list[str] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)


_ATTRIBUTIVE = re.compile(r"[^，。；前]{0,8}?的(?![一-龥]{0,3}(?:盘子|任务|目标))")
_CASE = re.compile(
    r"(?:的[，]?|对[^，]{2,14}，|举报|投诉|报修|[收接][到件报][^，]{0,6}后?|受理[^，]{0,4}后?|发现[^，]{0,6}后?|突发[^，]{0,6}|手续[^，]{0,6}的?，?|[压降][减缩低]?[到至]|控制在|缩短[至到]|不超过|一般的?|急的?|每[^，]{1,10})$"
)


def usable(spot: DateSpot, text: str) -> bool:
    """Whether a date bounds the action, rather than describing its object or lying behind."""
    symbol = spot[2]
    if _PAST_SYMBOL.match(symbol.rpartition("/")[2]):
        return False
    rest = text[spot[1] : spot[1] + 10]
    if re.match(
        r"(?:以?来|的(?!盘子|任务|目标|预期|主要|奋斗|总体|时候)|工作要点|度(?!任务|目标任务)|预算|实施的|(?:应|已|新)?[一-龥]{1,4}的(?!标准|时候|前提))",
        rest,
    ):
        return False
    return not re.match(
        r"[^，。；]{0,10}?(?:建成|签订|确定|排定|承诺|出台|印发|下发|实施|启动|开始|安排|兑现)(?:、[^，]{0,8})?的", rest
    )


def case_limit(spot: DateSpot, text: str) -> TargetSpot | None:
    """三日内办结 of each single case is a limit to keep, not a day in the calendar."""
    words = text[spot[0] : spot[1]]
    m = re.search(
        r"(?P<n>\d+|[一二两三四五六七八九十百]+)(?P<unit>个工作日|个月|小时|分钟|工作日|天|日|周)(?:之内|以内|内)",
        words,
    )
    if not m:
        return None
    before = text[max(0, spot[0] - 24) : spot[0]]
    after_event = spot[2].startswith("?") and re.search(
        r"(?:收|接|受理|发现|申请|受理|报)[^，]{0,6}后", text[max(0, spot[0] - 8) : spot[1]]
    )
    value = to_number(m["n"])
    if value is None or not (_CASE.search(before) or after_event):
        return None
    return spot[0], spot[1], "<=", value, m["unit"], None


@dataclass
class Sentence:
    """One logical sentence: a segment, or several that hard line breaks have torn apart."""

    spans: list[tuple[int, int]]
    view: View
    last_of_line: bool


@dataclass
class Scope:
    """What a paragraph hands on from sentence to sentence."""

    subject: list[str] = field(default_factory=list)
    supporting: list[str] = field(default_factory=list)
    people: list[str] = field(default_factory=list)
    # The date that a segment ending in a semicolon hands on: as read, and as it stands in the text.
    open: DateSpot | None = None
    deadline: Deadline | None = None
    # A paragraph that opens with a unit and a colon is all of it that unit's.
    addressed: bool = False
    first: bool = True


def join(folded: str, spans: list[tuple[int, int]]) -> View:
    """One view of stretches that belong together, each character at its place in the whole text."""
    views = [view(folded, a, b) for a, b in spans]
    if len(views) == 1:
        return views[0]
    chars = "".join(v.text for v in views)
    at = tuple(o for v in views for o in (v.at or range(v.start, v.start + len(v.text))))
    return View(chars, spans[0][0], at)
