"""Whether a clause goes on with the item before it, or begins one of its own.

"41个无物业小区，三季度末要有一半实现专业物业" is one item, "5月开工，年底前建成" two. A logistic regression
over what the two clauses hold; its weights are in `joins.json`, written by `tests/extraction/train.py`.
"""

import re
from collections.abc import Iterator

from speeches.extraction import judge, linear
from speeches.extraction.clauses import Clause
from speeches.extraction.outlook import pairs

_MODAL = re.compile(r"要(?!求|素)|应(?!急|用|届|对)|必须|务必|须|确保|力争|争取|不得|不准")


def _facts(mark: str, clause: Clause, kind: str) -> Iterator[str]:
    words = clause.text
    yield f"{mark} {kind}"
    facts = {
        "deadline": clause.deadlines,
        "number": clause.targets,
        "numbers": len(clause.targets) > 1,
        "frequency": clause.recurrences,
        "unit": clause.charge.responsible,
        "person": clause.charge.people,
        "helper": clause.charge.supporting,
        "called": clause.charge.start > 0,
        "describes": judge.describes(words),
        "modal": _MODAL.search(words),
        "past": judge.is_past(words),
        "short": len(words) < 8,
        "long": len(words) > 20,
        "number first": clause.targets and clause.targets[0][0] - clause.start < 3,
        "number last": clause.targets and clause.end - clause.targets[-1][1] < 2,
        "date first": clause.deadlines and clause.deadlines[0][0] - clause.start < 2,
        "date last": clause.deadlines and clause.end - clause.deadlines[-1][1] < 2,
    }
    yield from (f"{mark} {name}" for name, so in facts.items() if so)


def features(before: Clause, kind: str, clause: Clause, own: str) -> dict[str, float]:
    """What is known of two clauses, the first of them the last strong one of an item, and of their kinds."""
    found = dict.fromkeys([*_facts("<", before, kind), *_facts(">", clause, own)], 1.0)
    both = {
        "kinds": f"{kind} {own}",
        "units alike": before.targets and clause.targets and before.targets[-1][4] == clause.targets[0][4],
        "two dates": before.deadlines and clause.deadlines,
        "two numbers": before.targets and clause.targets,
        "two charges": before.charge and clause.charge,
        "between": clause.start > before.end + 1,
        "listed": clause.after_list,
    }
    return found | {f"{name} {so if isinstance(so, str) else ''}": 1.0 for name, so in both.items() if so}


def shapes(before: Clause, clause: Clause) -> list[str]:
    """The pairs of characters of both, and with which the second begins and the first ends."""
    return [
        *(f"< {pair}" for pair in pairs(before.text)),
        *(f"> {pair}" for pair in pairs(clause.text)),
        f"^ {clause.text[:1]}",
        f"^ {clause.text[:2]}",
        f"$ {before.text[-1:]}",
        f"$ {before.text[-2:]}",
    ]


def together(before: Clause, kind: str, clause: Clause, own: str) -> bool:
    """Whether both belong to one item."""
    return linear.learned("joins").score(features(before, kind, clause, own), shapes(before, clause)) > 0
