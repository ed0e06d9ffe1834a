"""Logistic regressions that the extractor has learned: weights by name, in JSON files beside this module.

They are written by `tests/extraction/train.py`, which also says how well each does on documents left out.
"""

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import files


@dataclass(frozen=True)
class Linear:
    """A sum of weighted features. `shapes` are the names of those that only occur or do not."""

    weights: Mapping[str, float]
    bias: float

    @cached_property
    def names(self) -> frozenset[str]:
        """Those that have a weight."""
        return frozenset(self.weights)

    def score(self, named: Mapping[str, float], shapes: Iterable[str] = ()) -> float:
        """Above 0: rather yes. Shapes share the weight of one feature by the root of their number."""
        weights = self.weights
        total = self.bias + sum(weights[name] * value for name, value in named.items() if name in weights)
        seen = [weights[shape] for shape in self.names.intersection(shapes)]
        # An exact sum, which does not depend on the order of a set.
        return total + (math.fsum(seen) / math.sqrt(len(seen)) if seen else 0.0)

    def chance(self, named: Mapping[str, float], shapes: Iterable[str] = ()) -> float:
        """The same as a probability."""
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, self.score(named, shapes)))))


@lru_cache(maxsize=8)
def learned(name: str) -> Linear:
    """The regression of that name."""
    read = json.loads(files("speeches.extraction").joinpath(f"{name}.json").read_text("utf-8"))
    return Linear(read["weights"], read["bias"])
