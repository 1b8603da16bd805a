"""How well proposed matches agree with labelled ones, as Valentine counts (Koutras et al. 2021)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from core.similarity.alignment import Match
from evals.similarity_sets import LabelledMatches


@dataclass(frozen=True, slots=True)
class MatchFigures:
    """Of one pair of schemas. `recall` is the share of the n best matches that are among the n
    labelled; precision and found count the matches that are held."""

    recall: float
    precision: float
    found: float

    @property
    def f1(self) -> float:
        whole = self.precision + self.found
        return 2 * self.precision * self.found / whole if whole else 0.0


def judged_matches(labelled: LabelledMatches, matches: Sequence[Match]) -> MatchFigures:
    """`matches` are best first."""
    wanted = len(labelled.truth)
    best = {(match.left, match.right) for match in matches[:wanted]}
    held = {(match.left, match.right) for match in matches if match.held}
    right = len(held & labelled.truth)
    return MatchFigures(
        len(best & labelled.truth) / wanted, right / len(held) if held else 0.0, right / wanted
    )


def mean_line(name: str, figures: Sequence[MatchFigures]) -> str:
    """Means over pairs of schemas."""
    return (
        f"{name:12} {len(figures):3} pairs  recall at ground truth "
        f"{fmean(f.recall for f in figures):.4f}  F1 of held matches "
        f"{fmean(f.f1 for f in figures):.4f} "
        f"(precision {fmean(f.precision for f in figures):.4f}, "
        f"recall {fmean(f.found for f in figures):.4f})"
    )
