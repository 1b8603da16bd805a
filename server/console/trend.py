"""A trend as a picture: bars of SVG, worked out here, with a sentence for whoever hears it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from core.quality.score import Slice
from core.quality.wording import percent
from server.console.figures import Level, level

WIDTH, HEIGHT = 640, 120
_GAP = 2
_LEAST = 0.1
"""Bars begin at least so far below the best: small differences are not to look like ruin."""


@dataclass(frozen=True)
class Bar:
    """In the units of the picture; `title` says its figures."""

    x: float
    y: float
    width: float
    height: float
    level: Level
    title: str


@dataclass(frozen=True)
class Chart:
    """`low` and `high` are what its bottom and its top stand for."""

    bars: tuple[Bar, ...]
    low: float
    high: float
    said: str
    since: Slice
    until: Slice
    width: int = WIDTH
    height: int = HEIGHT


def chart_of(slices: Sequence[Slice], share: Callable[[Slice], float | None]) -> Chart | None:
    """None where nothing was counted."""
    shares = [share(each) for each in slices]
    known = [each for each in shares if each is not None]
    if not known:
        return None
    high = max(known)
    low = max(0.0, min(*known, high - _LEAST))
    width = WIDTH / len(slices)
    bars = tuple(
        _bar(place * width, width, part, found, low, high)
        for place, (part, found) in enumerate(zip(slices, shares, strict=True))
        if found is not None
    )
    said = f"From {percent(min(known))} to {percent(high)}, last {percent(known[-1])}."
    return Chart(bars, low, high, said, slices[0], slices[-1])


def _bar(x: float, width: float, part: Slice, share: float, low: float, high: float) -> Bar:
    tall = 6 + (share - low) / (high - low) * (HEIGHT - 6)
    return Bar(
        x=round(x + _GAP / 2, 2),
        y=round(HEIGHT - tall, 2),
        width=round(width - _GAP, 2),
        height=round(tall, 2),
        level=level(share),
        title=f"{part.start:%Y-%m-%d %H:%M} UTC: {percent(share)} of {part.records:,} records",
    )
