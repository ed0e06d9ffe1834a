"""Learns the weights of `speeches.extraction.weigh`, and says how well calibrated they are.

    python -m tests.extraction.train_weigh ../shared [--write]

Examples are the clauses that a rule would take for a commitment; right are those of which most lies inside an
annotated item. Held-out texts are never read. Each document is judged by a model that has not seen it.
"""

import argparse
import json
import math
import random
from collections import Counter, defaultdict
from pathlib import Path

from speeches.extraction import outlook, weigh
from speeches.extraction.clauses import Clause
from speeches.extraction.engine import Reader
from speeches.extraction.outlook import pairs
from speeches.extraction.text import segments
from tests.extraction import train_outlook
from tests.extraction.heldout import HELD_OUT
from tests.extraction.train_outlook import FOLDS, fold_of

Example = tuple[str, weigh.Features, set[str], int]


def group_of(name: str) -> str:
    """Passages of one document belong together."""
    return name.removeprefix("prov-").rstrip("-ab")


class Watcher(Reader):
    """A reader that notes every clause it weighs."""

    def __init__(self, text: str) -> None:
        super().__init__(text, None)
        self.seen: list[tuple[int, int, weigh.Features, set[str]]] = []

    def _sentence(self, sentence, scope) -> None:  # type: ignore[no-untyped-def]
        self.view = sentence.view
        super()._sentence(sentence, scope)

    def _likely(self, clause: Clause, kind: str, why: str, place: weigh.Place) -> float:
        start, end = self.view.where(clause.start, clause.end)
        found = {k: v for k, v in weigh.features(clause, kind, why, place).items() if not k.startswith("# ")}
        self.seen.append((start, end, found, {f"# {p}" for p in pairs(clause.text)}))
        return 1.0


def outlooks(shared: Path) -> list[tuple[dict[str, float], frozenset[str], float]]:
    """Weights of the outlook for each fold, learned without the fold's documents."""
    data = train_outlook.examples(shared)
    made = []
    for fold in range(FOLDS):
        rest = [d for d in data if fold_of(d[0]) != fold]
        weights, bias = train_outlook.learn(rest, train_outlook.known(rest))
        made.append((dict(weights), frozenset(weights), bias))
    return made


def examples(shared: Path) -> list[Example]:
    """Group, named features, character pairs, and 1 for a clause inside an annotated item."""
    gold = shared / "gold"
    found: list[Example] = []
    by_fold = outlooks(shared)
    for path in sorted((gold / "texts").glob("*.txt")):
        if path.stem in HELD_OUT:
            continue
        text = path.read_text("utf-8")
        cut = list(segments(text))
        items = []
        for item in json.loads((gold / "items" / f"{path.stem}.json").read_text("utf-8")):
            a, b = cut[item["seg"]]
            at = text.index(item["quote"], a, b)
            items.append((at, at + len(item["quote"])))
        own = by_fold[fold_of(group_of(path.stem))]
        outlook._weights = lambda own=own: own  # type: ignore[assignment]
        watcher = Watcher(text)
        watcher.read()
        for start, end, named, shapes in watcher.seen:
            inside = max((min(b, end) - max(a, start) for a, b in items), default=0)
            found.append((group_of(path.stem), named, shapes, int(inside > 0.5 * (end - start))))
    return found + reports(shared, by_fold)


def reports(shared: Path, by_fold: list[tuple[dict[str, float], frozenset[str], float]]) -> list[Example]:
    """Clauses of whole provincial reports, each paragraph read by itself, as a passage without its heading.

    By their headings the first chapter looks back: none of its clauses is a commitment. The others plan: a clause
    with a number or a date in them is one, unless a rule already takes it for background.
    """
    found: list[Example] = []
    for name in train_outlook.REPORTS:
        own = by_fold[fold_of(name)]
        outlook._weights = lambda own=own: own  # type: ignore[assignment]
        for plans, paragraphs in enumerate(train_outlook.chapters(shared, name)):
            for paragraph in paragraphs:
                watcher = Watcher(paragraph + "\n")
                watcher.read()
                for _, _, named, shapes in watcher.seen:
                    if not plans or (named.get("kind hard") and not _DOUBTFUL & named.keys()):
                        found.append((name, named, shapes, plans))
    return found


_DOUBTFUL = {"background", "past", "describes", "is", "question", "we"}


def full(example: Example, vocabulary: set[str]) -> weigh.Features:
    """All features of an example, pairs scaled as `weigh.features` scales them."""
    _, named, shapes, _ = example
    seen = sorted(shapes & vocabulary)
    return named | dict.fromkeys(seen, 1.0 / max(1.0, math.sqrt(len(seen))))


def known(data: list[Example]) -> set[str]:
    """Pairs of at least six clauses in at least five documents."""
    count = Counter(x for _, _, shapes, _ in data for x in shapes)
    groups: dict[str, set[str]] = defaultdict(set)
    for group, _, shapes, _ in data:
        for x in shapes:
            groups[x].add(group)
    return {x for x in count if count[x] >= 6 and len(groups[x]) >= 5}


def learn(data: list[Example], vocabulary: set[str], shrink: float = 0.002) -> tuple[dict[str, float], float]:
    """Weights and bias by stochastic gradient descent with shrinkage."""
    weights: dict[str, float] = defaultdict(float)
    bias, dice = 0.0, random.Random(0)
    rows = [(full(e, vocabulary), e[3]) for e in data]
    for epoch in range(80):
        rate = 0.08 / (1 + epoch / 20)
        dice.shuffle(rows)
        for found, right in rows:
            z = bias + sum(weights[k] * v for k, v in found.items())
            gradient = 1 / (1 + math.exp(-max(-30.0, min(30.0, z)))) - right
            bias -= 0.2 * rate * gradient
            for k, v in found.items():
                weights[k] -= rate * (gradient * v + (4 * shrink if k[0] == "#" else shrink) * weights[k])
    return weights, bias


def judged(data: list[Example], shrink: float = 0.002) -> list[tuple[float, int, Example]]:
    """Likelihood of every example by the model of its fold."""
    out = []
    for fold in range(FOLDS):
        rest = [d for d in data if fold_of(d[0]) != fold]
        vocabulary = known(rest)
        weights, bias = learn(rest, vocabulary, shrink)
        for e in data:
            if fold_of(e[0]) == fold:
                z = bias + sum(weights.get(k, 0.0) * v for k, v in full(e, vocabulary).items())
                out.append((1 / (1 + math.exp(-max(-30.0, min(30.0, z)))), e[3], e))
    return out


def report(rows: list[tuple[float, int, Example]]) -> None:
    """Accuracy, and what share is right at each likelihood."""
    right = sum((p >= 0.5) == (y == 1) for p, y, _ in rows)
    loss = -sum(math.log(max(1e-6, p if y else 1 - p)) for p, y, _ in rows) / len(rows)
    print(f"{len(rows)} clauses, {right / len(rows):.3f} right, log loss {loss:.3f}")
    for low in (0.0, 0.1, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95):
        high = {0.0: 0.1, 0.1: 0.3, 0.3: 0.5, 0.5: 0.7, 0.7: 0.8, 0.8: 0.9, 0.9: 0.95, 0.95: 1.01}[low]
        some = [y for p, y, _ in rows if low <= p < high]
        if some:
            print(f"  {low:.2f} to {min(high, 1):.2f}: {sum(some) / len(some):.2f} of {len(some)} right")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shared", type=Path)
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    data = examples(args.shared)
    report(judged(data))
    if args.write:
        weights, bias = learn(data, known(data))
        kept = {x: round(w, 3) for x, w in sorted(weights.items()) if abs(w) >= 0.005}
        lines = ",\n".join(f"  {json.dumps(x, ensure_ascii=False)}: {w}" for x, w in kept.items())
        Path(weigh.__file__).with_name("weigh.json").write_text(
            f'{{"bias": {bias:.4f}, "weights": {{\n{lines}\n}}}}\n', "utf-8"
        )
        print(f"{len(kept)} weights written")


if __name__ == "__main__":
    main()
