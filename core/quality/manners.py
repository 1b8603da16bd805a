"""Rules that a sample teaches about records and not about values: how late they come, and that an
event comes once."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from core.arrays import Numbers
from core.names import last_part, parts_of
from core.quality.expression import moment
from core.quality.learning.column import paths_of
from core.quality.record import single_value
from core.quality.rule import Metric, QualityRule
from core.similarity.lexicon import ends_as_code, root

ENOUGH = 50
_MINUTE_MS, _HOUR_MS = 60_000, 3_600_000
_MOSTLY = 0.9
"""The share of records that must have the manners for them to be a rule."""
_DIFFERENT, _NEARLY_ALL = 0.9, 0.995
"""The share of values that must be different where they are of the message itself, and where they
are of a thing that may be spoken of again."""
_CLOSE_MS = 24 * _HOUR_MS
"""A time that is mostly further from the arrival says when something else was."""
_CODES = 5
"""Identifiers that are looked at together, at most."""
_SLACK = 10
"""Times what is usual: who is so late is so by a fault."""
_IDENTIFIERS = frozenset({"id", "uuid", "guid"})
_OF_MESSAGES = frozenset({"event", "message", "msg", "uuid", "guid", "record"})
_SAYS_NOTHING = re.compile(r"v|\d+|raw|data|stream|topic|json|avro|all|daily|full")
"""Words at the end of a topic's name that are not what its records are."""
_ENVELOPE = frozenset({"after", "before", "payload", "data", "body", "value"})


def manners(
    topic: str, records: Sequence[dict[str, Any]], arrived_ms: Sequence[int]
) -> tuple[QualityRule, ...]:
    """Of messages of the topic of that name; `arrived_ms` is when the broker got each, in epoch
    milliseconds."""
    if len(records) < ENOUGH:
        return ()
    paths = [path for path in paths_of(records) if "[]" not in path]
    columns = {path: [single_value(record, path) for record in records] for path in paths}
    arrived = np.asarray(arrived_ms, np.float64)
    timely = [rule for path, values in columns.items() for rule in _timely(path, values, arrived)]
    once = [*_once(topic, columns, len(records))]
    if not once and timely:
        once = [*_once_at_a_time(columns, timely[0].field or "", len(records))]
    return (*timely, *once)


def _timely(path: str, values: Sequence[Any], arrived: Numbers) -> Iterator[QualityRule]:
    read = [_moment_ms(value) for value in values]
    known = np.array([np.nan if at is None else at for at in read])
    there = ~np.isnan(known)
    filled = sum(value is not None for value in values)
    if there.sum() < max(ENOUGH, _MOSTLY * filled):
        return
    delays = (arrived - known)[there]
    close = np.abs(delays) < _CLOSE_MS
    if close.mean() < 0.75 or _is_still(known[there]):
        return
    usual = float(np.quantile(delays[close], 0.95))
    late = _minutes(max(5 * _MINUTE_MS, _SLACK * max(usual, 0.0)))
    ahead = _minutes(max(_MINUTE_MS, _SLACK * max(-float(np.quantile(delays[close], 0.05)), 0.0)))
    kept = int(((delays <= late) & (delays >= -ahead)).sum())
    yield QualityRule(
        id=f"{_slug(path)}.timeliness",
        metric=Metric.TIMELINESS,
        field=path,
        max_delay_ms=late,
        max_ahead_ms=ahead,
        inferred=True,
        reason=f"so close to its arrival in {kept:,} of {len(delays):,} sampled messages",
    )


def _minutes(milliseconds: float) -> int:
    """Whole ones, in milliseconds, at least as long: a limit is to be read by people."""
    return math.ceil(milliseconds / _MINUTE_MS) * _MINUTE_MS


def _moment_ms(value: Any) -> float | None:
    """Numbers count as times where they are of the magnitude of one since 1990."""
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 631_152_000:
        return None
    found = moment(value) if isinstance(value, int | float | str) else None
    return None if found is None else found * 1_000


def _is_still(times: Numbers) -> bool:
    """A date that hardly differs says little of each record."""
    return len(np.unique(times)) < max(5, len(times) // 20)


def _once(topic: str, columns: dict[str, list[Any]], records: int) -> Iterator[QualityRule]:
    """The first identifier that is nearly always another one; of several, the rest say the same.

    Only one of the message, or of what the topic's records are: another thing, such as the order of
    a payment, may be spoken of again however seldom it was.
    """
    for path, values in columns.items():
        if last_part(_name(path)) not in _IDENTIFIERS:
            continue
        of_the_message = _is_of_the_message(path)
        if not (of_the_message or _is_of_the_record(path, topic)):
            continue
        present = [value for value in values if isinstance(value, str | int)]
        different = len(Counter(present))
        least = _DIFFERENT if of_the_message else _NEARLY_ALL
        if len(present) >= _MOSTLY * records and different >= least * len(present):
            yield _unique(path, "unique", different, len(present), field=path)
            return


def _once_at_a_time(
    columns: dict[str, list[Any]], time: str, records: int
) -> Iterator[QualityRule]:
    """Where no identifier is another one each time: all that there are, told of once at each
    instant, so that what is told twice was sent twice.

    Only of instants that are finer than a second: in a second much may happen to one thing.
    """
    moments = [_moment_ms(value) for value in columns[time]]
    fine = sum(at is not None and at % 1_000 != 0 for at in moments)
    if fine < _MOSTLY * _MOSTLY * records:
        return
    called = [path for path in columns if path != time and ends_as_code(parts_of(_name(path)))]
    codes = [path for path in called if _is_mostly_there(columns[path], records)][:_CODES]
    if not codes:
        return
    rows = zip(moments, *(columns[path] for path in codes), strict=True)
    whole = [row for row in rows if all(isinstance(value, str | int | float) for value in row)]
    different = len(set(whole))
    if len(whole) >= _MOSTLY * _MOSTLY * records and different >= _DIFFERENT * len(whole):
        yield _unique(codes[0], "once", different, len(whole), fields=(*codes, time))


def _unique(path: str, kind: str, different: int, seen: int, **of: Any) -> QualityRule:
    """`of` is its field or its fields."""
    return QualityRule(
        id=f"{_slug(path)}.{kind}",
        metric=Metric.UNIQUE,
        inferred=True,
        reason=f"{different:,} different in {seen:,} sampled messages",
        **of,
    )


def _name(path: str) -> str:
    return path.rpartition(".")[2]


def _is_mostly_there(values: Sequence[Any], records: int) -> bool:
    return sum(isinstance(value, str | int) for value in values) >= _MOSTLY * records


def _is_of_the_message(path: str) -> bool:
    return bool(_OF_MESSAGES.intersection(parts_of(path)))


def _is_of_the_record(path: str, topic: str) -> bool:
    """Whether it is plainly `id`, or called after the last word of the topic: `movement_id` of
    `stock-movements`. (A title leaves out `events`, and `order-events` are no orders.)"""
    called = [part for part in parts_of(path) if part not in _IDENTIFIERS | _ENVELOPE]
    told = [part for part in parts_of(topic) if not _SAYS_NOTHING.fullmatch(part)]
    return not called or (bool(told) and root(called[-1]) == root(told[-1]))


def _slug(path: str) -> str:
    plain = "".join(c if c.isascii() and c.isalnum() else "-" for c in path.lower())
    return plain.strip("-")[:80] or "field"
