"""Precision and recall of what was found among what there was."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Found:
    precision: float
    recall: float
    f1: float

    @staticmethod
    def of(found: AbstractSet[Hashable], there: AbstractSet[Hashable]) -> Found:
        """Nothing found has a precision of 0, as in the set's own scorer."""
        right = len(found & there)
        precision = right / len(found) if found else 0.0
        recall = right / len(there) if there else 0.0
        both = precision + recall
        return Found(precision, recall, 2 * precision * recall / both if both else 0.0)

    def __str__(self) -> str:
        return f"F1 {self.f1:.3f} (precision {self.precision:.3f}, recall {self.recall:.3f})"


def mean(figures: Sequence[Found]) -> Found:
    """Each figure by itself: the mean F1 is not that of the mean precision and recall."""
    count = len(figures)
    return Found(
        sum(each.precision for each in figures) / count,
        sum(each.recall for each in figures) / count,
        sum(each.f1 for each in figures) / count,
    )
