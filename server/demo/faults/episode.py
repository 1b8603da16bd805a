"""When a fault lasts, and how many of the records meanwhile it hits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Episode:
    """From `begins` to before `ends`, by the clock of those who ask."""

    begins: datetime
    ends: datetime
    share: float

    def covers(self, at: datetime) -> bool:
        return self.begins <= at < self.ends
