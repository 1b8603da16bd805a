"""From a profile to a schema: the family's tree of fields, with the evidence of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from operator import attrgetter

from core.inference.analogy import with_analogies
from core.inference.enums import ENOUGH, Symbols, enum_of, shared_symbols, variety
from core.inference.event_kind import EventKind, event_kinds
from core.inference.logical import logical_of
from core.inference.maps import is_map
from core.inference.node import Node, Objects, total
from core.inference.noise import Family, StrayShape, family_of
from core.inference.profile import Profile
from core.schema.model import ITEMS, VALUES, Bounds, Evidence, Field, Kind, Schema

_SHAPES = 3

ENUM_BY_NAME = "enum-by-name"
"""The tag of an enum that rests on the field's name: more symbols may be to come."""


@dataclass(frozen=True, slots=True)
class Tree:
    """A profile's family and its fields, before places are compared with each other."""

    profile: Profile
    family: Family
    root: Field

    @staticmethod
    def of(profile: Profile) -> Tree:
        family = family_of(profile)
        node = total(family.own) or Node(0)
        return Tree(profile, family, _Places(profile.distinct_records).field("", node, node.count))


@dataclass(frozen=True, slots=True)
class Inferred:
    """The schema of a topic's own messages; strays are told beside it and are not in it.

    `tree` is what it was made of: sealing the same profile need not infer again.
    """

    schema: Schema
    kinds: tuple[EventKind, ...]
    strays: tuple[StrayShape, ...]
    messages: int
    distinct_records: float
    tree: Tree = field(compare=False, repr=False)

    @property
    def stray_share(self) -> float:
        return sum(stray.share for stray in self.strays)


def infer(profile: Profile, name: str = "") -> Inferred:
    """The schema that the profile's dominant family of messages follows."""
    tree = Tree.of(profile)
    family = tree.family
    return Inferred(
        Schema(with_analogies(tree.root), name), event_kinds(family.own), family.strays,
        profile.count, profile.distinct_records, tree,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Places:
    """`records` is the number of different records around a place, `company` the few symbols that
    all texts beside it take."""

    records: float
    company: frozenset[str] = frozenset()

    def field(self, name: str, node: Node, parents: int) -> Field:
        kinds = kinds_of(node)
        enum = self._enum(name, node, kinds)
        return Field(
            name,
            kinds,
            optional=node.count < parents,
            children=self._children(name, node, kinds),
            enum=enum.symbols if enum else None,
            logical=logical_of(name, node),
            bounds=_bounds(node),
            tags=frozenset({ENUM_BY_NAME}) if enum and not enum.evident else frozenset(),
            evidence=_evidence(node, parents),
        )

    def _enum(self, name: str, node: Node, kinds: frozenset[Kind]) -> Symbols | None:
        if node.texts is None or kinds - {Kind.NULL} != {Kind.STRING}:
            return None
        if self.company:
            return Symbols(tuple(sorted(self.company)), node.texts.count >= ENOUGH)
        return enum_of(name, node.texts, self.records)

    def _children(self, name: str, node: Node, kinds: frozenset[Kind]) -> tuple[Field, ...]:
        children: list[Field] = []
        if node.objects is not None:
            children += self._members(node.objects, Kind.MAP in kinds)
        if node.arrays is not None:
            items = node.arrays.items or Node(0)
            children.append(_Places(self.records)._items(name, items))
        return tuple(children)

    def _items(self, name: str, items: Node) -> Field:
        """The items of an array bear its name where a name matters."""
        named = self.field(f"{name.removesuffix(ITEMS)}{ITEMS}", items, items.count)
        return replace(named, name=ITEMS)

    def _members(self, objects: Objects, as_map: bool) -> list[Field]:
        if as_map:
            values = objects.collapsed().values or Node(0)
            return [_Places(min(self.records, variety(values))).field(VALUES, values, values.count)]
        most = max(map(variety, objects.fields.values()), default=1.0)
        inner = _Places(min(self.records, most), shared_symbols(objects.fields.values()))
        return [inner.field(name, node, objects.count) for name, node in objects.ordered()]


def kinds_of(node: Node) -> frozenset[Kind]:
    """The kinds that were seen; integers beside other numbers are numbers."""
    parts: Sequence[tuple[Kind, object]] = (
        (Kind.NULL, node.nulls),
        (Kind.BOOLEAN, node.false or node.true),
        (Kind.NUMBER, node.floats),
        (Kind.INTEGER, node.integers if not node.floats else None),
        (Kind.STRING, node.texts),
        (Kind.BYTES, node.bytes),
        (_object_kind(node), node.objects),
        (Kind.ARRAY, node.arrays),
    )
    return frozenset(kind for kind, part in parts if part)


def _object_kind(node: Node) -> Kind:
    return Kind.MAP if node.objects is not None and is_map(node.objects) else Kind.OBJECT


def _bounds(node: Node) -> Bounds:
    numbers = [part for part in (node.integers, node.floats) if part and part.minimum is not None]
    texts = [part for part in (node.texts, node.bytes) if part]
    return Bounds(
        minimum=min((n.minimum for n in numbers if n.minimum is not None), default=None),
        maximum=max((n.maximum for n in numbers if n.maximum is not None), default=None),
        min_length=min((t.min_length for t in texts), default=None),
        max_length=max((t.max_length for t in texts), default=None),
    )


def _evidence(node: Node, parents: int) -> Evidence:
    return Evidence(
        parents=parents,
        seen=node.count,
        null=node.nulls,
        distinct=_distinct(node),
        shapes=tuple(node.texts.sample.shares(attrgetter("shape"))[:_SHAPES]) if node.texts else (),
    )


def _distinct(node: Node) -> float | None:
    """The estimated number of different scalar values; None where there are none."""
    samples = [p.sample for p in (node.integers, node.floats, node.texts, node.bytes) if p]
    if samples:
        return sum(sample.distinct for sample in samples)
    return float(bool(node.false) + bool(node.true)) or None
