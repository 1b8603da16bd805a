"""What the catalog knows of a plan's names: products that have them, plans that want them."""

from __future__ import annotations

from dataclasses import dataclass

from core.plan import Plan
from tools.db.pool import Pool
from tools.db.sql import load

_SQL = load("plan_facts")


@dataclass(frozen=True, slots=True)
class NamesTaken:
    """`products` are ids, `holder` has the topic, `waiting` are approvals that want the same."""

    products: frozenset[str]
    holder: str | None
    waiting: tuple[str, ...]


class PlanFactsRepository:
    """Reads only."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def taken(self, plan: Plan) -> NamesTaken:
        given = {"id": plan.product.id, "topic": plan.topic.name, "cluster": plan.topic.cluster}
        async with self._pool.connection() as conn:
            products = await (await conn.execute(_SQL["products"], given)).fetchall()
            holder = await (await conn.execute(_SQL["holder"], given)).fetchone()
            waiting = await (await conn.execute(_SQL["waiting"], given)).fetchall()
        return NamesTaken(
            products=frozenset(row["id"] for row in products),
            holder=None if holder is None else holder["product_id"],
            waiting=tuple(row["id"] for row in waiting),
        )
