"""Reads the graph around a node, as far as it is asked for, and whom a change concerns."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from core.lineage.concerned import counts_of, products_of, teams_of
from core.lineage.edge import Edge, FieldEdge
from core.lineage.impact import Affected, affected_by
from core.lineage.namespace import Namespaces
from core.lineage.node import Node, NodeKind, topic
from core.lineage.picture import (
    Lineage,
    NodeType,
    SeenAffected,
    SeenEdge,
    SeenField,
    SeenNode,
    SourceImpact,
)
from core.lineage.walk import Direction, Walk
from core.source import SourceDetail
from tools.bridge.job import GROUP
from tools.db.lineage import LineageRepository, NodeFacts
from tools.db.lineage_runs import LineageRuns
from tools.db.pool import Pool

BOTH = (Direction.UPSTREAM, Direction.DOWNSTREAM)

MOST_NODES = 300
"""Of a picture in one direction."""

_MOST_AFFECTED, _FARTHEST = 2_000, 20
_MOST_FIELDS = 2_000


class NodeNotFoundError(LookupError):
    """Nothing is known of this node of the graph."""

    def __init__(self, node: Node) -> None:
        super().__init__(
            f"Nothing was told or seen of the {node.kind} {node.name[:200]!r}. Ids come with the "
            "answers of GET /lineage."
        )


class FieldNotFoundError(LookupError):
    """The source has no field at this path."""

    def __init__(self, source: str, path: str, near: Sequence[str]) -> None:
        self.near = tuple(near)
        advice = f"Did you mean {', '.join(near)}?" if near else "Its schema tells its fields."
        super().__init__(f"The source {source!r} has no field {path[:200]!r}. {advice}")


@dataclass(frozen=True, slots=True)
class LineageReader:
    """Of one cluster."""

    repository: LineageRepository
    runs: LineageRuns
    namespaces: Namespaces

    @classmethod
    def of(cls, pool: Pool, namespaces: Namespaces) -> LineageReader:
        return cls(LineageRepository(pool, namespaces.cluster), LineageRuns(pool), namespaces)

    def topic(self, name: str) -> Node:
        return topic(self.namespaces.cluster, name)

    async def around(
        self,
        root: Node,
        *,
        depth: int,
        directions: Collection[Direction] = BOTH,
        guesses: bool = True,
        limit: int = MOST_NODES,
    ) -> Lineage:
        """`depth` counts steps: from a topic to the group that reads it is one.

        Raises NodeNotFoundError for a node that is no topic of ours and of which nothing is known.
        """
        walks = [
            Walk(root, direction, depth, limit, guesses)
            for direction in BOTH
            if direction in directions
        ]
        await self._go(walks)
        edges = {edge.key: edge for walk in walks for edge in walk.edges.values()}
        await self._require(root, bool(edges))
        distances = _distances(walks)
        datasets = [node for node in distances if node.kind is NodeKind.DATASET]
        fields = await self.repository.fields(datasets)
        return Lineage(
            root=root.id,
            depth=depth,
            nodes=await self._nodes(distances, _more(walks)),
            edges=tuple(_edge(edge) for edge in edges.values()),
            fields=tuple(_field(each) for each in _within(fields, distances))[:_MOST_FIELDS],
            cut=any(walk.cut for walk in walks),
        )

    async def impact(self, source: SourceDetail, path: str | None = None) -> SourceImpact:
        """Who breaks if the source changes, or its field at `path`. Raises FieldNotFoundError."""
        name = source.summary.name
        if path is not None:
            _require_field(source, path)
        root = self.topic(name)
        walk = Walk(root, Direction.DOWNSTREAM, _FARTHEST, _MOST_AFFECTED, guesses=True)
        await self._go([walk])
        edges = tuple(walk.edges.values())
        datasets = [node for node in walk.distances if node.kind is NodeKind.DATASET]
        fields = await self.repository.fields(datasets)
        found = affected_by(root, path, edges, fields)
        affected = await self._affected(found, edges)
        return SourceImpact(
            source=name,
            field=path,
            affected=affected,
            teams=teams_of(affected),
            products=products_of(affected),
            counts=counts_of(affected),
            cut=walk.cut or bool(walk.more),
        )

    async def _go(self, walks: Sequence[Walk]) -> None:
        """To their ends, a step of all at once: edges are read whichever way they lead."""
        while going := [walk for walk in walks if walk.wanted]:
            found = await self.repository.edges({node for walk in going for node in walk.wanted})
            for walk in going:
                walk.take(found)

    async def _require(self, root: Node, has_edges: bool) -> None:
        ours = root.kind is NodeKind.DATASET and root.cluster == self.namespaces.cluster
        if not has_edges and not ours and not await self.repository.knows(root):
            raise NodeNotFoundError(root)

    async def _nodes(
        self, distances: Mapping[Node, int], more: Mapping[Node, int]
    ) -> tuple[SeenNode, ...]:
        facts = await self.repository.facts(distances.keys())
        seen = [
            self._node(node, facts.get(node), distance, more.get(node, 0))
            for node, distance in distances.items()
        ]
        return tuple(sorted(seen, key=lambda node: (node.distance, node.type, node.name)))

    async def _affected(
        self, found: Sequence[Affected], edges: Sequence[Edge]
    ) -> tuple[SeenAffected, ...]:
        facts = await self.repository.facts([each.node for each in found])
        last = {(edge.source, edge.target): edge for edge in edges}
        return tuple(
            self._one(each, facts.get(each.node), last[each.way[-2], each.node]) for each in found
        )

    def _one(self, each: Affected, facts: NodeFacts | None, last: Edge) -> SeenAffected:
        return SeenAffected(
            node=self._node(each.node, facts, each.distance),
            effect=each.effect,
            certainty=each.certainty,
            way=tuple(node.name for node in each.way),
            fields=each.fields,
            last_seen=last.last_seen,
            vanished=each.vanished,
            lag=last.lag,
        )

    def _node(self, node: Node, facts: NodeFacts | None, distance: int, more: int = 0) -> SeenNode:
        known = facts or NodeFacts()
        return SeenNode(
            id=node.id,
            kind=node.kind,
            type=self._type(node, known),
            namespace=self.namespaces.outward(node),
            name=node.name,
            distance=distance,
            more=more,
            present=known.present,
            managed=known.managed,
            owner=known.owner,
            product_id=known.product_id,
            product_name=known.product_name,
            team=known.team,
            state=known.state,
            run_at=known.run_at,
        )

    def _type(self, node: Node, known: NodeFacts) -> NodeType:
        ours = node.cluster == self.namespaces.cluster
        if node.kind is NodeKind.DATASET:
            return NodeType.TOPIC if ours else NodeType.DATASET
        if not ours:
            return NodeType.JOB
        if node.name.startswith(GROUP):
            return NodeType.BRIDGE
        # An application that only writes is no group.
        return NodeType.JOB if known.present is None else NodeType.CONSUMER_GROUP


def _distances(walks: Iterable[Walk]) -> dict[Node, int]:
    """Signed; a node of a cycle lies on both sides and is shown at the nearer, then downstream."""
    found: dict[Node, int] = {}
    for walk in walks:
        sign = -1 if walk.direction is Direction.UPSTREAM else 1
        for node, distance in walk.distances.items():
            if node not in found or distance <= abs(found[node]):
                found[node] = sign * distance
    return found


def _more(walks: Iterable[Walk]) -> dict[Node, int]:
    return {node: count for walk in walks for node, count in walk.more.items()}


def _within(fields: Iterable[FieldEdge], nodes: Mapping[Node, int]) -> list[FieldEdge]:
    return [
        each
        for each in fields
        if each.source in nodes
        and each.target in nodes
        and (each.through is None or each.through in nodes)
    ]


def _edge(edge: Edge) -> SeenEdge:
    kept = edge.model_dump(exclude={"source", "target"})
    return SeenEdge(source=edge.source.id, target=edge.target.id, **kept)


def _field(each: FieldEdge) -> SeenField:
    return SeenField(
        through=None if each.through is None else each.through.id,
        source=each.source.id,
        source_field=each.source_field,
        target=each.target.id,
        target_field=each.target_field,
        how=each.how,
        certainty=each.certainty,
    )


def _require_field(source: SourceDetail, path: str) -> None:
    paths = [] if source.schema is None else [known for known, _ in source.schema.walk()]
    if path in paths:
        return
    wanted = path.lower().rpartition(".")[2]
    near = [known for known in paths if wanted in known.lower() or known.lower() in path.lower()]
    raise FieldNotFoundError(source.summary.name, path, near[:5])
