"""What was seen at one place of the messages: exact counters and bounded, mergeable samples.

`Node.of(a + b) == Node.of(a) + Node.of(b)`, in any order. Columns are read, not rows: the values
of one place are taken together, so that the work runs in C.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from core.inference.coerce import json_like
from core.inference.numeric import Numeric
from core.inference.sample import Sample
from core.inference.shape import shapes_of
from core.inference.texts import Texts

MAX_FIELDS = 512
"""An object with more different keys than this is a map for good: its keys are not kept."""

MAX_DEPTH = 24
"""Objects and arrays that lie deeper are counted and not looked into."""

_ROWS = 256
"""Records turned into columns at a time: so many stay in the processor's cache."""


@dataclass(frozen=True, slots=True)
class Objects:
    """Objects; `values` holds all values together once the keys are too many, and then `keys`
    samples the keys and `fields` is empty. `places` sums each key's position in its objects, so
    that fields keep the messages' order. `opaque` counts objects that lie too deep.
    """

    count: int
    fields: dict[str, Node] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)
    values: Node | None = None
    keys: Sample = field(default_factory=Sample)
    empty: int = 0
    opaque: int = 0

    @staticmethod
    def of(
        records: Sequence[dict[str, Any]], depth: int = 0, known: Objects | None = None
    ) -> Objects:
        return Objects.of_shapes(shapes_of(records), depth, known)

    @staticmethod
    def of_shapes(
        shapes: Mapping[tuple[str, ...], Sequence[dict[str, Any]]],
        depth: int,
        known: Objects | None = None,
    ) -> Objects:
        count = sum(map(len, shapes.values()))
        if depth >= MAX_DEPTH:
            return Objects(count, opaque=count)
        columns: dict[str, list[Sequence[object]]] = defaultdict(list)
        places: Counter[str] = Counter()
        for keys, records in shapes.items():
            for place, name in enumerate(keys):
                places[name] += place * len(records)
            for start in range(0, len(records), _ROWS):
                rows = map(dict.values, records[start : start + _ROWS])
                for name, column in zip(keys, zip(*rows, strict=True), strict=True):
                    columns[name].append(column)
        empty = len(shapes.get((), ()))
        if len(columns) > MAX_FIELDS:
            return _as_map(count, columns, empty, depth)
        before = known.fields if known else {}
        fields = {
            name: Node.of(_joined(parts), depth + 1, before.get(name))
            for name, parts in columns.items()
        }
        return Objects(count, fields, dict(places), empty=empty)

    def __add__(self, other: Objects) -> Objects:
        count, empty = self.count + other.count, self.empty + other.empty
        opaque = self.opaque + other.opaque
        if self.values is None and other.values is None:
            fields = _merged(self.fields, other.fields)
            if len(fields) <= MAX_FIELDS:
                places = _summed(self.places, other.places)
                return Objects(count, fields, places, empty=empty, opaque=opaque)
        a, b = self.collapsed(), other.collapsed()
        return Objects(count, {}, {}, added(a.values, b.values), a.keys + b.keys, empty, opaque)

    def ordered(self) -> list[tuple[str, Node]]:
        """The fields by their mean position in the objects."""
        return sorted(
            self.fields.items(), key=lambda f: (self.places.get(f[0], 0) / f[1].count, f[0])
        )

    def collapsed(self) -> Objects:
        """The same as a map: one node of all values, the keys as a sample."""
        if not self.fields:
            return self
        keys = Sample.of_texts({name: node.count for name, node in self.fields.items()})
        values = total(self.fields.values())
        return Objects(self.count, {}, {}, values, keys.without_symbols(), self.empty, self.opaque)


@dataclass(frozen=True, slots=True)
class Arrays:
    """Arrays; `items` holds the items of all of them together."""

    count: int
    min_length: int
    max_length: int
    items: Node | None = None

    @staticmethod
    def of(column: Sequence[list[object]], depth: int = 0, known: Arrays | None = None) -> Arrays:
        lengths = list(map(len, column))
        items = list(chain.from_iterable(column)) if depth < MAX_DEPTH else []
        node = Node.of(items, depth + 1, known.items if known else None) if items else None
        return Arrays(len(column), min(lengths), max(lengths), node)

    def __add__(self, other: Arrays) -> Arrays:
        return Arrays(
            self.count + other.count,
            min(self.min_length, other.min_length),
            max(self.max_length, other.max_length),
            added(self.items, other.items),
        )


@dataclass(frozen=True, slots=True)
class Node:
    """All values of one place; each kind that occurred has its part."""

    count: int
    nulls: int = 0
    false: int = 0
    true: int = 0
    integers: Numeric | None = None
    floats: Numeric | None = None
    texts: Texts | None = None
    bytes: Texts | None = None
    objects: Objects | None = None
    arrays: Arrays | None = None

    @staticmethod
    def of(column: Sequence[Any], depth: int = 0, known: Node | None = None) -> Node:
        """`depth` is how deep the place lies; the column may hold any Python values.

        `known` is what the result will be added to, if anything: values that could not enter its
        samples are then not looked at, and the result is good for nothing else.
        """
        known = known or _UNKNOWN
        types = set(map(type, column))
        if len(types) == 1:
            return _node_of_type(types.pop(), column, depth, known)
        parts = (
            _node_of_type(kind, [value for value in column if type(value) is kind], depth, known)
            for kind in sorted(types, key=repr)
        )
        return total(parts) or Node(0)

    def __add__(self, other: Node) -> Node:
        return Node(
            self.count + other.count,
            self.nulls + other.nulls,
            self.false + other.false,
            self.true + other.true,
            added(self.integers, other.integers),
            added(self.floats, other.floats),
            added(self.texts, other.texts),
            added(self.bytes, other.bytes),
            added(self.objects, other.objects),
            added(self.arrays, other.arrays),
        )


_UNKNOWN = Node(0)

_PARTS: dict[type, Callable[[Sequence[Any], int, Node], Node]] = {
    type(None): lambda column, _, __: Node(len(column), nulls=len(column)),
    int: lambda column, _, known: Node(len(column), integers=Numeric.of(column, known.integers)),
    float: lambda column, _, known: Node(len(column), floats=Numeric.of(column, known.floats)),
    str: lambda column, _, known: Node(len(column), texts=Texts.of(column, known.texts)),
    bytes: lambda column, _, __: Node(len(column), bytes=Texts.of_bytes(column)),
    dict: lambda column, depth, known: Node(
        len(column), objects=Objects.of(column, depth, known.objects)
    ),
    list: lambda column, depth, known: Node(
        len(column), arrays=Arrays.of(column, depth, known.arrays)
    ),
}


def _node_of_type(kind: type, column: Sequence[Any], depth: int, known: Node) -> Node:
    if kind is bool:
        true = column.count(True)
        return Node(len(column), false=len(column) - true, true=true)
    part = _PARTS.get(kind)
    if part is not None:
        return part(column, depth, known)
    return Node.of([json_like(value) for value in column], depth, known)


def _as_map(
    count: int, columns: Mapping[str, list[Sequence[object]]], empty: int, depth: int
) -> Objects:
    sizes = {name: sum(map(len, parts)) for name, parts in columns.items()}
    values = Node.of(list(chain.from_iterable(chain.from_iterable(columns.values()))), depth + 1)
    return Objects(count, {}, {}, values, Sample.of_texts(sizes).without_symbols(), empty)


def _joined(parts: list[Sequence[object]]) -> Sequence[object]:
    return parts[0] if len(parts) == 1 else list(chain.from_iterable(parts))


def added(a: Any, b: Any) -> Any:
    """The sum of two parts, either of which may be absent."""
    if a is None or b is None:
        return b if a is None else a
    return a + b


def total(nodes: Iterable[Node]) -> Node | None:
    result: Node | None = None
    for node in nodes:
        result = node if result is None else result + node
    return result


def _summed(a: dict[str, int], b: dict[str, int]) -> dict[str, int]:
    return {name: a.get(name, 0) + b.get(name, 0) for name in {**a, **b}}


def _merged(a: dict[str, Node], b: dict[str, Node]) -> dict[str, Node]:
    merged = dict(a)
    for name, node in b.items():
        mine = merged.get(name)
        merged[name] = node if mine is None else mine + node
    return merged
