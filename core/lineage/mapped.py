"""Mappings of a consolidation as edges between fields."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from core.lineage.edge import FieldEdge
from core.lineage.node import Node, topic
from core.unify.mapping import Mapping


def fields_of(
    mappings: Iterable[Mapping], target: Node, through: Node | None
) -> Iterator[FieldEdge]:
    """What each field of `target` is made from; constants are made from nothing."""
    cluster = target.cluster or ""
    for mapping in mappings:
        for each in mapping.fields:
            if each.path is not None:
                yield FieldEdge(
                    through=through,
                    source=topic(cluster, mapping.source),
                    source_field=each.path,
                    target=target,
                    target_field=each.to,
                    how=", ".join(step.op for step in each.steps),
                )
