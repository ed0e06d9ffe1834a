"""How likely it is that a clause belongs to a commitment, from what the rules saw in it and around it.

A logistic regression: named features (which rule spoke, what section, words that look back or forward, the
form of the date) and the clause's own character pairs. Its output is the confidence of a finding. Weights are
in `weigh.json`, written by `tests/extraction/train_weigh.py`, which says how well it is calibrated on
documents left out.
"""

import json
import math
import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from speeches.extraction import judge
from speeches.extraction.clauses import Clause
from speeches.extraction.outlook import backward, pairs

Features = dict[str, float]
_MODAL = re.compile(r"要(?!求|素)|应(?!急|用|届|对)|必须|务必|须|负责|牵头")


@dataclass(frozen=True)
class Place:
    """Where a clause stands: its section, how far its paragraph looks back, its sentence, and its order."""

    zone: str
    paragraph: float
    sentence: str
    back: bool
    first_clause: bool
    first_sentence: bool


def features(clause: Clause, kind: str, why: str, place: Place) -> Features:
    """What is known of one clause, by name. Values are 0 to about 3."""
    words = clause.text
    found: Features = {
        f"kind {kind}": 1.0,
        f"why {why}": 1.0,
        "paragraph back": max(-2.5, min(2.5, place.paragraph)),
        "sentence back": max(-2.0, min(2.0, backward(place.sentence))),
    }
    if place.zone != "open":
        found |= {f"zone {place.zone}": 1.0, f"zone {place.zone} {kind}": 1.0}
    flags = {
        "look back": place.back,
        "first clause": place.first_clause,
        "first sentence": place.first_sentence,
        "past": judge.is_past(words),
        "past words": judge.PAST.search(words) is not None,
        "forward": judge.FORWARD.search(words) is not None,
        "modal": _MODAL.search(words) is not None,
        "background": judge.BACKGROUND.match(words) is not None,
        "describes": judge.describes(words),
        "statistic": judge.STATISTIC.search(words) is not None,
        "manner": judge.MANNER.search(words) is not None,
        "question": "?" in words,
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
    known = vocabulary()
    seen = sorted(f"# {p}" for p in pairs(words) if f"# {p}" in known)
    scale = 1.0 / max(1.0, math.sqrt(len(seen)))
    found |= dict.fromkeys(seen, scale)
    return found


@lru_cache(maxsize=1)
def _model() -> tuple[dict[str, float], float]:
    read = json.loads(files("speeches.extraction").joinpath("weigh.json").read_text("utf-8"))
    return read["weights"], read["bias"]


@lru_cache(maxsize=1)
def vocabulary() -> frozenset[str]:
    """The character pairs that have a weight."""
    return frozenset(name for name in _model()[0] if name.startswith("# "))


def probability(found: Features) -> float:
    """0 to 1."""
    weights, bias = _model()
    z = bias + sum(weights.get(name, 0.0) * value for name, value in found.items())
    return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, z))))
