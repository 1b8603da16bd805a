"""Counts by day as a line for the eye, with the days on which nothing was looked at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from core.quality.trend import BARS, GAP
from core.usage.period import Period


def daily(counts: Iterable[tuple[date, int | None]], period: Period) -> list[int | None]:
    """A value for each day of the period; None where there is none."""
    known = dict(counts)
    days = (period.since + timedelta(days=place) for place in range(period.days))
    return [known.get(day) for day in days]


def bars(values: Sequence[int | None]) -> str:
    """From nothing to the most; `·` where nothing is known."""
    most = max((value for value in values if value is not None), default=0)
    return "".join(GAP if value is None else _bar(value, most) for value in values)


def _bar(value: int, most: int) -> str:
    return BARS[round(value / most * (len(BARS) - 1))] if most else BARS[0]
