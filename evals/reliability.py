"""Whether probabilities keep their word: of pairs at about .8, are about .8 the same?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.arrays import Numbers

BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """`said` is the mean probability of its `count` pairs, `true` the share that is the same."""

    count: int
    said: float
    true: float


def bins_of(said: Numbers, same: Numbers, count: int = BINS) -> tuple[Bin, ...]:
    """Ten bins of equal width; those that no pair falls into are left out."""
    places = np.minimum((said * count).astype(int), count - 1)
    return tuple(
        Bin(int(held.sum()), float(said[held].mean()), float(same[held].mean()))
        for held in (places == place for place in range(count))
        if held.any()
    )


def calibration_error(bins: Sequence[Bin]) -> float:
    """Expected calibration error: the mean of |said - true|, weighed by the bins' counts."""
    total = sum(found.count for found in bins)
    return sum(found.count * abs(found.said - found.true) for found in bins) / max(1, total)


def table(bins: Sequence[Bin]) -> list[str]:
    """The reliability diagram as rows: said, true, how many, and a bar as long as the truth."""
    return [
        f"  said {found.said:.2f}  true {found.true:.2f}  n {found.count:4}  "
        + "#" * round(20 * found.true)
        for found in bins
    ]


def diagram(bins: Sequence[Bin], title: str) -> str:
    """An SVG: said to the right, true upwards, areas by count, the diagonal for perfection."""
    most = max((found.count for found in bins), default=1)
    dots = "\n".join(
        f'<circle cx="{_x(found.said):.1f}" cy="{_y(found.true):.1f}" '
        f'r="{3 + 11 * (found.count / most) ** 0.5:.1f}" fill="#2f6f8f" fill-opacity="0.75">'
        f"<title>{found.count} pairs: said {found.said:.2f}, true {found.true:.2f}</title></circle>"
        for found in bins
    )
    ticks = "\n".join(
        f'<text x="{_x(tick):.0f}" y="318" text-anchor="middle">{tick:g}</text>'
        f'<text x="42" y="{_y(tick) + 4:.0f}" text-anchor="end">{tick:g}</text>'
        for tick in (0, 0.2, 0.4, 0.6, 0.8, 1)
    )
    return f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 340 350"
 width="340" height="350" font-family="sans-serif" font-size="11">
<rect width="340" height="350" fill="white"/>
<text x="185" y="18" text-anchor="middle" font-size="12">{title}</text>
<rect x="50" y="30" width="270" height="270" fill="none" stroke="#888"/>
<line x1="50" y1="300" x2="320" y2="30" stroke="#bbb" stroke-dasharray="4 3"/>
{ticks}
<text x="185" y="338" text-anchor="middle">probability said</text>
<text x="14" y="165" text-anchor="middle" transform="rotate(-90 14 165)">share truly the same</text>
{dots}
</svg>
"""


def _x(value: float) -> float:
    return 50 + 270 * value


def _y(value: float) -> float:
    return 300 - 270 * value
