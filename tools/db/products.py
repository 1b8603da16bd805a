"""Managed data products and the topics that are their output ports."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from psycopg.rows import DictRow

from core.product import DataProduct, Lifecycle, OutputPort
from tools.db.cursor import Page, read_cursor, write_cursor
from tools.db.pool import Connection, Pool
from tools.db.sql import load

_SQL = load("products")


class ProductNotFoundError(LookupError):
    """There is no such product; the text names those that look like it."""

    def __init__(self, product_id: str, near: Sequence[str]) -> None:
        self.product_id, self.near = product_id[:300], tuple(near)
        advice = (
            f"Did you mean {', '.join(near)}?"
            if near
            else "List the products to see those that exist."
        )
        super().__init__(f"There is no product {self.product_id!r}. {advice}")


class PortTakenError(ValueError):
    """A topic is the output port of another product; a topic belongs to one product only."""

    def __init__(self, holders: Sequence[DictRow]) -> None:
        taken = ", ".join(f"{row['topic']} ({row['product_id']})" for row in holders)
        super().__init__(
            f"These topics are output ports of another product: {taken}. Take them off there first "
            "or leave them out here."
        )


class ProductRepository:
    """Products by id and in keyset pages; putting one marks its topics as managed."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def put(self, product: DataProduct) -> DataProduct:
        """Create a product or replace it, ports included, in one transaction.

        Topics that an active product has as ports become managed and take its owner, domain, tags
        and description; topics that it gave up are discovered ones again. Raises `PortTakenError`.
        """
        async with self._pool.connection() as conn, conn.transaction():
            await _put(conn, product)
        return await self.get(product.id)

    async def get(self, product_id: str) -> DataProduct:
        """One product. Raises `ProductNotFoundError` with near ids."""
        at = {"id": product_id.replace("\0", "")}
        async with self._pool.connection() as conn:
            row = await (await conn.execute(_SQL["get"], at)).fetchone()
            if row is None:
                near = await (await conn.execute(_SQL["near_ids"], at)).fetchall()
                raise ProductNotFoundError(product_id, [found["id"] for found in near])
        return _product_of(row)

    async def list(
        self,
        *,
        owner: str | None = None,
        domain: str | None = None,
        lifecycle: Lifecycle | None = None,
        limit: int = 50,
        cursor: str | None = None,
    ) -> Page[DataProduct]:
        """Products by id; every filter that is given holds."""
        (after,) = read_cursor(cursor, str)
        given = {"owner": owner, "domain": domain, "lifecycle": lifecycle}
        async with self._pool.connection() as conn:
            found = await conn.execute(_SQL["list"], {**given, "after": after, "limit": limit + 1})
            rows = await found.fetchall()
        items = tuple(_product_of(row) for row in rows[:limit])
        return Page(items, write_cursor(items[-1].id) if len(rows) > limit else None)


async def _put(conn: Connection, product: DataProduct) -> None:
    given = _given(product)
    await conn.execute(_SQL["put"], given)
    await conn.execute(_SQL["drop_ports"], given)
    holders = await (await conn.execute(_SQL["port_holders"], given)).fetchall()
    if holders:
        raise PortTakenError(holders)
    await conn.execute(_SQL["put_ports"], given)
    await conn.execute(_SQL["release_sources"], given)
    await conn.execute(_SQL["claim_sources"], given)


def _given(product: DataProduct) -> dict[str, Any]:
    ports = list(dict.fromkeys(product.ports))
    return {
        **product.model_dump(exclude={"ports", "tags"}),
        "tags": list(product.tags),
        "clusters": [port.cluster for port in ports],
        "topics": [port.topic for port in ports],
    }


def _product_of(row: DictRow) -> DataProduct:
    ports = tuple(OutputPort(cluster=cluster, topic=topic) for cluster, topic in row["ports"])
    return DataProduct(**{**row, "tags": tuple(row["tags"]), "ports": ports})
