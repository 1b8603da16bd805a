"""Whether events came in time, by a column of when they happened."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import numpy as np
import polars as pl

from core.arrays import Ints, Numbers
from core.quality.record import value_holds
from core.quality.rule import QualityRule

_SECONDS = "[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
_UTC = re.compile(rf"{_SECONDS}(\.[0-9]{{1,9}})?(Z|\+00:00)")
_SLACK_MS = 1_000
"""Bounds are written without fractions: what is so near to one is looked at itself."""
_HOUR_MS = 3_600_000
_LAST_MS = 253_402_300_799_000
"""The end of the year 9999."""


def untimely(column: pl.Series, rule: QualityRule, arrived: Ints) -> Ints:
    """The rows that are later, or earlier, than the rule allows; `arrived` is in epoch
    milliseconds."""
    # Whatever the field is called: polars takes some names for patterns.
    column = column.alias("")
    rows = _in_doubt(column, rule, arrived)
    if not rows.size:
        return rows
    if len(rows) < len(column):
        column, arrived = column.gather(rows), arrived[rows]
    happened, unread = event_times(column)
    delay = arrived - happened
    late = np.zeros(len(column), bool)
    if rule.max_delay_ms is not None:
        late |= delay > rule.max_delay_ms
    if rule.max_ahead_ms is not None:
        late |= delay < -rule.max_ahead_ms
    late &= ~np.isnan(happened)
    for row in unread:
        late[row] = not value_holds(column[int(row)], rule, int(arrived[row]))
    return rows[late]


def event_times(column: pl.Series) -> tuple[Numbers, Ints]:
    """Epoch milliseconds (NaN for none), and the rows whose text is in another form than RFC 3339:
    those may be times all the same."""
    if isinstance(column.dtype, pl.String):
        read = column.str.to_datetime("%+", time_unit="us", strict=False, cache=False)
        happened = (read.dt.timestamp("us") / 1_000).to_numpy()
        unread = np.flatnonzero((read.is_null() & column.is_not_null()).to_numpy())
        return happened.astype(np.float64), unread
    numbers = column.cast(pl.Float64).to_numpy()
    size = np.abs(numbers)
    return np.where(size < 1e11, numbers * 1e3, np.where(size < 1e14, numbers, numbers / 1e3)), (
        np.empty(0, np.int64)
    )


def _in_doubt(column: pl.Series, rule: QualityRule, arrived: Ints) -> Ints:
    """Without those that are in time whichever of the batch they are: times in UTC that are written
    alike are in the order of their texts, and to compare those is a third of reading them."""
    form = _form(column)
    bounds = None if form is None else _bounds(rule, arrived)
    if form is None or bounds is None:
        return np.arange(len(column))
    fraction, zone = form[1] or "", form[2]
    low, high = (bound + re.sub(r"\d", "0", fraction) + zone for bound in bounds)
    digits = rf"\.[0-9]{{{len(fraction) - 1}}}" if fraction else ""
    text = pl.col("")
    alike = text.str.contains(f"^{_SECONDS}{digits}{re.escape(zone)}$")
    sound = (alike & (text >= low) & (text <= high)).fill_null(value=False)
    found = column.to_frame().select(sound).to_series()
    return np.flatnonzero(~found.to_numpy())


def _form(column: pl.Series) -> re.Match[str] | None:
    """How the first is written, if it is a time in UTC."""
    first = column[0] if isinstance(column.dtype, pl.String) and len(column) else None
    return _UTC.fullmatch(first) if isinstance(first, str) else None


def _bounds(rule: QualityRule, arrived: Ints) -> tuple[str, str] | None:
    """From when to when all are in time, within one month: between those of two lie texts of days
    that do not exist. None where that is nothing."""
    first, last = int(arrived.min()), int(arrived.max())
    ahead = _HOUR_MS if rule.max_ahead_ms is None else rule.max_ahead_ms
    high = first + ahead - _SLACK_MS
    low = 0 if rule.max_delay_ms is None else last - rule.max_delay_ms + _SLACK_MS
    if not 0 <= high <= _LAST_MS or low >= high:
        return None
    latest = _to_the_second(high)
    return max(_to_the_second(max(low, 0)), f"{latest[:7]}-01T00:00:00"), latest


def _to_the_second(at_ms: int) -> str:
    return f"{datetime.fromtimestamp(at_ms // 1_000, UTC):%Y-%m-%dT%H:%M:%S}"
