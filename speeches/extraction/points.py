"""Points: which items a trailer charges.

One at the end of a paragraph charges the items before it in that paragraph, one on a line of its own those of the
point above it, one in a heading or above everything else those that follow (for that the caller keeps it).
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from speeches.extraction.drafts import Sentence
from speeches.extraction.model import Commitment, Deadline
from speeches.extraction.roster import Roster
from speeches.extraction.trailers import Trailer

_NUMBER = re.compile(
    r"[>\s]*(?:(?P<a>\d{1,2}[.．、])|(?P<b>（[一二三四五六七八九十]+）)|(?P<c>（\d+）)|(?P<d>[一二三四五六七八九十]+、))"
)
Spelled = Callable[[list[str]], tuple[str, ...]]
When = Callable[[Trailer], Deadline | None]


class Points:
    """The items of the point at hand, which a trailer still to come may charge."""

    def __init__(self, found: list[Commitment], spelled: Spelled) -> None:
        self.found = found
        self.spelled = spelled
        self.open: list[int] = []
        self.kind = ""
        # Whether a trailer has spoken for the open items, so that the next paragraph begins a new point.
        self.closed = False
        # Whether anything but trailers has stood since the last heading or point.
        self.spoken = False
        # The kinds of number whose points have trailers of their own in this text.
        self.single: set[str] = set()
        # Sentences of the point that hold no item of their own, but become one where a trailer charges somebody.
        self.idle: list[Sentence] = []
        self.count = 0

    def reset(self) -> None:
        """A heading: nothing before it can be charged any more."""
        self.open, self.kind, self.closed, self.spoken, self.count = [], "", False, False, 0
        self.idle = []

    def begin(self, words: str) -> None:
        """A paragraph that holds more than trailers."""
        m = _NUMBER.match(words)
        kind = m.lastgroup or "" if m else ""
        if self.closed or (kind and (kind != self.kind or kind in self.single)):
            self.reset()
            self.kind = kind
        self.spoken = True
        self.count += 1

    def charge(
        self,
        said: Sequence[Trailer],
        spans: Sequence[tuple[int, int]],
        first: int,
        when: When,
        *,
        last: bool,
        alone: bool,
    ) -> Roster | None:
        """Hands out the trailers of a paragraph, at these places of the text; its items begin with `first`.

        `last` tells whether nothing follows the last of them, `alone` whether nothing but them stands there. Returns one that stands before all items, and so may speak for those to come.
        """
        mine = [*range(first, len(self.found))]
        self.open += mine
        above: Roster | None = None
        for n, (trailer, (start, _)) in enumerate(zip(said, spans, strict=True)):
            since = spans[n - 1][1] if n else 0
            if trailer.since and (n or len(said) > 1 or not last):
                # Inside a sentence of a paragraph that goes on, it speaks for that sentence only.
                since = max(since, start - (trailer.start - trailer.since))
            before = self.open if alone and n == 0 else [i for i in mine if since <= self.found[i].start < start]
            until = spans[n + 1][0] if n + 1 < len(spans) else None
            if not before and not trailer.since:
                before = [i for i in mine if until is None or self.found[i].start < until]
            if before:
                mine = [i for i in mine if i not in before]
            elif n == 0 and not self.spoken and not self.open:
                above = trailer
                continue
            else:
                before = self.open if n == 0 else []
            self.closed = True
            if self.kind and self.count == 1:
                self.single.add(self.kind)
            self.give(trailer, before, when(trailer))
        return above

    def give(self, said: Roster, items: Sequence[int], deadline: Deadline | None) -> None:
        """Charges items with what a trailer says, beside whom their own words charge."""
        for n in items:
            item = self.found[n]
            responsible = tuple(dict.fromkeys([*item.responsible, *self.spelled(said.responsible)]))
            helping = [*item.supporting, *self.spelled(said.supporting)]
            supporting = tuple(u for u in dict.fromkeys(helping) if u not in responsible)
            people = tuple(dict.fromkeys([*item.people, *self.spelled(said.people)]))
            item = replace(item, responsible=responsible, supporting=supporting, people=people)
            if deadline and not item.deadline and not item.recurrence:
                item = replace(item, deadline=deadline, tier="hard")
            if item.tier == "named" and (item.responsible or item.people):
                item = replace(item, tier="assigned")
            self.found[n] = item
