"""The annotated texts by which the extractor is trained and measured, of both sets; and the learner.

Training needs scikit-learn, which nothing else does.
"""

import hashlib
import json
import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from unittest.mock import patch

from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from speeches import scoreboard
from speeches.extraction import linear
from speeches.extraction.linear import Linear
from speeches.scoreboard import Annotated

HERE = Path(__file__).parent / "texts"
FOLDS = 8


@dataclass(frozen=True)
class Example:
    """One case to learn from: its document, what is known of it, and the answer."""

    group: str
    named: Mapping[str, float]
    shapes: frozenset[str]
    right: bool
    weight: float = field(default=1.0)


def annotated(shared: Path) -> list[Annotated]:
    """Every annotated text: those of `shared`/gold, then those beside this file."""
    return [each for folder in (shared / "gold", HERE) for each in scoreboard.read(folder)]


def set_of(each: Annotated) -> str:
    """Which of the two sets a text belongs to."""
    return "texts" if (HERE / f"{each.name}.txt").exists() else "gold"


def group_of(name: str) -> str:
    """The document of which a text is a passage, or the text itself."""
    return name.removeprefix("prov-").rstrip("-ab")


def fold_of(group: str) -> int:
    """The fold of a whole document; it does not change when documents are added."""
    return int(hashlib.sha256(group.encode()).hexdigest(), 16) % FOLDS


def learn(data: Sequence[Example], strength: float, rows_at_least: int, groups_at_least: int) -> Linear:
    """A logistic regression with so much freedom, over the shapes of so many rows and documents."""
    count: Counter[str] = Counter()
    groups: defaultdict[str, set[str]] = defaultdict(set)
    for each in data:
        for shape in each.shapes:
            count[shape] += 1
            groups[shape].add(each.group)
    known = {x for x in count if count[x] >= rows_at_least and len(groups[x]) >= groups_at_least}
    rows = []
    for each in data:
        seen = sorted(each.shapes & known)
        rows.append(dict(each.named) | dict.fromkeys(seen, 1.0 / math.sqrt(len(seen) or 1)))
    names = DictVectorizer()
    model = LogisticRegression(C=strength, max_iter=3000)
    model.fit(names.fit_transform(rows), [e.right for e in data], [e.weight for e in data])
    weights = {n: round(float(w), 3) for n, w in zip(names.get_feature_names_out(), model.coef_[0], strict=True)}
    return Linear(weights, round(float(model.intercept_[0]), 4))


def chance(model: Linear, each: Example) -> float:
    """The chance that the answer is yes, by this model."""
    return model.chance(each.named, each.shapes)


def left_out(data: Sequence[Example], **how: float) -> list[Linear]:
    """For each fold what is learned without its documents."""
    return [learn([e for e in data if fold_of(e.group) != fold], **how) for fold in range(FOLDS)]  # type: ignore[arg-type]


def quality(data: Sequence[Example], models: Sequence[Linear]) -> str:
    """Accuracy and mean surprise, each example judged by the model that has not seen its document."""
    chances = [(chance(models[fold_of(e.group)], e), e.right) for e in data]
    right = sum((p > 0.5) == y for p, y in chances) / len(chances)
    loss = -sum(math.log(max(1e-6, p if y else 1 - p)) for p, y in chances) / len(chances)
    return f"{len(data)} examples, {right:.3f} right, loss {loss:.4f}"


def reading_with(**models: Linear) -> AbstractContextManager[object]:
    """Within this, the extractor reads with these models in place of those of their names."""
    usual = linear.learned
    return patch.object(linear, "learned", lambda name: models.get(name) or usual(name))


def write(name: str, model: Linear) -> None:
    """Write a model to where the extractor reads it."""
    lines = ",\n".join(f"  {json.dumps(x, ensure_ascii=False)}: {w}" for x, w in sorted(model.weights.items()) if w)
    target = Path(linear.__file__).with_name(f"{name}.json")
    target.write_text(f'{{"bias": {model.bias}, "weights": {{\n{lines}\n}}}}\n', "utf-8")
