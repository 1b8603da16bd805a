"""What a check says of values: which break its rule, and how likely each of them is a fault."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from core.arrays import Ints, Numbers
from core.quality.rule import Dimension

Places = Ints
NO_PLACES: Places = np.empty(0, np.int64)
NO_NUMBERS: Numbers = np.empty(0)


@dataclass(frozen=True)
class Suspects:
    """`records` are places of records, `sureness` 0 to 1 beside each."""

    field: str
    rule: str
    dimension: Dimension
    records: Places
    sureness: Numbers


@dataclass(frozen=True)
class Verdict:
    """One value under suspicion by one rule."""

    field: str
    rule: str
    confidence: float
