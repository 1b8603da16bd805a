"""The fitted numbers: data of this folder, with where they come from.

`python -m evals.fitting` writes them again from the labelled sets.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import orjson

from core.similarity.logistic import Logistic


@dataclass(frozen=True, slots=True)
class Weights:
    """`pair` judges the signals of two schemas, `match` the likeness of two fields."""

    pair: Logistic
    match: Logistic

    def sureness(self, likeness: float) -> float:
        """How often two fields of that likeness were the same on labelled pairs."""
        odds = self.match.weights[0] * likeness + self.match.bias
        return 1 / (1 + math.exp(-odds))

    def likeness_of(self, sureness: float) -> float:
        """From which likeness on two fields are so sure."""
        weight = self.match.weights[0]
        return (math.log(sureness / (1 - sureness)) - self.match.bias) / weight if weight else 0.0


@cache
def weights() -> Weights:
    """Those that come with the package."""
    text = files("core.similarity").joinpath("weights.json").read_bytes()
    return read(orjson.loads(text))


def read(kept: Any) -> Weights:
    """The weights as `weights.json` has them."""
    pair, match = kept["pair"], kept["match"]
    return Weights(
        Logistic(tuple(pair["weights"].values()), pair["bias"]),
        Logistic((match["likeness"],), match["bias"]),
    )
