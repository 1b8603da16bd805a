"""A profile: what was seen in a topic's values, apart by the shape of the message.

Profiles are a monoid: `Profile.of(a + b) == Profile.of(a) + Profile.of(b)`, whatever the order.
Messages of different shapes (sets of top-level keys) are kept apart, so that strays can be told
from the topic's own messages later, when all is known. Where the shapes are too many they are
grouped more coarsely, and that for good: the level only rises, decided by all shapes ever seen.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from typing import Any, TypeAlias

import orjson
from xxhash import xxh3_64_intdigest

from core.inference.node import MAX_FIELDS, Node, Objects, total
from core.inference.numeric import canonical
from core.inference.shape import shapes_of

MAX_SHAPES = 64
MAX_RECORDS = 256
CHUNK = 4_096

ShapeKey: TypeAlias = frozenset[str]
"""The top-level keys at level 0, two of them (those of the smallest hash) at level 1, none at 2.
Messages that are no objects, or too wide, have one key that no object has: `\\0<kind>`."""

WIDE: ShapeKey = frozenset({"\0wide"})


@dataclass(frozen=True, slots=True)
class Profile:
    """`records` holds hashes of different messages while they are few, None once they are many."""

    shapes: dict[ShapeKey, Node] = field(default_factory=dict)
    level: int = 0
    records: frozenset[int] | None = frozenset()

    @staticmethod
    def of(values: Sequence[object]) -> Profile:
        """Profile JSON-like values (dict, list, str, int, float, bool, None, bytes)."""
        return Profile().grown(values)

    def grown(self, values: Sequence[object]) -> Profile:
        """The same as `self + Profile.of(values)`, and quicker the more is known already."""
        if not self.shapes and len(values) <= CHUNK:
            return _profile(values, self)
        profile = self
        for start in range(0, len(values), CHUNK):
            profile += _profile(values[start : start + CHUNK], profile)
        return profile

    def __add__(self, other: Profile) -> Profile:
        level = max(self.level, other.level)
        mine, theirs = self._at(level), other._at(level)
        shapes = {**mine}
        for key, node in theirs.items():
            shapes[key] = shapes[key] + node if key in shapes else node
        return _levelled(shapes, level, _distinct(self.records, other.records))

    @property
    def count(self) -> int:
        return sum(node.count for node in self.shapes.values())

    @property
    def distinct_records(self) -> float:
        """How many messages differ; infinite stands for more than 256."""
        return float("inf") if self.records is None else len(self.records)

    def to_bytes(self) -> bytes:
        """A compact, versioned form, sealed: see `core.inference.codec`."""
        from core.inference.codec import encode_profile

        return encode_profile(self)

    @staticmethod
    def from_bytes(data: bytes) -> Profile:
        """Raises `ProfileUnreadableError` where `data` is no profile of a known version."""
        from core.inference.codec import decode_profile

        return decode_profile(data)

    def _at(self, level: int) -> dict[ShapeKey, Node]:
        return self.shapes if level == self.level else _regrouped(self.shapes, level)


def _profile(values: Sequence[object], known: Profile) -> Profile:
    objects: Sequence[Any] = values
    others: Sequence[object] = ()
    if set(map(type, values)) != {dict}:
        objects = [v for v in values if type(v) is dict]
        others = [v for v in values if type(v) is not dict]
    by_key: dict[ShapeKey, dict[tuple[str, ...], list[dict[str, Any]]]] = defaultdict(dict)
    for names, alike in shapes_of(objects).items():
        by_key[_shape_key(names)][names] = alike
    level = _level_of(set(by_key), known.level)
    grouped: dict[ShapeKey, dict[tuple[str, ...], list[dict[str, Any]]]] = defaultdict(dict)
    for key, shapes in by_key.items():
        grouped[coarser(key, level)].update(shapes)
    nodes = {key: _object_node(shapes, known.shapes.get(key)) for key, shapes in grouped.items()}
    rest = Profile(nodes, level, None if known.records is None else _records(values))
    return rest + _unlike(others) if others else rest


def _object_node(
    shapes: Mapping[tuple[str, ...], list[dict[str, Any]]], known: Node | None
) -> Node:
    objects = Objects.of_shapes(shapes, 0, known.objects if known else None)
    return Node(objects.count, objects=objects)


def _unlike(values: Sequence[object]) -> Profile:
    """The profile of messages that are no objects."""
    node = Node.of(values)
    parts = {
        "null": Node(node.nulls, nulls=node.nulls) if node.nulls else None,
        "boolean": Node(node.false + node.true, false=node.false, true=node.true),
        "integer": node.integers and Node(node.integers.count, integers=node.integers),
        "number": node.floats and Node(node.floats.count, floats=node.floats),
        "string": node.texts and Node(node.texts.count, texts=node.texts),
        "bytes": node.bytes and Node(node.bytes.count, bytes=node.bytes),
        "object": node.objects and Node(node.objects.count, objects=node.objects),
        "array": node.arrays and Node(node.arrays.count, arrays=node.arrays),
    }
    shapes = {frozenset({f"\0{kind}"}): part for kind, part in parts.items() if part and part.count}
    return Profile(shapes)


def _levelled(shapes: dict[ShapeKey, Node], level: int, records: frozenset[int] | None) -> Profile:
    higher = _level_of(set(shapes), level)
    return Profile(shapes if higher == level else _regrouped(shapes, higher), higher, records)


def _level_of(keys: set[ShapeKey], level: int) -> int:
    while level < 2 and len(keys) > MAX_SHAPES:
        level += 1
        keys = {coarser(key, level) for key in keys}
    return level


def _regrouped(shapes: Mapping[ShapeKey, Node], level: int) -> dict[ShapeKey, Node]:
    groups: dict[ShapeKey, list[Node]] = defaultdict(list)
    for key, node in shapes.items():
        groups[coarser(key, level)].append(node)
    totals = {key: total(nodes) for key, nodes in groups.items()}
    return {key: node for key, node in totals.items() if node is not None}


def _shape_key(names: tuple[str, ...]) -> ShapeKey:
    return frozenset(names) if len(names) <= MAX_FIELDS else WIDE


def coarser(key: ShapeKey, level: int) -> ShapeKey:
    """The key's two names of the smallest hash: messages that share many keys mostly share them."""
    if level == 2:
        return frozenset()
    return key if level == 0 or len(key) <= 2 else frozenset(sorted(key, key=_name_hash)[:2])


@lru_cache(maxsize=65_536)
def _name_hash(name: str) -> int:
    return xxh3_64_intdigest(name.encode())


def _records(values: Sequence[object]) -> frozenset[int] | None:
    """Hashes of the different messages, read only until there are too many to matter."""
    seen: set[int] = set()
    rest = iter(values)
    while batch := list(islice(rest, 64)):
        seen.update(map(_record_hash, batch))
        if len(seen) > MAX_RECORDS:
            return None
    return frozenset(seen)


def _record_hash(value: object) -> int:
    try:
        data = orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except (TypeError, ValueError, RecursionError):
        data = _fingerprint(value).encode("utf-8", "surrogatepass")
    return xxh3_64_intdigest(data)


def _fingerprint(value: object) -> str:
    """A text of a value that JSON cannot carry; huge integers by their hexadecimal form."""
    if isinstance(value, dict):
        members = sorted((_fingerprint(k), _fingerprint(v)) for k, v in value.items())
        return "{" + ",".join(f"{k}:{v}" for k, v in members) + "}"
    if isinstance(value, list | tuple):
        return f"[{','.join(map(_fingerprint, value))}]"
    return canonical(value) if type(value) is int else repr(value)


def _distinct(a: frozenset[int] | None, b: frozenset[int] | None) -> frozenset[int] | None:
    if a is None or b is None:
        return None
    both = a | b
    return both if len(both) <= MAX_RECORDS else None
