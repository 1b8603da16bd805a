"""The history of a score in slices of equal length, for the eye."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from core.quality.score import Slice

BARS = "▁▂▃▄▅▆▇█"
GAP = "·"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def sliced(
    history: Iterable[Slice], since: datetime, until: datetime, minutes: int = 60
) -> tuple[Slice, ...]:
    """Every slice from the one that `since` is in to the one that `until` is in, on the clock's
    own multiples of `minutes`; one in which nothing was counted has no records."""
    width = timedelta(minutes=minutes)
    sums: dict[datetime, list[int]] = defaultdict(lambda: [0, 0])
    for each in history:
        found = sums[_floor(each.start, width)]
        found[0] += each.records
        found[1] += each.bad
    start, slices = _floor(since, width), []
    while start < until:
        records, bad = sums.get(start, (0, 0))
        slices.append(Slice(start=start, minutes=minutes, records=records, bad=bad))
        start += width
    return tuple(slices)


def line(scores: Iterable[float | None]) -> str:
    """A bar for each score: the higher the better, `·` where there is none.

    The lowest bar is the lowest score, or 10 points below the highest where all lie closer: small
    differences are not to look like ruin.
    """
    found = list(scores)
    known = [score for score in found if score is not None]
    if not known:
        return GAP * len(found)
    top = max(known)
    low = min(*known, top - 0.1)
    return "".join(GAP if score is None else _bar(score, low, top) for score in found)


def _bar(score: float, low: float, top: float) -> str:
    return BARS[int((score - low) / (top - low) * (len(BARS) - 1) + 1e-9)]


def _floor(at: datetime, width: timedelta) -> datetime:
    return at - (at - _EPOCH) % width
