"""Quality rules of topics, and whether they are watched."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from psycopg.rows import DictRow

from core.quality.rule import QualityRule
from tools.db.pool import Pool
from tools.db.sql import load

_SQL = load("rules")


@dataclass(frozen=True, slots=True)
class StoredRule:
    """A rule that holds for a topic `since` it was stored as it is; `active` ones are watched."""

    rule: QualityRule
    active: bool
    since: datetime
    product_id: str | None


class RuleRepository:
    """The rules as the watcher sees them: by topic. Products write them with their contract."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def switch(self, product_id: str, *, active: bool) -> int:
        """Watch all rules of a product, or none; returns how many it has."""
        given = {"product_id": product_id, "active": active}
        async with self._pool.connection() as conn:
            return (await conn.execute(_SQL["switch"], given)).rowcount

    async def of_topic(self, topic: str, cluster: str = "default") -> tuple[StoredRule, ...]:
        """The rules that hold for a topic, by id."""
        given = {"cluster": cluster, "topic": topic}
        async with self._pool.connection() as conn:
            rows = await (await conn.execute(_SQL["of_topic"], given)).fetchall()
        return tuple(map(_stored, rows))

    async def watched(self, cluster: str = "default") -> dict[str, tuple[StoredRule, ...]]:
        """The rules that are on, by topic."""
        async with self._pool.connection() as conn:
            rows = await (await conn.execute(_SQL["watched"], {"cluster": cluster})).fetchall()
        by_topic: dict[str, tuple[StoredRule, ...]] = {}
        for row in rows:
            by_topic[row["topic"]] = (*by_topic.get(row["topic"], ()), _stored(row))
        return by_topic


def _stored(row: DictRow) -> StoredRule:
    rule = QualityRule.model_validate(row["rule"])
    return StoredRule(rule, row["active"], row["since"], row["product_id"])
