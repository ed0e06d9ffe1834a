"""How likely it is that a clause belongs to a commitment, from what the rules saw in it and around it.

A logistic regression: named features (which rule spoke, what section, words that look back or forward, the
form of the date) and the clause's own character pairs. Its output is the confidence of a finding. Weights are
in `weigh.json`, written by `tests/extraction/train.py`, which says how well it is calibrated on
documents left out.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from speeches.extraction import judge, linear
from speeches.extraction.clauses import Clause
from speeches.extraction.drafts import Sentence
from speeches.extraction.outlook import pairs
from speeches.extraction.structure import Block, Section

Features = dict[str, float]
_TOLD = re.compile(r"(?:汇报|介绍|反映|告诉|坦言|透露|了解|统计|预测|认为|回忆|感慨|[^所]说)(?:说|，|：|\")")
_HELD = re.compile(r"主持召开|主持会议|出席|听取|召开了?|在[^，]{2,14}召开|发言|陪同|参加(?:会议|调研)")
_MODAL = re.compile(r"要(?!求|素)|应(?!急|用|届|对)|必须|务必|须|负责|牵头")


@dataclass(frozen=True)
class Place:
    """Where a clause stands: its section, its paragraph, the sentences of that, its own, and whether it is first."""

    section: Section
    block: Block
    sentences: Sequence[Sentence]
    sentence: Sentence
    text: str
    first_clause: bool

    def neighbour(self, step: int) -> float:
        """How far the sentence before (-1) or after (1) looks back; 0 where there is none."""
        n = self.sentence.order + step
        return _within(self.sentences[n].back, 2.0) if 0 <= n < len(self.sentences) else 0.0


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
        "sentence before": place.neighbour(-1),
        "sentence after": place.neighbour(1),
    }
    if zone != "open":
        found |= {f"zone {zone}": 1.0, f"zone {zone} {kind}": 1.0}
    flags = {
        "look back": place.section.back,
        "first clause": place.first_clause,
        "first sentence": place.sentence.order == 0,
        "past": judge.is_past(words),
        "past words": judge.PAST.search(words) is not None,
        "forward": judge.FORWARD.search(words) is not None,
        "modal": _MODAL.search(words) is not None,
        "background": judge.BACKGROUND.match(words) is not None,
        "describes": judge.describes(words),
        "statistic": judge.STATISTIC.search(words) is not None,
        "manner": judge.MANNER.search(words) is not None,
        "question": "?" in words,
        "forecast": judge.FORECAST.search(words) is not None,
        "told": _TOLD.search(place.text[: clause.start]) is not None,
        "held": _HELD.search(words) is not None,
        "modal before": _MODAL.search(place.text[: clause.start]) is not None,
        "is": "是" in words,
        "de": words.endswith("的"),
        "short": len(words) < 8,
        "long": len(words) > 30,
        "decimal": any(t[3] != int(t[3]) for t in clause.targets),
        "percent": any(t[4] == "%" for t in clause.targets),
        "several numbers": len(clause.targets) > 1,
        "before": any(" before" in d[2] for d in clause.deadlines),
        "end of": re.search(
            r"[底末]前?|内", "".join(words[d[0] - clause.start : d[1] - clause.start] for d in clause.deadlines)
        )
        is not None,
        "bare year": any(re.fullmatch(r"Y\+0|\d{4}", d[2]) for d in clause.deadlines),
        "span": any(d[2].startswith("P") for d in clause.deadlines),
        "day": any(re.search(r"-\d\d-\d\d|XX-\d\d|[DW][+-]", d[2]) for d in clause.deadlines),
        "unit": clause.charge.how == "unit",
        "person": clause.charge.how == "person",
        "called": clause.charge.start > 0,
        "quoted": '"' in words,
        "we": words.startswith(("我们", "大家", "我", "他", "这", "那")),
    }
    found |= {name: 1.0 for name, true in flags.items() if true}
    return found


def shapes(clause: Clause) -> list[str]:
    """The pairs of characters of a clause, and with which it begins and ends."""
    return [f"# {pair}" for pair in pairs(clause.text)]


def probability(clause: Clause, kind: str, why: str, place: Place) -> float:
    """0 to 1."""
    return linear.learned("weigh").chance(features(clause, kind, why, place), shapes(clause))
