"""When a share rose: of all beginnings, that with which what came since is likeliest.

The change point of greatest likelihood (Hinkley, "Inference about the change-point in a sequence of
random variables", 1970), whatever the share after it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import accumulate

import msgspec

from core.quality.window import POSITIONS, Spot

_KEPT = 64
_SPOTS = 2
"""Records that are kept of each look: enough of many are enough of a few in a row."""


class Since(msgspec.Struct, array_like=True, frozen=True):
    """Looks in a row from one that had bad records: when the first of these came (epoch
    milliseconds), how many they were, of how many, and where some of the first lie."""

    first_ms: int
    bad: int
    total: int
    spots: tuple[Spot, ...] = ()

    def then(self, later: Since, most: int = POSITIONS) -> Since:
        """Both, with as many spots at most."""
        spots = (*self.spots, *later.spots)[:most]
        return Since(self.first_ms, self.bad + later.bad, self.total + later.total, spots)


class Rise(msgspec.Struct):
    """`looks` are those that had bad records, each with the records of later ones that had none."""

    looks: list[Since] = []

    def note(self, first_ms: int, bad: int, total: int, spots: Sequence[Spot] = ()) -> None:
        """A look; `first_ms` is the time of its first bad record, if there is one."""
        if bad:
            self.looks.append(Since(first_ms, bad, total, tuple(spots[:_SPOTS])))
        elif self.looks:
            self.looks[-1] = self.looks[-1].then(Since(first_ms, bad, total))
        if len(self.looks) > _KEPT:
            oldest, next_to_it, *_ = self.looks
            self.looks[:2] = [oldest.then(next_to_it, _SPOTS)]

    def beginning(self, known: float) -> Since:
        """Since it left the `known` share, 0 to 1.

        Raises ValueError where no bad record was noted.
        """
        since: Iterator[Since] = accumulate(
            reversed(self.looks), lambda later, look: look.then(later)
        )
        return max(since, key=lambda one: _ratio(one.bad, one.total, known))


def _ratio(bad: int, total: int, known: float) -> float:
    """The logarithm of how much likelier these are with a share of their own, if that is higher."""
    share = bad / total
    if share <= known:
        return 0.0
    good = total - bad
    unlikely = good * math.log((1 - share) / (1 - known)) if good else 0.0
    return bad * math.log(share / known) + unlikely
