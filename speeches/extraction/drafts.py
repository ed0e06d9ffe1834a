"""What is gathered while a sentence is read: drafts of items, and what passes from sentence to sentence."""

import re
from dataclasses import dataclass, field
from functools import cached_property

from speeches.extraction.clauses import Clause
from speeches.extraction.deadlines import Spot as DateSpot
from speeches.extraction.metrics import metric
from speeches.extraction.model import Commitment, Deadline, Recurrence, Target, Tier
from speeches.extraction.numerals import to_number
from speeches.extraction.outlook import backward
from speeches.extraction.targets import Spot as TargetSpot
from speeches.extraction.text import Spelling, View, view
from speeches.extraction.units import Charge

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
# 9月8日的投洽会上: the day of the act, told by its occasion.
_OCCASION = re.compile(r"的[^，。；的]{1,8}(?:会|会议|大会|论坛|活动|节|仪式)上")
_CASE = re.compile(
    r"(?:的[，]?|对[^，]{2,14}，|举报|投诉|报修|[收接][到件报][^，]{0,6}后?|受理[^，]{0,4}后?|发现[^，]{0,6}后?|突发[^，]{0,6}|手续[^，]{0,6}的?，?|[压降][减缩低]?[到至]|控制在|缩短[至到]|不超过|一般的?|急的?|每[^，]{1,10})$"
)


# What follows these is another phrase of the sentence: 5月10日前把剩下的地征完 bounds the act, not 剩下的.
_OBJECT = re.compile(r"[，,]|[把将对给向与和让使由在从按到]|[要须应]|必须|务必|[也都再还就]|全部|完成(?!的)")


def usable(spot: DateSpot, text: str) -> bool:
    """Whether a date bounds the action, rather than describing its object or lying behind."""
    symbol = spot[2]
    if _PAST_SYMBOL.match(symbol.rpartition("/")[2]):
        return False
    rest = text[spot[1] : spot[1] + 10]
    if _OCCASION.match(rest):
        return True
    if _OBJECT.match(rest):
        return True
    if re.match(
        r"(?:以?来|的(?!盘子|任务|目标|预期|主要|奋斗|总体|时候)|工作要点|度(?!任务|目标任务)|预算|实施的|(?:应|已|新)?(?![到给在把向送发对将])[一-龥](?:(?![到给在把向至])[一-龥]){0,3}的(?!标准|时候|前提|预期|目标|主要|任务|总体|奋斗|投资|总投资|计划))",
        rest,
    ):
        return False
    if _LONG_AGO.match(text, spot[0]):
        return False
    return not re.match(
        r"[^，。；]{0,10}?(?:建成|签订|确定|排定|承诺|出台|印发|下发|实施|启动|开始|安排|兑现)(?:、[^，]{0,8})?的", rest
    )


# 2000年以前建成的小区: which objects are meant.
_LONG_AGO = re.compile(
    r"(?:19|20)\d\d年(?:底|末)?(?:[之以]?前)(?:已|就)?(?:建成|建的|修建|竣工|登记|出生|形成|立项|签订|参加|退休|入职|拖欠|欠下|办理|认定|购买)"
)
_LIMIT = re.compile(
    r"(?P<n>\d+|[一二两三四五六七八九十百]+)(?P<unit>个工作日|个月|个?星期|个?礼拜|小时|分钟|工作日|天|日|周|年)(?:之内|以内|内)"
)
# What is done anew for every case that comes in, within so many days of its coming.
_ANSWER = re.compile(
    r"[^，。；]{0,4}(?:响应|办结|答复|回复|回应|转办|分办|反馈|受理|处置|到场|到岗|到达|赶到|修复|告知|核查处理|审结|审批|核准|拨付到|报告|上报)"
)
_BAN = re.compile(r"(?:一律|都|均|绝)?(?:不得|不准|不许|不能|不予|不再|严禁|禁止)")


def case_limit(spot: DateSpot, text: str) -> TargetSpot | None:
    """三日内办结 of each single case is a limit to keep, 五年内不得开挖 a span: no day in the calendar."""
    m = _LIMIT.search(text[spot[0] : spot[1]])
    value = to_number(m["n"]) if m else None
    if m is None or value is None:
        return None
    if _BAN.match(text, spot[1]):
        return spot[0], spot[1], ">=", value, m["unit"], None
    if m["unit"] == "年":
        return None
    before = text[max(0, spot[0] - 24) : spot[0]]
    after_event = spot[2].startswith("?") and re.search(
        r"(?:收|接|受理|发现|申请|报)(?!到?本?(?:通知|文件|通报))[^，]{0,6}后", text[max(0, spot[0] - 8) : spot[1]]
    )
    clock = m["unit"] in ("小时", "分钟")
    answers = _ANSWER.match(text, spot[1]) and _EACH.search(text)
    if not (clock or _CASE.search(before) or after_event or answers or _WHENEVER.search(text[: spot[0]])):
        return None
    return spot[0], spot[1], "<=", value, m["unit"], None


_WHENEVER = re.compile(
    r"(?:新来的|凡是?|遇(?:有|到)|一旦|出现|发生|发现|[接收]到(?!本?(?:通知|文件|通报))|受理|确需|需要?[^，。；]{1,12}的|申请|[喜丧]事|每[件起宗次])[^。；]{0,60}$"
)
_EACH = re.compile(
    r"诉|举报|投诉|报修|来信|热线|工单|线索|申请|受理|事项|窗口|一般|紧急|响应|即办|接[到件报]|收到|发现|每[件项起个]"
)


_MODAL = re.compile(
    r"要(?!求|素|闻|点|件)|应(?!急|用|届|对|付|收)|必须|务必|须|确保|力争|争取|不得|不准|负责|牵头|请(?!示|教)|责成"
)


@dataclass
class Sentence:
    """One logical sentence: a segment, or several that hard line breaks have torn apart."""

    order: int
    spans: list[tuple[int, int]]
    view: View

    @cached_property
    def back(self) -> float:
        """How far its words look back."""
        return backward(self.view.text)

    @cached_property
    def modal(self) -> bool:
        """Whether it tells someone what to do."""
        return _MODAL.search(self.view.text) is not None


@dataclass
class Scope:
    """What a paragraph hands on from sentence to sentence."""

    charge: Charge = field(default_factory=Charge)
    # The date that a segment ending in a semicolon hands on: as read, and as it stands in the text.
    open: DateSpot | None = None
    deadline: Deadline | None = None
    # Whether that date stands before a colon, and governs all that is listed after it.
    governs: bool = False
    # A paragraph that opens with a unit and a colon is all of it that unit's.
    addressed: Charge | None = None
    # Whether the sentence before ended with a semicolon.
    joined: bool = False


def join(folded: str, spans: list[tuple[int, int]]) -> View:
    """One view of stretches that belong together, each character at its place in the whole text."""
    views = [view(folded, a, b) for a, b in spans]
    if len(views) == 1:
        return views[0]
    chars = "".join(v.text for v in views)
    at = tuple(o for v in views for o in (v.at or range(v.start, v.start + len(v.text))))
    return View(chars, spans[0][0], at)


def finish(
    draft: Draft,
    seen: View,
    text: str,
    spell: Spelling,
    span: tuple[int, int],
    above: Deadline | None,
    heading: tuple[str, ...],
) -> Commitment:
    """The draft as a commitment, with that span of the text as its quote; `above` is the date of a lead-in over it."""
    a, b = span
    deadline = None
    if draft.deadline:
        x, y = seen.where(*draft.deadline[:2])
        deadline = Deadline(text[x:y], None, False, x, y, draft.deadline[2], draft.deadline[3])
    elif draft.carried:
        deadline = draft.carried
    elif not draft.recurrence:
        deadline = above
    recurrence = None
    if draft.recurrence:
        x, y = seen.where(*draft.recurrence[:2])
        recurrence = Recurrence(text[x:y], draft.recurrence[2], x, y)
    numbers = []
    for t in draft.targets:
        x, y = seen.where(t[0], t[1])
        numbers.append(Target(text[x:y], t[2], t[3], t[4], x, y, t[5], metric(seen.text, t[0], t[1])))
    charged = draft.responsible or draft.people
    tier: Tier = "hard" if deadline or recurrence or numbers else "assigned" if charged else "named"
    return Commitment(
        tier=tier,
        deadline=deadline,
        recurrence=recurrence,
        targets=tuple(numbers),
        responsible=spell(draft.responsible),
        supporting=spell(draft.supporting),
        people=spell(draft.people),
        start=a,
        end=b,
        quote=text[a:b],
        heading=heading,
        confidence=round(max(c.likely for c in draft.clauses), 3),
        reasons=tuple(r for r in draft.reasons if r),
    )
