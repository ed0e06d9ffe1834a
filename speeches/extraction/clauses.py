"""One segment taken apart: its clauses, and what each of them says."""

import re
from dataclasses import dataclass, field

from speeches.extraction.deadlines import Spot as DateSpot
from speeches.extraction.deadlines import spot as spot_dates
from speeches.extraction.names import ANY_FIELD, NOTHING, Known
from speeches.extraction.recurrences import spot as spot_recurrences
from speeches.extraction.targets import Spot as TargetSpot
from speeches.extraction.targets import spot as spot_targets
from speeches.extraction.units import Charge, charges


@dataclass
class Clause:
    """A stretch between commas, with the facts in it. Offsets are those of the segment's view."""

    start: int
    end: int
    text: str
    after_list: bool = False
    deadlines: list[DateSpot] = field(default_factory=list)
    recurrences: list[tuple[int, int, str]] = field(default_factory=list)
    targets: list[TargetSpot] = field(default_factory=list)
    charge: Charge = field(default_factory=Charge)
    likely: float = 0.0
    # Whether its sentence begins with it.
    first: bool = False
    # Whether it tells of what has been, or is no part of a commitment.
    past: bool = False


def _parts(text: str) -> list[tuple[int, int, bool]]:
    """Stretches between commas, and between 、 where both sides have numbers or dates of their own."""
    found: list[tuple[int, int, bool]] = []
    start, listed, depth = 0, False, 0
    quote = False
    for i, c in enumerate(text):
        if c == '"':
            quote = not quote
        elif c in "（《":
            depth += 1
        elif c in "）》":
            depth = max(0, depth - 1)
        elif depth == 0 and (c in "，：、；" or (c == " " and not quote)):
            if c == "、" and quote:
                continue
            if c == "：" and text[i + 1 : i + 2].isdigit() and i and text[i - 1].isdigit():
                continue
            found.append((start, i, listed))
            start, listed = i + 1, c == "、"
    found.append((start, len(text), listed))
    return found


# 由农业、住建两家分头改造: the sign parts two of those charged.
_LAST_UNIT = re.compile(rf"(?:由|请|责成|\A|[，：])[省市县区镇乡]?(?:{ANY_FIELD})$")
_FIRST_UNIT = re.compile(rf"[省市县区镇乡]?(?:{ANY_FIELD})(?=[、和与等两三四五六]|局|委|办|厅|部门)")


def _separate(left: Clause, right: Clause) -> bool:
    """Whether what stands after 、 is a matter of its own."""
    if _FIRST_UNIT.match(right.text) and _LAST_UNIT.search(left.text[-12:]):
        return False
    if right.text.startswith(("其中", "力争", "争取", "最迟", "最晚", "至迟")):
        return False
    if re.search(r"(?:牵头|负责|主办)$", left.text) and re.search(r"(?:配合|协助|参与|会办|牵头|负责)$", right.text):
        return True
    return bool(right.deadlines or right.recurrences or right.targets) and bool(
        left.deadlines or left.recurrences or left.targets
    )


_FROM_DAY = re.compile(r"(?:从|自).{1,14}起$|起$")


def _glue(clauses: list[Clause], text: str) -> list[Clause]:
    """A clause that is nothing but a date belongs to the next: 4月15日前，…报上来."""
    glued: list[Clause] = []
    for clause in clauses:
        last = glued[-1] if glued else None
        if last and (
            (_bare(last) and not _both_act(last, clause)) or (_FROM_DAY.search(last.text[-12:]) and len(last.text) < 22)
        ):
            last.end, last.text = clause.end, text[last.start : clause.end]
            last.deadlines, last.recurrences = last.deadlines + clause.deadlines, last.recurrences + clause.recurrences
            last.targets += clause.targets
        else:
            glued.append(clause)
    return glued


def _both_act(left: Clause, right: Clause) -> bool:
    """Whether two frequencies say each what is done: 一月一督查、一季一通报, but not 每周、每月上报."""
    return bool(left.recurrences and right.recurrences) and left.text[-1] not in "日天周旬月季年度底末前初次"


def _bare(clause: Clause) -> bool:
    if not (clause.deadlines or clause.recurrences):
        return False
    spans = [(d[0], d[1]) for d in clause.deadlines] + [(r[0], r[1]) for r in clause.recurrences]
    if min(a for a, _ in spans) > clause.start + 2:
        return False
    return len(clause.text) - sum(b - a for a, b in spans) <= 4 and max(b for _, b in spans) >= clause.end - 1


def dissect(text: str, known: Known = NOTHING) -> list[Clause]:
    """The clauses of one segment's view, with their facts."""
    dated = spot_dates(text)
    often = spot_recurrences(text)
    dated = [d for d in dated if not any(a < d[1] and d[0] < b for a, b, _ in often)]
    numbers = [
        t
        for t in spot_targets(text)
        if not any(d[0] < t[1] and t[0] < d[1] for d in dated)
        and not any(a < t[1] and t[0] < b and t[3] == 1 for a, b, _ in often)
        and not any(a <= t[0] and t[1] <= b for a, b, _ in often)
    ]
    clauses: list[Clause] = []
    for start, end, listed in _parts(text):
        if end == start:
            continue
        clause = Clause(start, end, text[start:end], listed)
        if dated:
            clause.deadlines = [d for d in dated if start <= d[0] < end]
        if often:
            clause.recurrences = [r for r in often if start <= r[0] < end]
        if numbers:
            clause.targets = [t for t in numbers if start <= t[0] < end]
        if listed and clauses and not _separate(clauses[-1], clause):
            last = clauses[-1]
            last.end, last.text = end, text[last.start : end]
            last.deadlines += clause.deadlines
            last.recurrences += clause.recurrences
            last.targets += clause.targets
        else:
            clauses.append(clause)
    clauses = _glue(clauses, text)
    if clauses:
        clauses[0].first = True
    for clause in clauses:
        spans = [(d[0] - clause.start, d[1] - clause.start) for d in clause.deadlines]
        spans += [(r[0] - clause.start, r[1] - clause.start) for r in clause.recurrences]
        clause.charge = charges(clause.text, sorted(spans), known)
    return clauses
