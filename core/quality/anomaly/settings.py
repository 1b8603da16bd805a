"""How sensitive a detector is, and how much it remembers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Side(StrEnum):
    """Which departures are told of; a volume is watched for falling, for instance."""

    BOTH = "both"
    UP = "up"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class Settings:
    """`alpha` is the chance of a false alarm that is accepted at each point and statistic.

    Until `known_days` of a series were seen its rhythm cannot be told from news, so only what is as
    unlikely as `early_alpha` counts. Nothing counts in the first `burn_in` points. An episode stays
    open until `hold` points were quiet. `slots` divide a day at most; `counts` says that values are
    counts, whose noise is never below that of a Poisson process.
    """

    alpha: float = 1e-4
    early_alpha: float = 1e-8
    known_days: float = 2.0
    burn_in: int = 150
    hold: int = 25
    slots: int = 288
    counts: bool = False
    side: Side = Side.BOTH


SERIES = Settings()
"""For metrics of minutes to hours: about one false alarm in thousands of points."""

VALUES = Settings(alpha=1e-9, early_alpha=1e-12, burn_in=60, slots=48)
"""For the thousands of series of a fleet, where one false alarm a day is too many for each."""

VOLUME = Settings(alpha=1e-9, early_alpha=1e-12, burn_in=60, slots=48, counts=True, side=Side.DOWN)
"""For counts of records, where it matters that they stop coming."""
