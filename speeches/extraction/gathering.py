"""The clauses of one sentence, gathered into drafts of items."""

from speeches.extraction import judge as words
from speeches.extraction.charging import bare
from speeches.extraction.clauses import Clause
from speeches.extraction.deadlines import Spot as DateSpot
from speeches.extraction.drafts import Draft, case_limit, usable
from speeches.extraction.joins import together
from speeches.extraction.model import Deadline
from speeches.extraction.targets import Spot as TargetSpot
from speeches.extraction.weigh import Place, probability

# From which likelihood on a clause counts.
_ENOUGH = 0.5


# How likely a point is at least that a date before a colon governs.
_LISTED = 0.6


class Judge:
    """Decides what a clause is to an item, and whether two belong to one. Training listens here."""

    def __init__(self) -> None:
        # Whether the paragraph at hand looks back.
        self.retrospective = False

    def likely(self, clause: Clause, kind: str, why: str, place: Place) -> float:
        """How likely it is that the clause belongs to a commitment."""
        return probability(clause, kind, why, place)

    def together(self, last: Draft, clause: Clause, kind: str) -> bool:
        """Whether the clause goes on with the draft before it."""
        return together(last.clauses[-1], last.kind, clause, kind)

    def kind(self, clause: Clause, text: str, place: Place) -> tuple[str, str]:
        """What a clause is to the item: hard, named, assigned, manner, plain; or past, which breaks it off."""
        kind, why = self._content(clause, text)
        if place.foretold(clause):
            return "past", ""
        if kind not in ("plain", "manner"):
            clause.likely = self.likely(clause, kind, why, place)
            if clause.start >= place.listed and not (self.retrospective or words.is_past(clause.text)):
                clause.likely = max(clause.likely, _LISTED)
            if why == "deadline" and words.FORECAST.search(clause.text) and not words.is_past(clause.text):
                clause.likely = max(clause.likely, 0.6)
            if clause.likely >= _ENOUGH:
                return kind, why
            if why != "number" or not words.describes(clause.text):
                return "past", ""
            kind, why = "plain", ""
        told = clause.text
        if self.retrospective or words.is_past(told) or words.BACKGROUND.match(told) or "?" in told:
            return "past", ""
        return kind, why

    @staticmethod
    def _content(clause: Clause, text: str) -> tuple[str, str]:
        if any(usable(d, text) for d in clause.deadlines):
            return "hard", "deadline"
        if clause.recurrences:
            return "hard", "recurrence"
        if clause.targets:
            return "hard", "number"
        if state := words.named(clause.text):
            return "named", state
        if clause.charge and (clause.charge.responsible or clause.charge.people):
            predicate = clause.text[: clause.charge.start] + clause.text[clause.charge.end :]
            return ("assigned", "unit") if words.concrete(predicate) else ("manner", "")
        return "plain", ""


class Gathering:
    """The drafts of a sentence while its clauses are taken up from first to last."""

    def __init__(self, judge: Judge, text: str, carried: Deadline | None, governs: bool = False) -> None:
        self.judge = judge
        self.text = text
        # The date that the segment before hands on.
        self.carried = carried
        # Whether it bounds whatever follows, and not only numbers.
        self.governs = governs
        self.drafts: list[Draft] = []
        # The last date of the sentence, which bounds the numbers that follow.
        self.date: DateSpot | None = None
        # Where a plain clause began that may be the object of what follows, and the numbers in it.
        self._pending: int | None = None
        self._topic: list[TargetSpot] = []
        # A draft of a unit alone, which further clauses lengthen.
        self._run: Draft | None = None
        self._fresh = self._broken = False

    def take(self, clause: Clause, place: Place) -> None:
        """The next clause."""
        self._fresh = self._fresh or bool(clause.charge)
        kind, why = self.judge.kind(clause, self.text, place)
        clause.past = kind == "past" and (words.is_past(clause.text) or bool(words.BACKGROUND.match(clause.text)))
        if kind == "past":
            self._pending = self._run = None
            self._topic = []
            self._broken = True
        elif kind in ("hard", "named"):
            self._strong(clause, kind, why)
        elif kind in ("assigned", "manner", "plain") and self._only_names(clause):
            self.drafts[-1].end = clause.end
        elif kind in ("assigned", "manner"):
            self._charged(clause, kind, why)
        else:
            self._plain(clause, place)

    def finished(self) -> list[Draft]:
        """What stands when the last clause has been taken."""
        return [d for d in self.drafts if d.kind != "manner"]

    def _goes_on(self, clause: Clause, kind: str) -> Draft | None:
        """The draft that the clause is part of."""
        last = self.drafts[-1] if self.drafts and not self._broken else None
        return last if last and last.kind != "manner" and self.judge.together(last, clause, kind) else None

    def _only_names(self, clause: Clause) -> bool:
        """Whether a clause says no more than who does what stands before it: 县住建局具体负责."""
        return bool(self.drafts) and not self._broken and self.drafts[-1].kind != "manner" and bare(clause)

    def _dates(self, clause: Clause) -> tuple[list[DateSpot], list[TargetSpot]]:
        """The dates that bound the clause, and the limits that each case has to keep."""
        usual = [d for d in clause.deadlines if usable(d, self.text)]
        limits = [t for d in usual if (t := case_limit(d, self.text))]
        return [d for d in usual if not case_limit(d, self.text)], limits

    def _lengthen(self, last: Draft, clause: Clause) -> None:
        """The clause is part of the item before it, and brings what it holds."""
        dates, limits = self._dates(clause)
        last.end = clause.end
        last.clauses.append(clause)
        last.targets = last.targets + clause.targets + limits
        if dates:
            last.deadline, last.carried = dates[-1], None
        last.recurrence = last.recurrence or (clause.recurrences[0] if clause.recurrences else None)
        if last.kind == "assigned":
            last.kind = "hard" if dates or clause.targets or clause.recurrences else last.kind

    def _strong(self, clause: Clause, kind: str, why: str) -> None:
        dates, limits = self._dates(clause)
        self.date = dates[-1] if dates else self.date
        if last := self._goes_on(clause, kind):
            self._lengthen(last, clause)
            self._run, self._pending, self._topic = None, None, []
            return
        if self._run and self._run.kind == "manner":
            start = self._run.start
            self.drafts.remove(self._run)
        else:
            start = self._pending if self._pending is not None else clause.start
        draft = Draft(start, clause.end, clause.start, kind, [clause], reasons=[why])
        draft.deadline = self.date if (dates or clause.targets) else None
        if clause.recurrences and not dates:
            draft.deadline = None
        elif (clause.targets or self.governs) and not self.date:
            draft.carried = self.carried
        draft.targets = clause.targets + limits
        if self._topic and all(t[2] == "==" or t[3] == 1 for t in draft.targets):
            draft.targets = self._topic + draft.targets
        draft.recurrence = clause.recurrences[0] if clause.recurrences else None
        self.drafts.append(draft)
        self._run, self._pending, self._topic, self._broken = None, None, [], False

    def _charged(self, clause: Clause, kind: str, why: str) -> None:
        last = self._goes_on(clause, kind) if kind == "assigned" else None
        if last:
            self._lengthen(last, clause)
            return
        self._broken = False
        start = self._pending if self._pending is not None and not self._fresh else clause.start
        self._run = Draft(start, clause.end, clause.start, kind, [clause], reasons=[why])
        if self.governs and not self.date:
            self._run.carried = self.carried
        self.drafts.append(self._run)
        self._pending = None

    def _plain(self, clause: Clause, place: Place) -> None:
        self._topic = self._topic or clause.targets
        if self._run:
            self._run.end = clause.end
            if self._run.kind == "manner" and words.concrete(clause.text):
                first = self._run.clauses[0]
                first.likely = self.judge.likely(first, "assigned", "unit", place)
                self._run.kind = "assigned" if first.likely >= _ENOUGH else "manner"
        elif self._pending is None:
            self._pending = clause.start
