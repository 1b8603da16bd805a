"""Event kinds: several types of event on one topic, told apart by a discriminator field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from core.inference.discriminator import Shapes, discriminator_of, fields_of
from core.inference.node import Node

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
    """The kinds, if a field says which is which; else none. The commonest first.

    Only the top-level fields are compared: payloads of one name are one place of the profile.
    """
    records = [node for node in shapes if fields_of(node)]
    found = discriminator_of(Shapes(records)) if records else None
    if found is None:
        return ()
    messages = sum(node.count for node in records)
    return tuple(
        EventKind(symbol, found.name, count, count / messages, fields)
        for symbol, count, fields in sorted(found.kinds(), key=lambda kind: (-kind[1], kind[0]))
    )


def schema_kinds(parts: Mapping[str, Sequence[Node]]) -> tuple[EventKind, ...]:
    """The kinds that registered schemas tell apart; `parts` are the shapes of each schema, by name.

    Schemas that share most of their fields are versions of one kind, and then there are none.
    """
    names = {schema: _names(nodes) for schema, nodes in parts.items() if nodes}
    pairs = [(a, b) for a in names.values() for b in names.values() if a is not b]
    if not pairs or any(len(a & b) >= _VERSION * min(len(a), len(b)) for a, b in pairs):
        return ()
    counts = {schema: sum(node.count for node in parts[schema]) for schema in names}
    total = sum(counts.values())
    return tuple(
        EventKind(schema, "schema", counts[schema], counts[schema] / total, tuple(sorted(fields)))
        for schema, fields in sorted(names.items(), key=lambda item: (-counts[item[0]], item[0]))
    )


def _names(nodes: Sequence[Node]) -> frozenset[str]:
    return frozenset(name for node in nodes for name in fields_of(node))
