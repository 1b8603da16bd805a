"""What Backstage's catalog is told of, read as facts in the order of their keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from psycopg.rows import DictRow

from core.backstage.facts import ConsumerFact, DomainFact, ProductFact, TeamFact, TopicFact
from core.contract.document import OdcsDocument
from core.contract.port import PortView, promised
from core.ownership import OwnerRules, reference_of
from core.product import Lifecycle, OutputPort
from core.schema.document import from_document
from tools.db.pool import Pool
from tools.db.sql import load

_SQL = load("backstage")

_SAME = (
    *("name", "description", "owner", "owner_guessed_from", "domain", "format", "partitions"),
    *("replication", "version", "product_id", "product_name", "product_version", "content"),
)
"""Columns that are called as the fact's members are."""

MOST_TOPICS = 500
"""Of one consumer group: each is two relations in Backstage."""


@dataclass(frozen=True, slots=True)
class Part:
    """One of `parts` shares of all keys, by a hash of the key: a topic stays in its part."""

    part: int = 0
    parts: int = 1


WHOLE = Part()


class BackstageRepository:
    """Of one cluster; `rules` say how a consumer group's team is referred to."""

    def __init__(self, pool: Pool, cluster: str, rules: OwnerRules) -> None:
        self._pool = pool
        self._cluster = cluster
        self._rules = rules

    async def size(self) -> int:
        """About how many entities there are, teams and domains aside."""
        (row,) = await self._rows("size")
        return int(row["entities"])

    async def teams(self) -> list[TeamFact]:
        """All that own or read a topic; one without a reference stands for "not known"."""
        found = {self._ref(row) or "" for row in await self._rows("owners")}
        return [TeamFact(ref) for ref in sorted(found)]

    async def domains(self) -> list[DomainFact]:
        rows = await self._rows("domains")
        return [DomainFact(r["domain"], r["owner"], r["owned"], r["topics"]) for r in rows]

    async def products(self, after: str, limit: int, part: Part) -> list[ProductFact]:
        rows = await self._page("products", after, limit, part)
        return [self._product(row) for row in rows]

    async def consumers(self, after: str, limit: int, part: Part) -> list[ConsumerFact]:
        rows = await self._page("consumers", after, limit, part)
        return [
            ConsumerFact(
                cluster=self._cluster,
                group=row["group_id"],
                team=None if row["team"] is None else reference_of(row["team"], self._rules),
                topics=tuple(row["shown"]),
                left_out=row["topics"] - len(row["shown"]),
            )
            for row in rows
        ]

    async def topics(self, after: str, limit: int, part: Part) -> list[TopicFact]:
        return [self._topic(row) for row in await self._page("topics", after, limit, part)]

    async def interfaces(self, names: Sequence[str]) -> dict[str, PortView]:
        """The topics as ports: as their contracts promise them, else as they were read."""
        rows = await self._rows("interfaces", names=list(names))
        return {row["name"]: self._view(row) for row in rows}

    def _ref(self, row: DictRow) -> str | None:
        ref: str | None = row["ref"]
        return reference_of(ref, self._rules) if ref and row["by_rule"] else ref

    def _product(self, row: DictRow) -> ProductFact:
        return ProductFact(
            id=row["id"],
            name=row["name"],
            description=row["description"],
            owner=row["owner"],
            domain=row["domain"],
            tags=tuple(row["tags"]),
            lifecycle=Lifecycle(row["lifecycle"]),
            version=row["version"],
            cluster=self._cluster,
            topics=tuple(row["topics"]),
            inputs=tuple(row["inputs"]),
        )

    def _topic(self, row: DictRow) -> TopicFact:
        lifecycle = row["lifecycle"]
        return TopicFact(
            cluster=self._cluster,
            described_by=row["description_by"],
            tags=tuple(row["tags"]),
            lifecycle=None if lifecycle is None else Lifecycle(lifecycle),
            **{name: row[name] for name in _SAME},
        )

    def _view(self, row: DictRow) -> PortView:
        port = OutputPort(cluster=self._cluster, topic=row["name"])
        contract = None if row["document"] is None else OdcsDocument(row["document"])
        view = None if contract is None else promised(contract, port)
        if view is None or view.schema is None:
            schema = None if row["schema"] is None else from_document(row["schema"])
            view = PortView(port, schema=schema, format=row["format"], subject=row["subject"])
        return replace(
            view,
            partitions=row["partitions"] or None,
            replication=row["replication"] or None,
            configs={**view.configs, **row["config"]},
        )

    async def _page(self, query: str, after: str, limit: int, part: Part) -> list[DictRow]:
        shares = {"part": part.part, "parts": part.parts}
        return await self._rows(query, after=after, limit=limit, most=MOST_TOPICS, **shares)

    async def _rows(self, query: str, **given: object) -> list[DictRow]:
        return await self._pool.rows(_SQL[query], {"cluster": self._cluster, **given})
