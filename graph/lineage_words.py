"""Lineage and impact in Markdown: the nodes and edges as the tools returned them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from core.lineage.edge import Certainty, Flow
from core.lineage.impact import Effect
from core.lineage.picture import (
    Lineage,
    NodeType,
    SeenAffected,
    SeenEdge,
    SeenNode,
    SourceImpact,
)
from core.lineage.walk import Direction
from core.spans import amount_of
from graph.markdown import code, plain
from tools.lineage import ImpactFindings, LineageFindings

SHOWN = 12
"""Lines of a list; the findings hold more."""

_TYPES = {
    NodeType.TOPIC: "topic",
    NodeType.CONSUMER_GROUP: "consumer group",
    NodeType.BRIDGE: "bridge",
    NodeType.DATASET: "dataset outside of the cluster",
    NodeType.JOB: "job",
}

_GIVES = {
    Flow.READS: "is read by",
    Flow.WRITES: "writes",
    Flow.FEEDS: "feeds",
    Flow.CONTAINED: "its fields are in",
}
"""What an edge's source does with its target."""

_TAKES = {
    Flow.READS: "reads",
    Flow.WRITES: "is written by",
    Flow.FEEDS: "is made from",
    Flow.CONTAINED: "has the fields of",
}
"""What its target does with its source."""


def lineage_body(found: LineageFindings) -> list[str]:
    picture = found.picture
    if picture is None:
        return []
    sides = [
        ("Upstream", Direction.UPSTREAM, [node for node in picture.nodes if node.distance < 0]),
        ("Downstream", Direction.DOWNSTREAM, [node for node in picture.nodes if node.distance > 0]),
    ]
    return [
        f"{title}\n\n" + "\n".join(_side(picture, nodes, way))
        for title, way, nodes in sides
        if nodes
    ]


def _side(picture: Lineage, nodes: list[SeenNode], way: Direction) -> Iterator[str]:
    edges: defaultdict[str, list[SeenEdge]] = defaultdict(list)
    names = {node.id: node.name for node in picture.nodes}
    for edge in picture.edges:
        edges[edge.source if way is Direction.UPSTREAM else edge.target].append(edge)
    for node in sorted(nodes, key=lambda each: (abs(each.distance), each.name))[:SHOWN]:
        yield f"- {_node(node)}: {_known(edges[node.id], names, way)}"
    if len(nodes) > SHOWN:
        yield f"- and {len(nodes) - SHOWN} more"


def _node(node: SeenNode) -> str:
    team = f", team {plain(node.team)}" if node.team else ""
    owner = f", owner {code(node.owner.ref)}" if node.owner else ""
    return f"{code(node.name)} ({_TYPES[node.type]}{team}{owner})"


def _known(edges: list[SeenEdge], names: dict[str, str], way: Direction) -> str:
    return "; ".join(dict.fromkeys(_edge(edge, names, way) for edge in edges)) or "within a cycle"


def _edge(edge: SeenEdge, names: dict[str, str], way: Direction) -> str:
    """What it does with the node that is nearer to what was asked for."""
    upstream = way is Direction.UPSTREAM
    other = names[edge.target if upstream else edge.source]
    does = (_GIVES if upstream else _TAKES)[edge.flow]
    return f"{does} {code(other)}, {certainty(edge.certainty)}{_seen(edge)}"


def certainty(known: Certainty) -> str:
    return "a guess" if known is Certainty.GUESS else known.value


def _seen(edge: SeenEdge) -> str:
    last = f", last seen {edge.last_seen:%Y-%m-%d %H:%M} UTC" if edge.last_seen else ""
    gone = f", gone since {edge.vanished_at:%Y-%m-%d %H:%M} UTC" if edge.vanished_at else ""
    return last + gone


def impact_body(found: ImpactFindings) -> list[str]:
    several = len(found.impacts) > 1
    parts = []
    for each in found.impacts:
        lines = "\n".join(_affected_lines(each))
        if lines:
            parts.append(f"{code(each.source)}\n\n{lines}" if several else lines)
    return parts


def _affected_lines(found: SourceImpact) -> Iterator[str]:
    for each in found.affected[:SHOWN]:
        yield f"- {_affected(each)}"
    if len(found.affected) > SHOWN:
        yield f"- and {len(found.affected) - SHOWN} more"
    for product in found.products:
        yield f"- data product: {plain(product)}"


def _affected(each: SeenAffected) -> str:
    told = [_node(each.node)]
    if each.fields:
        told.append("fields " + ", ".join(code(name) for name in each.fields[:8]))
    told.append("perhaps" if each.effect is Effect.PERHAPS else "affected")
    told.append(certainty(each.certainty))
    if len(each.way) > 2:
        told.append(f"by way of {', '.join(code(name) for name in each.way[1:-1])}")
    if each.lag is not None:
        told.append(f"{amount_of(each.lag, 'message')} behind")
    if each.last_seen is not None:
        told.append(f"last seen {each.last_seen:%Y-%m-%d %H:%M} UTC")
    if each.vanished:
        told.append("gone by now")
    return ", ".join(told)
