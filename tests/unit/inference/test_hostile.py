"""Messages that are out to hurt: profiled, bounded, never fatal."""

from __future__ import annotations

import enum
import time
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import pytest

from core.inference.node import MAX_FIELDS
from core.inference.profile import Profile
from core.inference.render import infer
from core.schema import avro, json_schema
from core.schema.document import from_document, to_document
from core.schema.model import Kind


def _nested(depth: int, wrap: Callable[[object], object]) -> object:
    value: object = 1
    for _ in range(depth):
        value = wrap(value)
    return value


class _Colour(enum.IntEnum):
    RED = 1


_HOSTILE: dict[str, object] = {
    "10,000 keys": {f"k{n}": n for n in range(10_000)},
    "10,000 keys below": {"a": {f"k{n}": {"v": n} for n in range(10_000)}},
    "200 objects deep": _nested(200, lambda inner: {"a": inner}),
    "200 arrays deep": _nested(200, lambda inner: [inner]),
    "a giant string": {"s": "x" * 5_000_000},
    "a giant key": {"k" * 1_000_000: 1},
    "an integer of 5,000 digits": {"n": 10**5000},
    "integers beyond 64 bits": {"n": 2**64, "m": -(2**70)},
    "numbers that are none": {"n": float("nan"), "m": float("inf"), "o": -0.0},
    "lone surrogates": {"\ud800": "\udfff", "n": ["\ud800"]},
    "control characters": {"\x00\x1b[2J": "\x00"},
    "keys that are no text": {1: "a", None: "b", b"\xff": "c", (1, 2): "d"},
    "keys that become one": {"1": "a", 1: "b"},
    "bytes": {"b": b"\x00\xff" * 1000, "m": memoryview(b"x"), "a": bytearray(b"y")},
    "other types": {
        "d": Decimal("1.5"), "t": datetime(2026, 1, 1, tzinfo=UTC), "u": UUID(int=1),
        "s": {1, 2}, "f": frozenset({"x"}), "c": _Colour.RED, "o": object(), "e": ...,
    },
    "names of our own making": {"[]": 1, "*": 2, "": 3, ".": 4, "a.b": 5},
    "a shape key of ours": {"\0wide": 1},
    "thousands of kinds of records": {
        f"g{g}": {f"r{r}": {f"{g}{r}{c}": 1 for c in "abcd"} for r in range(60)} for g in range(15)
    },
    "a huge array": {"a": list(range(50_000))},
    "no object": [[], {}, None, "", 0],
}  # fmt: skip


@pytest.mark.parametrize("name", _HOSTILE)
def test_a_hostile_message_is_profiled_stored_and_rendered(name: str) -> None:
    messages = [{"id": 1}, _HOSTILE[name], _HOSTILE[name]]

    profile = Profile.of(messages) + Profile.of(messages[1:])
    back = Profile.from_bytes(profile.to_bytes())
    schema = infer(back).schema

    assert profile.count == back.count == 5
    assert Profile.of(messages + messages[1:]) == profile
    assert from_document(to_document(schema)) == schema
    assert json_schema.write(schema)
    assert avro.write(schema)


def test_hostile_messages_leave_a_bounded_profile() -> None:
    wide = [{f"k{batch}-{n}": n for n in range(400)} for batch in range(100)]
    profile = Profile.of(wide)

    assert len(profile.to_bytes()) < 50_000
    assert infer(profile).schema.root.kinds == {Kind.MAP}


def test_an_object_with_too_many_keys_is_a_map_of_all_its_values() -> None:
    root = infer(Profile.of([{f"k{n}": n for n in range(MAX_FIELDS + 1)}])).schema.root

    assert root.kinds == {Kind.MAP}
    assert [(child.name, child.kinds) for child in root.children] == [
        ("*", frozenset({Kind.INTEGER}))
    ]


def test_numbers_that_are_none_are_counted_and_are_in_no_figure() -> None:
    nan, inf = float("nan"), float("inf")
    column = Profile.of([{"x": n} for n in (nan, inf, 1.5)]).shapes[frozenset({"x"})].objects

    assert column is not None
    floats = column.fields["x"].floats
    assert floats is not None
    assert (floats.count, floats.odd, floats.minimum, floats.maximum) == (3, 2, 1.5, 1.5)
    assert Profile.of([inf, nan]).count == 2


def test_deep_messages_are_followed_to_a_limit() -> None:
    paths = [path for path, _ in infer(Profile.of([_HOSTILE["200 objects deep"]])).schema.walk()]

    assert 10 <= len(paths) <= 40


def test_hostile_messages_take_bounded_time() -> None:
    start = time.process_time()
    Profile.of([value for name, value in _HOSTILE.items() if "huge" not in name] * 3)

    assert time.process_time() - start < 5


def test_many_giant_strings_are_not_kept() -> None:
    profile = Profile.of([{"s": f"{n}" + "x" * 100_000} for n in range(100)])

    assert len(profile.to_bytes()) < 10_000
