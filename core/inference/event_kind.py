"""Event kinds: several types of event on one topic, told apart by a discriminator field."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.inference.node import Node
from core.inference.words import words_of

_NAMES = frozenset(
    {"type", "event", "kind", "action", "name", "class", "category", "op", "operation", "message"}
)
_MAX_KINDS = 50
_VERSION = 0.8
"""Schemas of which one has so many of the other's fields are taken for versions of one."""


@dataclass(frozen=True, slots=True)
class EventKind:
    """One kind of event: its name (a symbol of the discriminator) and its top-level fields."""

    name: str
    discriminator: str
    count: int
    share: float
    fields: tuple[str, ...]


def event_kinds(shapes: Sequence[Node]) -> tuple[EventKind, ...]:
    """The kinds, if the shapes differ and a field says which is which; else none."""
    records = [node for node in shapes if node.objects is not None and node.objects.fields]
    if len(records) < 2:
        return ()
    shared = set.intersection(*(set(_fields(node)) for node in records))
    for name in sorted(shared, key=lambda n: (not _NAMES & set(words_of(n)), n)):
        kinds = _kinds_by(name, records)
        if kinds:
            return kinds
    return ()


def schema_kinds(parts: Mapping[str, Sequence[Node]]) -> tuple[EventKind, ...]:
    """The kinds that registered schemas tell apart; `parts` are the shapes of each schema, by name.

    Schemas that share most of their fields are versions of one kind, and then there are none.
    """
    names = {schema: frozenset(_union(list(nodes))) for schema, nodes in parts.items() if nodes}
    pairs = [(a, b) for a in names.values() for b in names.values() if a is not b]
    if not pairs or any(len(a & b) >= _VERSION * min(len(a), len(b)) for a, b in pairs):
        return ()
    counts = {schema: sum(node.count for node in parts[schema]) for schema in names}
    total = sum(counts.values())
    return tuple(
        EventKind(schema, "schema", counts[schema], counts[schema] / total, tuple(sorted(fields)))
        for schema, fields in sorted(names.items(), key=lambda item: (-counts[item[0]], item[0]))
    )


def _kinds_by(name: str, records: list[Node]) -> tuple[EventKind, ...]:
    """The kinds that `name` tells apart: no symbol of it may be seen in shapes that differ in more
    than a few fields."""
    shapes: dict[str, list[Node]] = defaultdict(list)
    counts: dict[str, int] = defaultdict(int)
    for node in records:
        texts = _fields(node)[name].texts
        symbols = texts.sample.symbols() if texts else None
        if texts is None or symbols is None or texts.count < _fields(node)[name].count:
            return ()
        for entry in texts.sample.entries.values():
            shapes[str(entry.symbol)].append(node)
            counts[str(entry.symbol)] += entry.seen
    if not 2 <= len(shapes) <= _MAX_KINDS or not _tells_apart(list(shapes.values())):
        return ()
    total = sum(counts.values())
    return tuple(
        EventKind(symbol, name, counts[symbol], counts[symbol] / total, _union(alike))
        for symbol, alike in sorted(shapes.items(), key=lambda item: (-counts[item[0]], item[0]))
    )


def _tells_apart(groups: list[list[Node]]) -> bool:
    """Each symbol has its own fields, and knowing the symbol leaves little doubt about them."""
    cores = {frozenset.intersection(*(frozenset(_fields(n)) for n in group)) for group in groups}
    kept = [len(_common(group)) / max(1, len(_union(group))) for group in groups]
    return len(cores) >= 2 and sum(kept) / len(kept) >= 0.8


def _common(group: list[Node]) -> frozenset[str]:
    return frozenset.intersection(*(frozenset(_fields(node)) for node in group))


def _union(group: list[Node]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for node in group for name in _fields(node)))


def _fields(node: Node) -> dict[str, Node]:
    return node.objects.fields if node.objects else {}
