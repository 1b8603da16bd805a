"""How often a rule held while it was learnt, and how far a breach of it is to be believed."""

from __future__ import annotations

from math import sqrt

from pydantic import BaseModel, ConfigDict

_DEVIATIONS = 1.645
"""One-sided 95 percent."""


class Evidence(BaseModel):
    """Counts of one field's values; evidence of two samples adds up."""

    model_config = ConfigDict(frozen=True)
    broken: int
    seen: int

    def __add__(self, other: Evidence) -> Evidence:
        return Evidence(broken=self.broken + other.broken, seen=self.seen + other.seen)

    @property
    def share(self) -> float:
        return self.broken / self.seen if self.seen else 1.0

    def at_most(self) -> float:
        """The largest share of breaches that the sample leaves room for (Wilson's upper bound)."""
        if not self.seen:
            return 1.0
        square = _DEVIATIONS**2
        middle = self.share + square / (2 * self.seen)
        width = _DEVIATIONS * sqrt(
            self.share * (1 - self.share) / self.seen + square / (4 * self.seen**2)
        )
        return min(1.0, (middle + width) / (1 + square / self.seen))

    def trust(self, tolerated: float) -> float:
        """How likely a breach is a fault: 1 where the rule never breaks, a half where it may break
        in the share that is `tolerated`, and nothing at twice that: so often is the stream's way.
        """
        return max(0.0, 1.0 - self.at_most() / (2 * tolerated))

    def said(self) -> str:
        return f"{self.seen - self.broken:,} of {self.seen:,} values"
