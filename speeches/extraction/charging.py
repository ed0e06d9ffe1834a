"""To whom each item of a sentence is handed: the units and persons of its own clauses, or those before and after.

A clause that does no more than name them (由市水利局负责, 市财政局配合) speaks for the item beside it.
"""

import re

from speeches.extraction.clauses import Clause
from speeches.extraction.drafts import Draft
from speeches.extraction.units import Charge, subjectless

# All that a clause may say beside its units and still name no action of its own.
_BARE = re.compile(
    r"(?:同时|并|分别|具体|由|请|要|积极|密切|共同|全力|做好|按照?|各自|职责|职能|分工|总|的|等|[,，])*"
    r"(?:牵头(?:负责|抓总|落实|实施|办理)?|负责(?:落实|实施|办理|牵头|抓总)?|牵总|扛总|主办|承办|会办|协办|落实|实施|办理|配合(?:做好|落实|实施)?|协助|参与|参加|支持|包干|抓落实|抓好落实|)"
)


def bare(clause: Clause) -> bool:
    """Whether a clause only says who leads or helps."""
    charge = clause.charge
    words = clause.text[: max(0, charge.start)] + clause.text[charge.end :]
    return bool(charge) and _BARE.fullmatch(words) is not None


def joined(*charges: Charge) -> Charge:
    """All that are charged, each once; who leads does not help."""
    responsible = list(dict.fromkeys(u for c in charges for u in c.responsible))
    supporting = [u for u in dict.fromkeys(u for c in charges for u in c.supporting) if u not in responsible]
    return Charge(responsible, supporting, list(dict.fromkeys(p for c in charges for p in c.people)))


def hand_out(drafts: list[Draft], clauses: list[Clause], carried: Charge, lead: Charge | None) -> Charge:
    """Fills in who is charged with each draft; returns whom the sentence may hand on to the next.

    `carried` comes from the sentence before, `lead` from a heading or a lead-in above.
    """
    charged = [c for c in clauses if c.charge]
    owned: list[list[Clause]] = [[c for c in charged if d.start <= c.start < d.end] for d in drafts]
    for clause in charged:
        if drafts and not clause.past and not any(clause in own for own in owned):
            owned[_beside(clause, drafts, owned)].append(clause)
    last = carried
    for draft, mine in zip(drafts, owned, strict=True):
        own = joined(*(c.charge for c in sorted(mine, key=lambda c: c.start)))
        if not own.responsible and not own.people:
            own = joined(_handed_on(draft, charged, last), own)
        if not own.responsible and not own.people and lead:
            own = joined(lead, own)
        draft.responsible, draft.supporting, draft.people = own.responsible, own.supporting, own.people
        last = own or last
    return last


def _beside(clause: Clause, drafts: list[Draft], owned: list[list[Clause]]) -> int:
    """The draft for which a clause without one of its own speaks: the next where that names nobody, else the last."""
    before = [n for n, d in enumerate(drafts) if d.start <= clause.start]
    after = [n for n, d in enumerate(drafts) if d.start > clause.start]
    if before and (not after or clause.text.startswith("由") or bare(clause) or owned[after[0]]):
        return before[-1]
    return after[0]


def _handed_on(draft: Draft, charged: list[Clause], carried: Charge) -> Charge:
    """The subject of a clause before, which goes on; without one that of the sentence before."""
    for clause in reversed([c for c in charged if c.start < draft.start and not c.past]):
        if clause.charge.responsible or clause.charge.people:
            return clause.charge
    first = draft.clauses[0]
    dated = [(d[0] - first.start, d[1] - first.start) for d in first.deadlines]
    dated += [(r[0] - first.start, r[1] - first.start) for r in first.recurrences]
    return carried if carried and subjectless(first.text, sorted(dated)) else Charge()
