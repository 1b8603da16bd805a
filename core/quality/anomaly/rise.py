"""When a share rose: of all beginnings, that with which what came since is likeliest.

The change point of greatest likelihood (Hinkley, "Inference about the change-point in a sequence of
random variables", 1970), whatever the share after it.
"""

from __future__ import annotations

import math
from itertools import accumulate

import msgspec

_KEPT = 64


class Rise(msgspec.Struct):
    """`looks` are those that had bad records: when the first of these came (epoch milliseconds),
    how many they were, and of how many, with the records of later looks that had none."""

    looks: list[tuple[int, int, int]] = []

    def note(self, first_ms: int, bad: int, total: int) -> None:
        """A look; `first_ms` is the time of its first bad record, if there is one."""
        if bad:
            self.looks.append((first_ms, bad, total))
        elif self.looks:
            last_ms, last_bad, last_total = self.looks[-1]
            self.looks[-1] = (last_ms, last_bad, last_total + total)
        if len(self.looks) > _KEPT:
            (old_ms, *old), (_, *next_to_it) = self.looks[:2]
            bad, total = (one + other for one, other in zip(old, next_to_it, strict=True))
            self.looks[:2] = [(old_ms, bad, total)]

    def beginning(self, known: float) -> tuple[int, int, int]:
        """When it left the `known` share, 0 to 1, and how many records were bad since, of how many.

        Raises ValueError where no bad record was noted."""
        looks = reversed(self.looks)
        since = accumulate(looks, lambda old, new: (new[0], old[1] + new[1], old[2] + new[2]))
        return max(since, key=lambda one: _ratio(one[1], one[2], known))


def _ratio(bad: int, total: int, known: float) -> float:
    """The logarithm of how much likelier these are with a share of their own, if that is higher."""
    share = bad / total
    if share <= known:
        return 0.0
    good = total - bad
    unlikely = good * math.log((1 - share) / (1 - known)) if good else 0.0
    return bad * math.log(share / known) + unlikely
