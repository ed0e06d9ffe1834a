"""How likely it is that a clause belongs to a commitment, from what the rules saw in it and around it.

A logistic regression: named features (which rule spoke, what section, words that look back or forward, the
form of the date) and the clause's own character pairs. Its output is the confidence of a finding. Weights are
in `weigh.json`, written by `tests/extraction/train.py`, which says how well it is calibrated on
documents left out.
"""

import re
from dataclasses import dataclass
from functools import cached_property

from speeches.extraction import judge, linear
from speeches.extraction.clauses import Clause
from speeches.extraction.drafts import Sentence
from speeches.extraction.outlook import pairs
from speeches.extraction.structure import Block, Section

Features = dict[str, float]
_TOLD = re.compile(
    r"(?:汇报|介绍|反映|告诉|坦言|透露|了解|统计|预测|认为|回忆|感慨|[^所]说)(?:说|，|：|\")|(?:跟|给|向|对)我[们]?(?:讲|说|算|反映|汇报|打?电话)|打算|劝我|说好|拍[了着]?胸|表了态|口头|顺口溜|有句话|俗话|答应|据[^，]{2,14}(?:预报|预测|介绍|统计|了解)"
)
_HELD = re.compile(r"主持召开|主持会议|出席|听取|召开了?|在[^，]{2,14}召开|发言|陪同|参加(?:会议|调研)|(?:参加|列席)$")
_MODAL = re.compile(r"要(?!求|素)|应(?!急|用|届|对)|必须|务必|须|负责|牵头")
# What a clause says beside its verb, each a sign of its own.
_SIGNS = {
    "expected": re.compile(r"预计|预测|预报|估计|测算|有望"),
    "status": re.compile(
        r"[还仍尚现共都只才][有在是没]|没有|不到(?!位)|不足|存在|处于|滞留|依然|仍然|据说|听说|受[^，]{1,10}影响|原[有定来]"
    ),
    "supposed": re.compile(r"如果|假如|假设|假使|要是|一旦|只要|的话|哪怕|即使|即便|否则|不然|除非|万一"),
    "cause": re.compile(r"因为|由于|导致|造成|所以|是因|原因|为的是|目的"),
    "rule": re.compile(
        r"(?:规定|要求|标准|政策|法律|条例|办法|文件)(?:[的里]|上)?(?:是|讲|说|明确)|[县市区省局委厅院]里?[^，]{0,8}规定|施行|试行|生效"
    ),
    "compared": re.compile(
        r"同比|环比|[是为]我[们市县区镇]|相当于|倒数|名列|排[名在第]|第[一二三四五六七八九十\d]+[位名]|人均|占"
    ),
    "done": re.compile(r"[一-龥](?:了|过)(?=[一-龥\d，]|$)|下来|出来|起来|[完建办修]成了|顺利|良好|明显|成效"),
    "able": re.compile(r"才能|就能|能够|可以|才会|就会|将会|便于|有利于"),
    "hands on": re.compile(r"把|给我|一律|逐|统统|都要|全部|带头|马上|立即|抓紧|去|来"),
    "you": re.compile(r"你们?|各位|老[一-龥]|同志"),
    "they": re.compile(r"他们|人家|国家|中央|省里|上级|市里|全国|全省"),
    "elsewhere": re.compile(
        r"^[一-龥]{1,4}?(?<![全各我本该到在对向从])[市县省区](?![委政人直级里区长领工城教财发住交公公农水卫民商])"
    ),
    "will": re.compile(r"将(?!军|士|领)|拟|计划(?!生育)|打算|准备|力争|争取|确保|预期目标"),
    "from to": re.compile(r"从[^，]{1,12}(?:到|涨到|增加到|提高到|降到)\d"),
    "organised": re.compile(r"下设|组成(?=$|，)|[为任](?:副?组长|成员|召集人)|挂靠"),
    "exclaimed": re.compile(r"[吗呢吧啊嘛呀]$"),
}
# Signs that mean one thing of a number and another of a unit charged.
_BY_KIND = {"modal", "forward", "first clause", "past words", "you", "status", "no modal near"}
_EXAMPLE = re.compile(r"比如|例如|譬如|好比|为例|来说|拿[^，]{1,8}讲")


_END_OF = re.compile(r"[底末]前?|内")
_BARE_YEAR = re.compile(r"Y\+0|\d{4}")
_DAY = re.compile(r"-\d\d-\d\d|XX-\d\d|[DW][+-]")
# What is said of a whole sentence by any of its clauses.
_AFAR = {
    "told": _TOLD,
    "modal": _MODAL,
    "example": _EXAMPLE,
    "supposed": _SIGNS["supposed"],
    "rule": _SIGNS["rule"],
    "expected": _SIGNS["expected"],
    "forecast": re.compile(
        r"预报|预测|[预估]计[^，。；]{0,8}(?:降雨|降水|雨量|气温|来水|台风|水位|偏[多少高低])|偏[多少高低][一二两三四五六七八九]"
    ),
    "until": re.compile(
        r"到(?:20\d\d|明|后)年|力争|预期目标|目标(?:是|为|任务)|以下[^，。；]{0,10}[：:]|今后[一二三四五两几]"
    ),
    "past": judge.STRONG_PAST,
}


@dataclass(frozen=True)
class Place:
    """Where a sentence stands: its section, its paragraph, and what it says as a whole.

    modals   which share of the paragraph's sentences tells someone what to do
    listed   from where on the clauses are points that a date before a colon governs
    """

    section: Section
    block: Block
    sentence: Sentence
    text: str
    modals: float
    listed: int

    @cached_property
    def signs(self) -> dict[str, tuple[int, int]]:
        """Where each sign that casts its light on other clauses first ends and last begins in the sentence."""
        found = {}
        for name, pattern in _AFAR.items():
            spans = [m.span() for m in pattern.finditer(self.text)]
            if spans:
                found[name] = spans[0][1], spans[-1][0]
        return found

    def before(self, clause: Clause, sign: str) -> bool:
        """Whether the sign stands before the clause."""
        where = self.signs.get(sign)
        return where is not None and where[0] <= clause.start

    def foretold(self, clause: Clause) -> bool:
        """Whether a clause only says what is to come of itself, and not that anyone is to do anything about it."""
        if self.sentence.modal or judge.FORECAST.search(clause.text):
            return False
        return _AFAR["forecast"].search(clause.text) is not None or self.before(clause, "forecast")

    def after(self, clause: Clause, sign: str) -> bool:
        """Whether the sign stands after the clause."""
        where = self.signs.get(sign)
        return where is not None and where[1] >= clause.end


def _within(value: float, most: float) -> float:
    return max(-most, min(most, value))


def features(clause: Clause, kind: str, why: str, place: Place) -> Features:
    """What is known of one clause, by name. Values are 0 to about 3."""
    words = clause.text
    zone = place.section.zone
    found: Features = {
        f"kind {kind}": 1.0,
        f"why {why}": 1.0,
        "paragraph back": _within(place.block.back, 2.5),
        "section back": _within(place.block.around, 2.0),
        "paragraph before": _within(place.block.before, 2.0),
        "paragraph after": _within(place.block.after, 2.0),
        "sentence back": _within(place.sentence.back, 2.0),
    }
    if zone != "open":
        found |= {f"zone {zone}": 1.0, f"zone {zone} {kind}": 1.0}
    flags = {
        "look back": place.section.back,
        "first clause": clause.first,
        "first sentence": place.sentence.order == 0,
        "past": judge.is_past(words),
        "past words": judge.PAST.search(words) is not None,
        "forward": judge.FORWARD.search(words) is not None,
        "modal": _MODAL.search(words) is not None,
        "background": judge.BACKGROUND.match(words) is not None,
        "describes": bool(clause.targets) and judge.describes(words),
        "statistic": judge.STATISTIC.search(words) is not None,
        "manner": judge.MANNER.search(words) is not None,
        "question": "?" in words,
        "forecast": judge.FORECAST.search(words) is not None,
        "told": place.before(clause, "told") or _TOLD.search(words) is not None,
        "held": _HELD.search(words) is not None,
        "modal before": place.before(clause, "modal"),
        "is": "是" in words,
        "de": words.endswith("的"),
        "short": len(words) < 8,
        "long": len(words) > 30,
        "decimal": any(t[3] != int(t[3]) for t in clause.targets),
        "percent": any(t[4] == "%" for t in clause.targets),
        "several numbers": len(clause.targets) > 1,
        "before": any(" before" in d[2] for d in clause.deadlines),
        "end of": any(_END_OF.search(words, d[0] - clause.start, d[1] - clause.start) for d in clause.deadlines),
        "bare year": any(
            _BARE_YEAR.fullmatch(d[2]) and not words.startswith("到", max(0, d[0] - clause.start - 1))
            for d in clause.deadlines
        ),
        "span": any(d[2].startswith("P") for d in clause.deadlines),
        "day": any(_DAY.search(d[2]) for d in clause.deadlines),
        "unit": clause.charge.how == "unit",
        "person": clause.charge.how == "person",
        "called": clause.charge.start > 0,
        "quoted": '"' in words,
        "we": words.startswith(("我们", "大家", "我", "他", "这", "那")),
        "example before": place.before(clause, "example"),
        "supposed before": place.before(clause, "supposed"),
        "rule before": place.before(clause, "rule"),
        "expected before": place.before(clause, "expected"),
        "until": place.before(clause, "until") or _AFAR["until"].search(words) is not None,
        "past before": place.before(clause, "past"),
        "past after": place.after(clause, "past"),
        "modal after": place.after(clause, "modal"),
        "no modal near": not place.modals,
        "listed": clause.after_list,
        "no verb": judge.REACH.search(words) is None,
    }
    flags |= {name: sign.search(words) is not None for name, sign in _SIGNS.items()}
    found["modals near"] = min(place.modals, 1.0)
    told = [name for name, true in flags.items() if true]
    found |= dict.fromkeys(told, 1.0) | {f"{name}, {kind}": 1.0 for name in told if name in _BY_KIND}
    return found


def shapes(clause: Clause) -> list[str]:
    """The pairs of characters of a clause, and with which it begins and ends."""
    words = clause.text
    return [
        *(f"# {pair}" for pair in pairs(words)),
        f"^ {words[:1]}",
        f"^ {words[:2]}",
        f"$ {words[-1:]}",
        f"$ {words[-2:]}",
    ]


def probability(clause: Clause, kind: str, why: str, place: Place) -> float:
    """0 to 1."""
    return linear.learned("weigh").chance(features(clause, kind, why, place), shapes(clause))
