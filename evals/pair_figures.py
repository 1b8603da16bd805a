"""How well scores tell pairs of schemas that are the same from those that are not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from core.arrays import Numbers
from core.similarity.score import SAME
from evals.reliability import bins_of, calibration_error
from evals.similarity_sets import LabelledPairs

HARD = ("cross_vendor", "hard_negative")


@dataclass(frozen=True, slots=True)
class PairFigures:
    """All but `twins` leave the twins out; `twins` is the share of them that is called the same.

    `hard` is the average precision of pairs across vendors against hard negatives.
    """

    precision: float
    recall: float
    f1: float
    average_precision: float
    hard: float
    twins: float
    calibration: float

    def __str__(self) -> str:
        return (
            f"AP {self.average_precision:.3f}  "
            f"cross-vendor against hard negatives {self.hard:.3f}  "
            f"F1 {self.f1:.3f} (precision {self.precision:.3f}, recall {self.recall:.3f})  "
            f"twins {self.twins:.2f}  calibration error {self.calibration:.3f}"
        )


def judged_pairs(labelled: LabelledPairs, said: Numbers) -> PairFigures:
    main, kinds = labelled.main, np.array(labelled.kinds)
    called, same = said >= SAME, labelled.same > 0
    right = float((called & same & main).sum())
    precision = right / max(1.0, float((called & main).sum()))
    recall = right / max(1.0, float((same & main).sum()))
    hard, twin = np.isin(kinds, HARD), kinds == "twin"
    return PairFigures(
        precision,
        recall,
        2 * precision * recall / max(1e-12, precision + recall),
        average_precision(said[main], labelled.same[main]),
        average_precision(said[hard], labelled.same[hard]),
        float(called[twin].mean()) if twin.any() else 0.0,
        calibration_error(bins_of(said[main], labelled.same[main])),
    )


def average_precision(said: Numbers | Sequence[float], same: Numbers | Sequence[float]) -> float:
    """Stepwise over distinct scores: equal ones are taken together. 0 without any positive."""
    ordered = sorted(zip(said, same, strict=True), key=lambda pair: -pair[0])
    positives, seen, right, area = sum(true for _, true in ordered), 0, 0.0, 0.0
    for _, group in groupby(ordered, key=lambda pair: pair[0]):
        tied = [true for _, true in group]
        seen, right = seen + len(tied), right + sum(tied)
        area += sum(tied) * right / seen
    return float(area / positives) if positives else 0.0
