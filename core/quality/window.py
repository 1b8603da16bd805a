"""What was counted of a topic in a window of time: sums, that two windows add up to one.

A window is one minute of the broker's clock on one partition; those of many minutes and partitions
are added for whatever is shown.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import msgspec

from core.quality.summary import share_good
from core.quality.values import Values

MINUTE_MS = 60_000
POSITIONS = 5
"""Records that a window keeps as evidence of each rule's violations, and of nulls."""
SCHEMAS = 32

_VERSION = 3
_READ = (1, 2, 3)
"""The first version knew nothing of when a rule was first broken, the second kept nulls apart."""

Spot = tuple[int, int, str]
"""Partition, offset and a redacted excerpt."""


class WindowUnreadableError(ValueError):
    """The bytes are no window that this version reads."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Which window: `start_ms` in epoch milliseconds, `minutes` its length, 1 or 60."""

    partition: int
    start_ms: int
    minutes: int


@dataclass(slots=True)
class Window:
    """`bad` records break an error rule or cannot be decoded (`unread`, by reason); `bad_by` counts
    them by dimension. `broken` counts records by rule, named by its id and a hash of what it says;
    `checked` the records that a rule saw where it did not see all. `skipped` records were not
    looked at, since the topic was too fast. Tombstones are records that rules say nothing on.
    `nulls` counts by path. `broken_ms` is when the first record came that a rule says something
    against, `positions` where some of the first of these lie, both by rule as in `broken`.
    """

    records: int = 0
    size: int = 0
    tombstones: int = 0
    skipped: int = 0
    bad: int = 0
    unread: Counter[str] = field(default_factory=Counter)
    broken: Counter[str] = field(default_factory=Counter)
    checked: Counter[str] = field(default_factory=Counter)
    bad_by: Counter[str] = field(default_factory=Counter)
    nulls: Counter[str] = field(default_factory=Counter)
    schemas: Counter[str] = field(default_factory=Counter)
    values: dict[str, Values] = field(default_factory=dict)
    positions: dict[str, list[Spot]] = field(default_factory=dict)
    first_ms: int | None = None
    last_ms: int | None = None
    broken_ms: dict[str, int] = field(default_factory=dict)

    def add(self, other: Window) -> None:
        """Take in another window; it is not changed."""
        self.records += other.records
        self.size += other.size
        self.tombstones += other.tombstones
        self.skipped += other.skipped
        self.bad += other.bad
        for mine, theirs in (
            (self.unread, other.unread), (self.broken, other.broken),
            (self.checked, other.checked), (self.bad_by, other.bad_by),
            (self.nulls, other.nulls), (self.schemas, other.schemas),
        ):  # fmt: skip
            mine.update(theirs)
        for path, values in other.values.items():
            known = self.values.get(path)
            self.values[path] = values.copy() if known is None else known.plus(values)
        for key, spots in other.positions.items():
            own = self.positions.get(key, [])
            earlier = other._first_ms(key) < self._first_ms(key)
            self.positions[key] = (spots + own if earlier else own + spots)[:POSITIONS]
        for key, at_ms in other.broken_ms.items():
            self._came(key, at_ms)
        times = [t for t in (self.first_ms, other.first_ms) if t is not None]
        self.first_ms = min(times, default=None)
        self.last_ms = max(
            (t for t in (self.last_ms, other.last_ms) if t is not None), default=None
        )

    def breaks(self, key: str, count: int, first_ms: int) -> None:
        """So many more records break a rule, the first of them at that time."""
        self.broken[key] += count
        self._came(key, first_ms)

    def lacks(self, key: str, path: str, count: int, first_ms: int) -> None:
        """So many more records have no value there, of which a rule speaks."""
        self.nulls[path] += count
        self._came(key, first_ms)

    def note(self, key: str, spot: Spot) -> None:
        """Keep a record as evidence, if there are not enough."""
        spots = self.positions.setdefault(key, [])
        if len(spots) < POSITIONS:
            spots.append(spot)

    def _first_ms(self, key: str) -> float:
        return self.broken_ms.get(key, math.inf)

    def _came(self, key: str, at_ms: int) -> None:
        """The earliest stays."""
        self.broken_ms[key] = min(self.broken_ms.get(key, at_ms), at_ms)

    @property
    def score(self) -> float | None:
        """The share of the records looked at that are good; None of none."""
        return share_good(self.records, self.bad)

    def to_bytes(self) -> bytes:
        held: list[Any] = [
            _VERSION, self.records, self.size, self.tombstones, self.skipped, self.bad,
            self.unread, self.broken, self.checked, self.bad_by, self.nulls, self.schemas,
            {path: values.packed() for path, values in self.values.items()},
            self.positions, self.first_ms, self.last_ms, self.broken_ms,
        ]  # fmt: skip
        return msgspec.msgpack.encode(held)

    @staticmethod
    def from_bytes(data: bytes) -> Window:
        """Raises WindowUnreadableError."""
        try:
            version, records, size, tombstones, skipped, bad, *rest = msgspec.msgpack.decode(data)
            if version not in _READ:
                raise WindowUnreadableError(f"a window of version {version}")
            unread, broken, checked, bad_by, nulls, schemas, values, positions, *times = rest
            first, last, broken_ms = [*times, {}][:3]
        except (msgspec.DecodeError, ValueError, TypeError) as error:
            raise WindowUnreadableError("no window") from error
        return Window(
            records, size, tombstones, skipped, bad, Counter(unread), Counter(broken),
            Counter(checked), Counter(bad_by), Counter(nulls), Counter(schemas),
            {path: Values.unpacked(packed) for path, packed in values.items()},
            {key: [(p, o, text) for p, o, text in spots] for key, spots in positions.items()},
            first, last, broken_ms,
        )  # fmt: skip


def total(windows: Iterable[Window]) -> Window:
    """All of them as one."""
    whole = Window()
    for window in windows:
        whole.add(window)
    return whole
