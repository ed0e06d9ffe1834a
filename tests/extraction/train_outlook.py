"""Learns the weights of `speeches.extraction.outlook`, and says how well they do on documents left out.

    python -m tests.extraction.train_outlook ../shared [--write]

Examples are paragraphs: of the annotated texts those with and those without a commitment, and of whole
provincial reports the chapters before and after "二、", which look back and forward by their headings.
Texts that are held out, and reports from which a held-out passage was taken, are never read.
"""

import argparse
import hashlib
import json
import math
import random
import re
from collections import Counter, defaultdict
from pathlib import Path

from speeches.extraction import outlook
from speeches.extraction.text import fold, segments
from tests.extraction.heldout import HELD_OUT

FOLDS = 6
Example = tuple[str, set[str], int]
REPORTS = ("云南省", "新疆维吾尔自治区", "江西省", "福建省")
_TELLING = re.compile(r"去年|了|\d\.\d|五年|一年来|年以来")


def fold_of(group: str) -> int:
    """The fold of a whole document; it does not change when documents are added."""
    return int(hashlib.sha256(group.encode()).hexdigest(), 16) % FOLDS


def chapters(shared: Path, name: str) -> tuple[list[str], list[str]]:
    """The paragraphs of a report before and after "二、": what was done, and what is to be done."""
    text = (shared / "corpus" / f"{name}.txt").read_text("utf-8")
    turn = re.search(r"(?m)^[　 ]*二、", text)
    assert turn, name
    before, after = text[: turn.start()], text[turn.start() :]
    return [p for p in before.split("\n") if len(p) > 40], [p for p in after.split("\n") if len(p) > 40]


def examples(shared: Path) -> list[Example]:
    """Group (whole document), pairs, and 1 for a paragraph that looks back."""
    found: list[Example] = []
    for name in REPORTS:
        for part, back in zip(chapters(shared, name), (1, 0), strict=True):
            found += [(name, outlook.pairs(fold(p.strip())), back) for p in part]
    for path in sorted((shared / "gold" / "texts").glob("*.txt")):
        if path.stem in HELD_OUT:
            continue
        text = path.read_text("utf-8")
        items = json.loads((shared / "gold" / "items" / f"{path.stem}.json").read_text("utf-8"))
        cut, bearing = list(segments(text)), {i["seg"] for i in items}
        group = path.stem.removeprefix("prov-").rstrip("-ab")
        for line in re.finditer(r"[^\n]{30,}", text):
            plans = any(line.start() <= cut[n][0] < line.end() for n in bearing)
            if plans or _TELLING.search(fold(line.group())):
                found.append((group, outlook.pairs(fold(line.group().strip())), 0 if plans else 1))
    return found


def learn(data: list[Example], vocabulary: set[str]) -> tuple[dict[str, float], float]:
    """Weights and bias by stochastic gradient descent with shrinkage; the same on every machine."""
    weights: dict[str, float] = defaultdict(float)
    bias, order, dice = 0.0, list(range(len(data))), random.Random(0)
    features = [sorted(f & vocabulary) for _, f, _ in data]
    for _ in range(60):
        dice.shuffle(order)
        for i in order:
            names = features[i]
            norm = math.sqrt(len(names)) or 1.0
            z = bias + sum(weights[x] for x in names) / norm
            gradient = 1 / (1 + math.exp(-max(-30.0, min(30.0, z)))) - data[i][2]
            bias -= 0.015 * gradient
            for x in names:
                weights[x] -= 0.15 * (gradient / norm + 0.06 * weights[x] / len(names))
    return weights, bias


def known(data: list[Example]) -> set[str]:
    """Pairs that occur in at least five paragraphs of at least three documents."""
    count = Counter(x for _, f, _ in data for x in f)
    groups: dict[str, set[str]] = defaultdict(set)
    for group, features, _ in data:
        for x in features:
            groups[x].add(group)
    return {x for x in count if count[x] >= 5 and len(groups[x]) >= 3}


def score(weights: dict[str, float], bias: float, features: set[str]) -> float:
    """As `outlook.backward` reckons it."""
    seen = [x for x in features if x in weights]
    return bias + sum(weights[x] for x in seen) / max(1.0, math.sqrt(len(seen)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shared", type=Path)
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    data = examples(args.shared)
    right = 0
    for out in range(FOLDS):
        rest = [d for d in data if fold_of(d[0]) != out]
        weights, bias = learn(rest, known(rest))
        right += sum((score(weights, bias, f) > 0) == (back == 1) for g, f, back in data if fold_of(g) == out)
    print(f"{len(data)} paragraphs, {right / len(data):.3f} right on documents left out")
    if args.write:
        weights, bias = learn(data, known(data))
        kept = {x: round(w, 3) for x, w in sorted(weights.items()) if abs(w) >= 0.02}
        target = Path(outlook.__file__).with_name("outlook.json")
        lines = ",\n".join(f"  {json.dumps(x, ensure_ascii=False)}: {w}" for x, w in kept.items())
        target.write_text(f'{{"bias": {bias:.4f}, "weights": {{\n{lines}\n}}}}\n', "utf-8")
        print(f"{len(kept)} weights written")


if __name__ == "__main__":
    main()
