"""Whether a paragraph looks back or forward, by the weight of its character pairs.

A logistic regression over pairs of neighbouring characters (digits folded into two signs, for whole numbers
and for decimals). Reports tell of "完成投资4.67亿元，增长31.5%" and plan "完成投资6亿元": no single word
separates them, the sum of many does. The weights are in `outlook.json`, written by
`tests/extraction/train_outlook.py`, which also says how well they do on documents left out.
"""

import json
import math
import re
from functools import lru_cache
from importlib.resources import files

_NUMBER = re.compile(r"\d+(\.\d+)?")


def pairs(folded: str) -> set[str]:
    """The distinct pairs of characters of a folded text, numbers reduced to N and D."""
    plain = _NUMBER.sub(lambda m: "D" if m.group(1) else "N", folded)
    return {plain[i : i + 2] for i in range(len(plain) - 1)}


@lru_cache(maxsize=1)
def _weights() -> tuple[dict[str, float], frozenset[str], float]:
    read = json.loads(files("speeches.extraction").joinpath("outlook.json").read_text("utf-8"))
    return read["weights"], frozenset(read["weights"]), read["bias"]


def backward(folded: str) -> float:
    """Above 0: the paragraph rather reports; below: it rather plans. About -3 to 3."""
    weights, known, bias = _weights()
    seen = pairs(folded[:4000]) & known
    total = sum(weights[pair] for pair in sorted(seen))
    return bias + total / max(1.0, math.sqrt(len(seen)))
