"""Counts by day as a line, drawn on the server."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

WIDTH, HEIGHT = 240, 48
"""Units of the drawing; the page decides how large it is."""

_MARGIN = 4
_LEAST_DAYS = 7
"""Fewer days do not fill the width: a line across it would look like a long time."""


@dataclass(frozen=True, slots=True)
class Sparkline:
    """`line` and `area` are SVG paths, broken where days were not measured. `low` and `high` are of
    the days shown."""

    label: str
    days: int
    first: date
    last: date
    latest: float
    low: float
    high: float
    line: str
    area: str
    width: int = WIDTH
    height: int = HEIGHT


def sparkline_of(label: str, measured: Iterable[tuple[date, float | None]]) -> Sparkline | None:
    """Of the days that have a value, oldest first; None where no day has."""
    found = [(day, value) for day, value in measured if value is not None]
    if not found:
        return None
    values = [value for _, value in found]
    runs = [
        [_point(day, value, found, min(values), max(values)) for day, value in run]
        for run in _unbroken(found)
    ]
    return Sparkline(
        label=label,
        days=len(found),
        first=found[0][0],
        last=found[-1][0],
        latest=values[-1],
        low=min(values),
        high=max(values),
        line="".join(_line(run) for run in runs),
        area="".join(_area(run) for run in runs),
    )


Day = tuple[date, float]
Point = tuple[float, float]


def _unbroken(found: Sequence[Day]) -> list[list[Day]]:
    """Runs of days that follow one another."""
    runs: list[list[Day]] = []
    for each in found:
        if runs and (each[0] - runs[-1][-1][0]).days == 1:
            runs[-1].append(each)
        else:
            runs.append([each])
    return runs


def _point(day: date, value: float, found: Sequence[Day], low: float, high: float) -> Point:
    """The latest day is at the right edge; what never moved lies in the middle."""
    span = max((found[-1][0] - found[0][0]).days, _LEAST_DAYS - 1)
    back = (found[-1][0] - day).days / span
    height = (value - low) / (high - low) if high > low else 0.5
    x = WIDTH - _MARGIN - back * (WIDTH - 2 * _MARGIN)
    y = HEIGHT - _MARGIN - height * (HEIGHT - 2 * _MARGIN)
    return round(x, 1), round(y, 1)


def _line(run: Sequence[Point]) -> str:
    """A day alone is a dot: a line without length, with round ends."""
    points = run if len(run) > 1 else (*run, *run)
    return "M" + "L".join(f"{x} {y}" for x, y in points)


def _area(run: Sequence[Point]) -> str:
    return f"{_line(run)}L{run[-1][0]} {HEIGHT}L{run[0][0]} {HEIGHT}Z" if len(run) > 1 else ""
