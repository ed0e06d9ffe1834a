"""Whether a paragraph looks back or forward, by the weight of its character pairs.

A logistic regression over pairs of neighbouring characters (numbers folded into signs for what kind they are). Reports tell of "完成投资4.67亿元，增长31.5%" and plan "完成投资6亿元": no single word
separates them, the sum of many does. The weights are in `outlook.json`, written by
`tests/extraction/train.py`, which also says how well they do on documents left out.
"""

import re
from operator import add

from speeches.extraction import linear

_NUMBER = re.compile(r"(?P<year>(?:19|20)\d\d(?=年))|\d+(?P<point>\.\d+)?")


def _sign(m: re.Match[str]) -> str:
    if m["year"]:
        return "Y"
    exact = len(m.group().replace(".", "").strip("0")) >= 3
    return ("E" if exact else "D") if m["point"] else ("M" if exact else "N")


def pairs(folded: str) -> set[str]:
    """The distinct pairs of characters of a folded text, numbers reduced to signs.

    Y for years, N and D for round numbers without and with decimals, M and E for exact ones of three figures
    and more: what has been counted is exact, what is aimed at is round.
    """
    plain = _NUMBER.sub(_sign, folded)
    found = set(map(add, plain, plain[1:]))
    exact, most = plain.count("E") + plain.count("M"), plain.count("N") + plain.count("D")
    found |= {f"E{n}" for n in range(1, min(exact, 9) + 1)}
    if exact + most > 2:
        found.add(f"={10 * exact // (exact + most)}")
    return found


def backward(folded: str) -> float:
    """Above 0: the paragraph rather reports; below: it rather plans. About -3 to 3."""
    return linear.learned("outlook").score({}, pairs(folded[:4000]))
