"""How far the extractor agrees with annotated texts, per text, genre and field. No Django: folders in, figures out.

A folder holds index.json, and each text beside its annotation (NAME.txt, NAME.json) or the two in folders of
their own (texts, items). The genre is what a name begins with: news-07, prov-云南省-a. An annotation is a list of
items, each with `seg` (the segment's number), `quote` (copied exactly out of it) and the fields of a commitment.
A fact counts once a segment, an item is found where at least half of the shorter span is shared with an item of
the same segment.
"""

import datetime as dt
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from speeches.extraction import Commitment, extract
from speeches.extraction.text import segments

MEASURES = ("hard segments", "segments", "items", "deadlines", "recurrences", "targets", "units", "people")
_HEAD = re.compile(r"^(?:县|市|区|镇|乡|省|州|旗|自治区|全县|全市|全区|全镇|我县|我市|我区)(?=..)")
_TAIL = re.compile(r"(?:等)?(?:有关|相关)?(?:职能)?(?:部门|单位|局|委员会|委|厅|办公室|办)$")


@dataclass
class Tally:
    """What was to be found, what was found, and what of it was right."""

    right: int = 0
    missed: int = 0
    wrong: int = 0

    def add(self, gold: Counter[Any], found: Counter[Any]) -> None:
        """Count one text's facts."""
        hit = gold & found
        self.right += hit.total()
        self.missed += (gold - hit).total()
        self.wrong += (found - hit).total()

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall; 1 where nothing was to be found and nothing was."""
        total = 2 * self.right + self.missed + self.wrong
        return 2 * self.right / total if total else 1.0


@dataclass
class Board:
    """The figures of one text, or of several together."""

    name: str
    texts: int = 0
    tallies: dict[str, Tally] = field(default_factory=lambda: {m: Tally() for m in MEASURES})


@dataclass(frozen=True)
class Annotated:
    """One text with its annotation."""

    name: str
    text: str
    day: dt.date
    items: list[dict[str, Any]]

    @property
    def genre(self) -> str:
        """What the name begins with, up to its number."""
        return re.split(r"[\d-]", self.name, maxsplit=1)[0]

    def spans(self) -> list[tuple[int, int]]:
        """Start and end of every item's quote."""
        return [(start, end) for _, start, end, _ in _placed(self.items, self.text)]


def read(folder: Path) -> Iterator[Annotated]:
    """Every annotated text of a folder, in the order of their names."""
    index = json.loads((folder / "index.json").read_text("utf-8"))
    texts, items = (folder / "texts", folder / "items") if (folder / "items").is_dir() else (folder, folder)
    for path in sorted(items.glob("*.json")):
        if path.stem in index:
            text = (texts / f"{path.stem}.txt").read_text("utf-8")
            day = dt.date.fromisoformat(index[path.stem]["delivered_on"])
            yield Annotated(path.stem, text, day, json.loads(path.read_text("utf-8")))


Extract = Callable[[Annotated], list[Commitment]]


def boards(
    texts: Iterable[Annotated], totals: Callable[[Annotated], list[str]], extractor: Extract | None = None
) -> list[Board]:
    """One board for each total that a text counts for, sorted by name."""
    made: dict[str, Board] = {}
    for each in texts:
        found = extractor(each) if extractor else extract(each.text, delivered_on=each.day)
        facts = _counts(_placed(each.items, each.text), _placed([asdict(c) for c in found], each.text))
        for total in totals(each):
            board = made.setdefault(total, Board(total))
            board.texts += 1
            for measure, counts in facts.items():
                board.tallies[measure].add(*counts)
    return [made[name] for name in sorted(made)]


def _counts(gold: "list[Placed]", found: "list[Placed]") -> dict[str, tuple[Counter[Any], Counter[Any]]]:
    counts = {measure: (_facts(measure, gold), _facts(measure, found)) for measure in MEASURES}
    pairs = _aligned(gold, found)
    counts["items"] = (
        Counter({"right": pairs, "gold": len(gold) - pairs}),
        Counter({"right": pairs, "found": len(found) - pairs}),
    )
    return counts


def unit_key(unit: str) -> str:
    """A unit's name without its level and its kind, so that 县交通局 and 交通部门 meet."""
    name = unicodedata.normalize("NFKC", unit).strip("、，, 。")
    bare = _TAIL.sub("", _HEAD.sub("", name))
    return bare if len(bare) > 1 else name


def rrule_key(rule: str) -> str:
    """A rule by its frequency, its interval, and its days where they are several."""
    parts = dict(p.split("=", 1) for p in rule.split(";") if "=" in p)
    freq, interval = parts.get("FREQ"), int(parts.get("INTERVAL", 1))
    if freq == "MONTHLY" and interval == 12:
        freq, interval = "YEARLY", 1
    days = parts.get("BYMONTHDAY", "")
    return f"{freq}/{interval}/{days if ',' in days else ''}"


Placed = tuple[int, int, int, dict[str, Any]]


def _placed(items: list[dict[str, Any]], text: str) -> list[Placed]:
    """Segment, start, end and fields of every item."""
    cut, made = list(segments(text)), []
    for item in items:
        if item.get("start") is None:
            a, b = cut[item["seg"]]
            start = text.index(item["quote"], a, b)
            end = start + len(item["quote"])
        else:
            start, end = item["start"], item["end"]
        middle = (start + end) // 2
        made.append((next(n for n, (a, b) in enumerate(cut) if a <= middle < b), start, end, item))
    return made


def _facts(measure: str, items: list[Placed]) -> Counter[Any]:
    match measure:
        case "segments":
            return Counter({seg for seg, *_ in items})
        case "hard segments":
            hard = ("deadline", "recurrence", "targets")
            return Counter({seg for seg, _, _, item in items if any(item.get(k) for k in hard)})
        case "targets":
            return Counter(
                (seg, round(float(t["value"]), 6), t["unit"].strip())
                for seg, _, _, i in items
                for t in i.get("targets", [])
            )
        case _:
            return Counter({(seg, fact) for seg, _, _, item in items for fact in _single(measure, item)})


def _single(measure: str, item: dict[str, Any]) -> list[str]:
    match measure:
        case "deadlines":
            deadline = item.get("deadline")
            return [str(deadline["last_day"])] if deadline and deadline.get("last_day") else []
        case "recurrences":
            recurrence = item.get("recurrence")
            return [rrule_key(recurrence["rrule"])] if recurrence else []
        case "units":
            return [unit_key(u) for u in [*item.get("responsible", []), *item.get("supporting", [])]]
        case "people":
            return list(item.get("people", []))
        case _:
            return []


def _aligned(gold: list[Placed], found: list[Placed]) -> int:
    """How many items pair up, best overlap first."""
    scored = []
    for i, (seg, a, b, _) in enumerate(gold):
        for j, (other, x, y, _) in enumerate(found):
            shared = min(b, y) - max(a, x)
            if seg == other and shared >= 0.5 * min(b - a, y - x):
                scored.append((shared / (max(b, y) - min(a, x)), i, j))
    left: set[int] = set()
    right: set[int] = set()
    for _, i, j in sorted(scored, reverse=True):
        if i not in left and j not in right:
            left.add(i)
            right.add(j)
    return len(left)
