"""The annotated texts that are never looked into while rules are written: only their totals are read.

Of the first set a third, drawn by lot within each genre (real speeches, provincial reports, texts written for
the set) before any annotation was opened. Of the texts in `texts/`, the even numbers of county-* and layout-*
and no others: news, notices, minutes, plans, speeches and reports may be read, the even numbers too, although
they were once held out, so figures on them no longer tell how well an unseen text is read.
"""

import re

HELD_OUT = frozenset(
    {
        "seed004-1",
        "seed004-3",
        "seed004-5",
        "prov-上海市-a",
        "prov-上海市-b",
        "prov-四川省-b",
        "prov-河南省",
        "prov-辽宁省-b",
        "prov-重庆市-a",
        "prov-重庆市-b",
        "own-08",
        "own-10",
        "own-12",
        "own-13",
        "own-14",
        "own-16",
        "own-17",
        "own-23",
    }
)
_NUMBERED = re.compile(r"(?:county|layout)-(?P<number>\d+)")


def is_held_out(name: str) -> bool:
    """Whether the text of that name may be scored but not looked at."""
    m = _NUMBERED.fullmatch(name)
    return int(m["number"]) % 2 == 0 if m else name in HELD_OUT
