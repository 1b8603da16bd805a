"""Windows: counted from records, added up, and read again from what was stored."""

from __future__ import annotations

import msgspec
import numpy as np
import orjson
import pytest

from core.quality.intake import Intake
from core.quality.memory.memories import Memories
from core.quality.rule import Metric, QualityRule
from core.quality.watch import Watch, key_of
from core.quality.window import MINUTE_MS, Cell, Window, WindowUnreadableError, total
from core.schema.model import Field, Kind, Schema

NOW_MS = 1_760_000_000_000 // MINUTE_MS * MINUTE_MS
RANGE = QualityRule(id="r", metric=Metric.RANGE, field="amount", minimum=0, reason="a test")
NULLS = QualityRule(id="n", metric=Metric.NULL_RATE, field="amount", reason="a test")


def counted() -> dict[Cell, Window]:
    """Two partitions; the first has records of two minutes, and not in the order of time."""
    records = [
        (0, -MINUTE_MS + 500, 4), (0, -200, -1), (0, -900, -2), (0, 300, -3), (0, 100, None),
        (1, 200, None), (1, 700, -9), (1, 650, 5),
    ]  # fmt: skip
    partitions, after, amounts = zip(*records, strict=True)
    intake = Intake(
        np.array(partitions),
        np.arange(len(records)),
        NOW_MS + np.array(after),
        [orjson.dumps({"amount": amount}) for amount in amounts],
    )
    amount = Field("amount", frozenset({Kind.INTEGER, Kind.NULL}))
    schema = Schema(Field("", frozenset({Kind.OBJECT}), children=(amount,)))
    watch = Watch([RANGE, NULLS], schema)
    return dict(watch.count(intake, {}, Memories(), NOW_MS + 1_000).windows)


def test_each_window_knows_when_a_rule_was_broken_first() -> None:
    key, windows = key_of(RANGE), counted()
    before, now, other = (
        windows[Cell(partition, NOW_MS + start, 1)]
        for partition, start in ((0, -MINUTE_MS), (0, 0), (1, 0))
    )

    assert [window.broken[key] for window in (before, now, other)] == [2, 1, 1]
    assert before.broken_ms == {key: NOW_MS - 900}
    assert now.broken_ms == {key: NOW_MS + 300, key_of(NULLS): NOW_MS + 100}
    assert other.broken_ms == {key: NOW_MS + 700, key_of(NULLS): NOW_MS + 200}


def test_records_are_kept_as_evidence_with_the_shape_of_what_is_there() -> None:
    windows = counted()
    before, now, other = (
        windows[Cell(partition, NOW_MS + start, 1)].positions
        for partition, start in ((0, -MINUTE_MS), (0, 0), (1, 0))
    )

    assert before == {key_of(RANGE): [(0, 1, "number -9"), (0, 2, "number -9")]}
    assert now == {key_of(RANGE): [(0, 3, "number -9")], key_of(NULLS): [(0, 4, "null")]}
    assert other[key_of(NULLS)] == [(1, 5, "null")]


def test_of_windows_that_are_added_up_the_earliest_counts() -> None:
    whole = total(reversed(counted().values()))

    assert whole.broken_ms == {key_of(RANGE): NOW_MS - 900, key_of(NULLS): NOW_MS + 100}
    assert whole.positions[key_of(NULLS)] == [(0, 4, "null"), (1, 5, "null")]
    assert [offset for _, offset, _ in whole.positions[key_of(RANGE)]] == [1, 2, 3, 6]
    assert (whole.broken[key_of(RANGE)], whole.nulls["amount"]) == (4, 2)


def test_what_was_stored_is_read_as_it_was() -> None:
    for window in counted().values():
        assert Window.from_bytes(window.to_bytes()) == window


def test_what_an_earlier_version_stored_is_read_without_what_it_did_not_know() -> None:
    window = total(counted().values())
    held = msgspec.msgpack.decode(window.to_bytes())
    first, second = (
        Window.from_bytes(msgspec.msgpack.encode(each))
        for each in ([1, *held[1:-1]], [2, *held[1:], {"amount": NOW_MS}])
    )

    assert (first.broken, first.last_ms) == (window.broken, window.last_ms)
    assert first.broken_ms == {}
    assert second == window
    with pytest.raises(WindowUnreadableError):
        Window.from_bytes(msgspec.msgpack.encode([9, *held[1:]]))
