"""What a detector says of one point."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """The form of a departure: a jump at one point, or a departure that lasts."""

    SPIKE = "spike"
    DROP = "drop"
    RISE = "rise"
    FALL = "fall"
    FLAT = "flat"
    """The same value again and again, where values used to move."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """`p` is the chance of such a point on a series that goes on as before; 1 where not judged.

    `low` and `high` bound what would have been quiet. `alarm` says that this point is unusual
    enough; `open` that an episode which began with an alarm has not been quiet for long enough.
    """

    p: float
    low: float | None = None
    high: float | None = None
    kind: Kind | None = None
    alarm: bool = False
    open: bool = False


QUIET = Verdict(1.0)
