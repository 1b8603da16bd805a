"""Reads of the graph of lineage: each kind of evidence from where it is kept."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg.rows import DictRow

from core.lineage.edge import Certainty, Edge, Evidence, FieldEdge, Flow
from core.lineage.mapped import fields_of
from core.lineage.node import Node, NodeKind, group, own_namespace, topic
from core.source import Owner
from core.unify.mapping import Mapping
from tools.bridge.job import GROUP, group_of
from tools.db.pool import Connection, Pool
from tools.db.sql import load

_SQL = load("lineage")

CONTAINED_SHARE = 0.8
"""Share of one's fields, weighed by rarity, that the other has too, from which it may be made."""

MORE = 0.1
"""How much less of the other's is in the one: where both have the same there is no direction."""

_CONTAINED = {"share": CONTAINED_SHARE, "more": MORE}


@dataclass(frozen=True, slots=True)
class NodeFacts:
    """What the catalog knows of a node beside its name; `present` is None where it cannot know."""

    present: bool | None = None
    managed: bool = False
    owner: Owner | None = None
    product_id: str | None = None
    product_name: str | None = None
    team: str | None = None
    state: str | None = None
    """Of a consumer group as Kafka says it, of another job how its last run ended."""
    run_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class MostRead:
    topic: str
    groups: int
    teams: int


def key_of(node: Node) -> str:
    """As the database computes it."""
    text = "\x1f".join((node.kind.value, node.namespace, node.name))
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


class LineageRepository:
    """The graph around the topics of one cluster."""

    def __init__(self, pool: Pool, cluster: str) -> None:
        self._pool = pool
        self.cluster = cluster

    async def edges(self, nodes: Collection[Node]) -> list[Edge]:
        """All edges of these nodes, whichever way they lead."""
        given = {**self._given(nodes), **_CONTAINED}
        async with self._pool.connection() as conn:
            reads = await _rows(conn, "reads", given)
            produced = await _rows(conn, "produced", given)
            told = await _rows(conn, "told", given)
            specified = await _rows(conn, "specified", given)
            bridged = await _rows(conn, "bridged", given)
            contained = await _rows(conn, "contained", given)
        return [
            *(self._read(row) for row in reads),
            *(self._produced(row) for row in produced),
            *(_told(row) for row in told),
            *(self._specified(row) for row in specified),
            *(edge for row in bridged for edge in self._bridged(row)),
            *(self._contained(row) for row in contained),
        ]

    async def fields(self, nodes: Collection[Node]) -> list[FieldEdge]:
        """How fields of these datasets are made, and what is made of them."""
        given = {**self._given(nodes), **_CONTAINED}
        async with self._pool.connection() as conn:
            told = await _rows(conn, "told_fields", given)
            mapped = await _rows(conn, "mapped", given)
            contained = await _rows(conn, "contained_fields", given)
        return [
            *(_told_field(row) for row in told),
            *(field for row in mapped for field in self._mapped(row)),
            *(field for row in contained for field in self._contained_fields(row)),
        ]

    async def facts(self, nodes: Collection[Node]) -> dict[Node, NodeFacts]:
        given = self._given(nodes)
        async with self._pool.connection() as conn:
            topics = await _rows(conn, "topic_facts", given)
            producers = await _rows(conn, "producer_facts", given)
            groups = await _rows(conn, "group_facts", given)
            runs = await _rows(conn, "latest_runs", given)
        keyed = dict(zip(given["keys"], nodes, strict=True))
        found = {self._topic(row["name"]): _topic_facts(row) for row in topics}
        for row in runs:
            found[keyed[row["key"]]] = NodeFacts(state=row["state"].lower(), run_at=row["told_at"])
        for row in producers:
            found[group(self.cluster, row["producer"])] = NodeFacts(team=row["team"])
        # A bridge is a consumer group that also tells of its runs.
        return {**found, **{group(self.cluster, row["group_id"]): _group(row) for row in groups}}

    async def knows(self, node: Node) -> bool:
        """Whether the node was ever told of."""
        return bool(await self._pool.rows(_SQL["node_ids"], {"keys": [key_of(node)]}))

    async def scanned_since(self, at: datetime, limit: int) -> list[str]:
        """Topics that a scan has read since then."""
        given = {"cluster": self.cluster, "at": at, "limit": limit}
        return [row["name"] for row in await self._pool.rows(_SQL["scanned_since"], given)]

    async def most_read(self, limit: int) -> list[MostRead]:
        """Present topics by how many consumer groups read them."""
        given = {"cluster": self.cluster, "limit": limit}
        return [MostRead(**row) for row in await self._pool.rows(_SQL["most_read"], given)]

    def _given(self, nodes: Iterable[Node]) -> dict[str, Any]:
        own = [node for node in nodes if node.namespace == own_namespace(self.cluster)]
        groups = [node.name for node in own if node.kind is NodeKind.JOB]
        return {
            "cluster": self.cluster,
            "keys": [key_of(node) for node in nodes],
            "topics": [node.name for node in own if node.kind is NodeKind.DATASET],
            "groups": groups,
            "carried": [name.removeprefix(GROUP) for name in groups if name.startswith(GROUP)],
        }

    def _topic(self, name: str) -> Node:
        return topic(self.cluster, name)

    def _read(self, row: DictRow) -> Edge:
        return Edge(
            source=self._topic(row["topic"]),
            target=group(self.cluster, row["group_id"]),
            flow=Flow.READS,
            evidence=Evidence.CONSUMER_GROUP,
            certainty=Certainty.MEASURED,
            first_seen=row["first_seen"],
            last_seen=row["last_seen"],
            vanished_at=row["vanished_at"],
            lag=row["lag"],
            because="" if row["moved"] else "its offsets were not seen to move since first seen",
        )

    def _produced(self, row: DictRow) -> Edge:
        return Edge(
            source=group(self.cluster, row["producer"]),
            target=self._topic(row["topic"]),
            flow=Flow.WRITES,
            evidence=Evidence.PRODUCER_HEADER,
            certainty=Certainty.MEASURED,
            first_seen=row["first_seen"],
            last_seen=row["last_seen"],
            because=f"nearly all sampled messages name it in the header {row['header']}",
        )

    def _specified(self, row: DictRow) -> Edge:
        return Edge(
            source=self._topic(row["input"]),
            target=self._topic(row["topic"]),
            flow=Flow.FEEDS,
            evidence=Evidence.SPECIFICATION,
            certainty=Certainty.DECLARED,
            first_seen=row["since"],
            because=f"an input of the product {row['product_id']} ({row['approval_id']})",
        )

    def _bridged(self, row: DictRow) -> Iterator[Edge]:
        carrier = group(self.cluster, group_of(row["id"]))
        target = self._topic(row["topic"])
        ways = [(self._topic(name), carrier, Flow.READS) for name in row["sources"]]
        for source, end, flow in (*ways, (carrier, target, Flow.WRITES)):
            yield Edge(
                source=source,
                target=end,
                flow=flow,
                evidence=Evidence.BRIDGE,
                certainty=Certainty.MEASURED if row["carried"] else Certainty.DECLARED,
                first_seen=row["asked_at"],
                last_seen=row["told_at"],
                because=f"the bridge of consolidation {row['id']}",
            )

    def _contained(self, row: DictRow) -> Edge:
        inner, outer, share = _direction(row)
        return Edge(
            source=self._topic(inner),
            target=self._topic(outer),
            flow=Flow.CONTAINED,
            evidence=Evidence.CONTAINMENT,
            certainty=Certainty.GUESS,
            last_seen=row["compared_at"],
            because=f"{share:.0%} of its fields, weighed by rarity, are in the other, with records "
            "that both have; which is made from which is not known",
        )

    def _mapped(self, row: DictRow) -> Iterator[FieldEdge]:
        target = self._topic(row["topic"])
        bridge = group(self.cluster, group_of(row["id"]))
        mappings = [Mapping.model_validate(each) for each in row["mappings"]]
        for through in (None, bridge) if row["bridged"] else (None,):
            yield from fields_of(mappings, target, through)

    def _contained_fields(self, row: DictRow) -> Iterator[FieldEdge]:
        inner, outer, _ = _direction(row)
        sides = ("left", "right") if inner == row["left"] else ("right", "left")
        for match in row["matches"]:
            yield FieldEdge(
                through=None,
                source=self._topic(inner),
                source_field=match[sides[0]],
                target=self._topic(outer),
                target_field=match[sides[1]],
                how="looks the same",
                certainty=Certainty.GUESS,
            )


async def _rows(conn: Connection, name: str, given: AnyMapping[str, object]) -> list[DictRow]:
    return await (await conn.execute(_SQL[name], given)).fetchall()


def _direction(row: DictRow) -> tuple[str, str, float]:
    """The contained one, the one that has more, and how much of the first is in the second."""
    if row["left_in_right"] > row["right_in_left"]:
        return row["left"], row["right"], row["left_in_right"]
    return row["right"], row["left"], row["right_in_left"]


def _node(row: DictRow, side: str, kind: NodeKind) -> Node:
    return Node(kind=kind, namespace=row[f"{side}_namespace"], name=row[f"{side}_name"])


def _told(row: DictRow) -> Edge:
    source = _node(row, "source", NodeKind(row["source_kind"]))
    target = _node(row, "target", NodeKind(row["target_kind"]))
    return Edge(
        source=source,
        target=target,
        flow=Flow.WRITES if source.kind is NodeKind.JOB else Flow.READS,
        evidence=Evidence.OPENLINEAGE,
        certainty=Certainty(row["certainty"]),
        first_seen=row["first_seen"],
        last_seen=row["last_seen"],
        because=f"told by {row['producer']}"[:300],
    )


def _told_field(row: DictRow) -> FieldEdge:
    return FieldEdge(
        through=_node(row, "job", NodeKind.JOB),
        source=_node(row, "source", NodeKind.DATASET),
        source_field=row["source_field"],
        target=_node(row, "target", NodeKind.DATASET),
        target_field=row["target_field"],
        how=row["how"],
        certainty=Certainty(row["certainty"]),
    )


def _topic_facts(row: DictRow) -> NodeFacts:
    owner = row["product_owner"] or row["owner"]
    guessed = None if row["product_owner"] else row["owner_guessed_from"]
    return NodeFacts(
        present=row["status"] == "present",
        managed=row["kind"] == "managed",
        owner=None if owner is None else Owner(ref=owner, guessed_from=guessed),
        product_id=row["product_id"],
        product_name=row["product_name"],
    )


def _group(row: DictRow) -> NodeFacts:
    return NodeFacts(present=not row["vanished"], team=row["team"], state=row["state"])
