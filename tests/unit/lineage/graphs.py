"""Small graphs, written as lines: `orders > g:billing` is a group that reads a topic."""

from __future__ import annotations

from collections.abc import Iterable

from core.lineage.edge import Certainty, Edge, Evidence, FieldEdge, Flow
from core.lineage.node import Node, group, topic
from core.lineage.walk import Direction, Walk

CLUSTER = "default"


def node(name: str) -> Node:
    """`g:` begins a group's name; all else are topics."""
    return group(CLUSTER, name[2:]) if name.startswith("g:") else topic(CLUSTER, name)


def edge(line: str, certainty: Certainty = Certainty.MEASURED, **more: object) -> Edge:
    source, target = (node(name.strip()) for name in line.split(">"))
    evidence = Evidence.CONTAINMENT if certainty is Certainty.GUESS else Evidence.OPENLINEAGE
    given = {"source": source, "target": target, "flow": Flow.READS, "evidence": evidence}
    return Edge.model_validate({**given, "certainty": certainty, **more})


def edges(*lines: str) -> list[Edge]:
    return [edge(line) for line in lines]


def made(through: str | None, source: str, target: str) -> FieldEdge:
    """`source` and `target` as `topic/field`; a target without a field is made whole by it."""
    (source_name, _, source_field), (target_name, _, target_field) = (
        each.partition("/") for each in (source, target)
    )
    return FieldEdge(
        through=None if through is None else node(through),
        source=node(source_name),
        source_field=source_field,
        target=node(target_name),
        target_field=target_field,
    )


def walked(
    known: Iterable[Edge], root: str, direction: Direction, depth: int = 5, limit: int = 100
) -> Walk:
    """As the reader does it: only the edges of what is wanted are handed over."""
    stored = list(known)
    walk = Walk(node(root), direction, depth, limit)
    while walk.wanted:
        walk.take([e for e in stored if e.source in walk.wanted or e.target in walk.wanted])
    return walk


def names(found: Iterable[Node]) -> list[str]:
    return sorted(each.name for each in found)
