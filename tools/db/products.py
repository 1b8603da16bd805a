"""Managed data products: the topics that are their output ports, contracts, rules, versions."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

from core.contract.document import OdcsDocument
from core.product import DataProduct, Lifecycle, OutputPort
from core.quality.rule import QualityRule
from tools.db.cursor import Page, read_cursor, write_cursor
from tools.db.idempotency import first_result
from tools.db.pool import Connection, Pool
from tools.db.product_errors import (
    ContractNotFoundError,
    KeyReusedError,
    PortTakenError,
    ProductDeletedError,
    ProductExistsError,
    ProductNotFoundError,
    VersionNotFoundError,
)
from tools.db.product_row import ProductVersion, content_of, product_of, version_of
from tools.db.product_writing import (
    Deed,
    Rules,
    Stored,
    contract_in_force,
    held,
    near_ids,
    present,
    raised_by,
    record,
    refuse_changed,
    refuse_deleted,
    release,
    write,
)
from tools.db.sql import load

__all__ = [
    "Deed",
    "PortTakenError",
    "ProductDeletedError",
    "ProductNotFoundError",
    "ProductRepository",
    "ProductVersion",
    "Stored",
]

_SQL = load("products")

SYSTEM = "headwater"
"""Who writes where no person asked for it, such as the demo fleet."""


class ProductRepository:
    """Products by id and in keyset pages. Every write keeps a version and an audit entry."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def put(self, product: DataProduct, by: str = SYSTEM) -> DataProduct:
        """Create a product or replace it, ports included; its contract stays.

        Topics that a served product has as ports become managed and take its owner, domain, tags
        and description; topics that it gave up are discovered ones again. Raises `PortTakenError`.
        """
        async with self._transaction() as conn:
            before = await held(conn, product.id)
            after = Stored(product, None if before is None else before.contract)
            await write(conn, before, after, Deed(by, "product.put"))
        return await self.get(product.id)

    async def create(
        self, product: DataProduct, deed: Deed, contract: OdcsDocument | None = None
    ) -> DataProduct:
        """Raises `ProductExistsError` where the id is in use, also by a deleted product."""
        async with self._transaction() as conn:
            await _create(conn, Stored(product, contract), deed)
        return await self.get(product.id)

    async def create_once(
        self, key: str, digest: str, product: DataProduct, deed: Deed
    ) -> DataProduct:
        """As `create`, and the same key gives the same product again.

        `digest` tells requests apart. Raises `KeyReusedError` where the key came with another.
        """
        async with self._transaction() as conn:
            kept = await first_result(conn, "createProduct", key, f"{digest} {product.id}")
            told, _, made = kept.partition(" ")
            if told != digest:
                raise KeyReusedError(key)
            if made == product.id and await held(conn, made) is None:
                await _create(conn, Stored(product), deed)
        return await self.get(made, deleted=True)

    async def free_id(self, stem: str) -> str:
        """The stem, or with the first number that makes it free."""
        given = {"stem": stem, "pattern": f"{stem}-%"}
        async with self._pool.connection() as conn:
            rows = await (await conn.execute(_SQL["taken_ids"], given)).fetchall()
        taken, number = {row["id"] for row in rows}, 2
        if stem not in taken:
            return stem
        while f"{stem}-{number}" in taken:
            number += 1
        return f"{stem}-{number}"

    async def change(
        self,
        product_id: str,
        edit: Callable[[DataProduct], DataProduct],
        deed: Deed,
        expected: int | None = None,
    ) -> DataProduct:
        """Read, edit and write in one step; what `edit` raises leaves all as it was.

        `expected` is the revision that the caller knows. Raises `ProductChangedError`.
        """
        async with self._transaction() as conn:
            before = await present(conn, product_id, expected)
            after = Stored(edit(before.product), before.contract)
            if after != before:
                await write(conn, before, after, deed)
        return await self.get(product_id)

    async def put_contract(
        self, product_id: str, contract: OdcsDocument, deed: Deed, expected: int | None = None
    ) -> DataProduct:
        """Store a contract as it is; its rules and the product's version follow from it.

        Raises `ContractMismatchError` where it is about topics that are no ports.
        """
        async with self._transaction() as conn:
            before = await present(conn, product_id, expected)
            if before.contract is None or before.contract.document != contract.document:
                after = Stored(raised_by(contract, before.product), contract)
                await write(conn, before, after, deed)
        return await self.get(product_id)

    async def activate(
        self,
        product: DataProduct,
        contract: OdcsDocument,
        rules: Sequence[QualityRule],
        by: str,
        request_id: str | None = None,
    ) -> DataProduct:
        """Store an active product with its contract and its rules, all or nothing.

        `rules` are those of the product's one topic. Doing it again changes nothing. Raises
        `ProductExistsError` where another product has the id, `PortTakenError`.
        """
        wanted = product.model_copy(update={"lifecycle": Lifecycle.ACTIVE})
        of_ports: Rules = dict.fromkeys(product.ports, rules)
        async with self._transaction() as conn:
            before = await held(conn, product.id)
            if before is not None:
                _refuse_other(before.product, wanted)
                wanted = wanted.model_copy(update={"version": before.product.version})
            after = Stored(wanted, contract)
            if before is None or _content(before) != _content(after):
                await write(conn, before, after, Deed(by, "product.activate", request_id), of_ports)
        return await self.get(product.id)

    async def delete(
        self, product_id: str, reason: str, deed: Deed, expected: int | None = None
    ) -> DataProduct:
        """Mark the product as deleted; its topics are free for others, its history stays."""
        async with self._transaction() as conn:
            before = await present(conn, product_id, expected)
            marked = {"id": product_id, "by": deed.by, "reason": reason}
            await conn.execute(_SQL["mark_deleted"], marked)
            await release(conn, before.product)
            told = {**content_of(before.product), "deleted_reason": reason}
            await record(conn, deed, before, told)
        return await self.get(product_id, deleted=True)

    async def restore(
        self, product_id: str, deed: Deed, expected: int | None = None
    ) -> DataProduct:
        """Bring a deleted product back as it was, or one that was deprecated or retired one step.

        Raises `PortTakenError` where another product has got its topics, `TransitionRefusedError`.
        """
        if (await self.get(product_id, deleted=True)).deleted_at is None:
            return await self.change(product_id, DataProduct.restored, deed, expected)
        async with self._transaction() as conn:
            before = await held(conn, product_id)
            if before is not None and before.product.deleted_at is not None:
                refuse_changed(before.product, expected)
                await write(conn, before, before, deed)
        return await self.get(product_id)

    async def get(self, product_id: str, *, deleted: bool = False) -> DataProduct:
        """One product. Raises `ProductNotFoundError` with near ids, `ProductDeletedError`."""
        at = {"id": product_id.replace("\0", "")}
        async with self._pool.connection() as conn:
            row = await (await conn.execute(_SQL["get"], at)).fetchone()
            if row is None:
                raise ProductNotFoundError(product_id, await near_ids(conn, at["id"]))
        found = product_of(row)
        if not deleted:
            refuse_deleted(found)
        return found

    async def stored(self, product_id: str) -> Stored:
        """One product with its contract, if it has one."""
        product = await self.get(product_id)
        async with self._pool.connection() as conn:
            return Stored(product, await contract_in_force(conn, product_id))

    async def contract(self, product_id: str) -> OdcsDocument:
        """The contract in force. Raises `ContractNotFoundError`."""
        stored = await self.stored(product_id)
        if stored.contract is None:
            raise ContractNotFoundError(product_id)
        return stored.contract

    async def of_topic(self, port: OutputPort) -> Stored | None:
        """The product that has the topic as an output port, with its contract."""
        async with self._pool.connection() as conn:
            given = {"cluster": port.cluster, "topic": port.topic}
            row = await (await conn.execute(_SQL["of_topic"], given)).fetchone()
        return None if row is None else await self.stored(row["product_id"])

    async def rules(self, product_id: str) -> tuple[tuple[OutputPort, QualityRule, bool], ...]:
        """The product's rules by topic, each with whether it is watched over."""
        async with self._pool.connection() as conn:
            rows = await (await conn.execute(_SQL["rules"], {"id": product_id})).fetchall()
        return tuple(
            (
                OutputPort(cluster=row["cluster"], topic=row["topic"]),
                QualityRule.model_validate(row["rule"]),
                row["active"],
            )
            for row in rows
        )

    async def versions(
        self, product_id: str, *, limit: int = 50, cursor: str | None = None
    ) -> Page[ProductVersion]:
        """Newest first."""
        (before,) = read_cursor(cursor, int)
        await self.get(product_id, deleted=True)
        given = {"id": product_id, "before": before, "limit": limit + 1}
        async with self._pool.connection() as conn:
            rows = await (await conn.execute(_SQL["versions"], given)).fetchall()
        more = len(rows) > limit
        items = tuple(map(version_of, rows[:limit]))
        return Page(items, write_cursor(rows[limit - 1]["number"]) if more else None)

    async def version(self, product_id: str, version: str) -> ProductVersion:
        """Raises `VersionNotFoundError` with those that there are."""
        await self.get(product_id, deleted=True)
        given = {"id": product_id, "version": version}
        async with self._pool.connection() as conn:
            row = await (await conn.execute(_SQL["version"], given)).fetchone()
            if row is None:
                known = await (await conn.execute(_SQL["version_names"], given)).fetchall()
                raise VersionNotFoundError(product_id, version, [k["version"] for k in known])
        return version_of(row)

    async def list(
        self,
        *,
        owner: str | None = None,
        domain: str | None = None,
        lifecycle: Lifecycle | None = None,
        tag: str | None = None,
        topic: str | None = None,
        text: str | None = None,
        deleted: bool = False,
        limit: int = 50,
        cursor: str | None = None,
    ) -> Page[DataProduct]:
        """Products by id; every filter that is given holds. `deleted` ones only when asked for."""
        (after,) = read_cursor(cursor, str)
        given = {"owner": owner, "domain": domain, "lifecycle": lifecycle, "tag": tag}
        given |= {"topic": topic, "text": text}
        page = {"after": after, "limit": limit + 1, "deleted": deleted}
        async with self._pool.connection() as conn:
            rows = await (await conn.execute(_SQL["list"], {**given, **page})).fetchall()
        items = tuple(product_of(row) for row in rows[:limit])
        return Page(items, write_cursor(items[-1].id) if len(rows) > limit else None)

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[Connection]:
        async with self._pool.connection() as conn, conn.transaction():
            yield conn


async def _create(conn: Connection, wanted: Stored, deed: Deed) -> None:
    if (before := await held(conn, wanted.product.id)) is not None:
        deleted = before.product.deleted_at is not None
        raise ProductExistsError(wanted.product.id, deleted=deleted)
    await write(conn, None, wanted, deed)


def _refuse_other(before: DataProduct, wanted: DataProduct) -> None:
    """A product of the same id with other topics is another one."""
    if before.deleted_at is None and before.ports and set(before.ports) != set(wanted.ports):
        raise ProductExistsError(wanted.id)


def _content(stored: Stored) -> tuple[object, ...]:
    document = None if stored.contract is None else stored.contract.document
    deleted = stored.product.deleted_at is not None
    return (content_of(stored.product), document, deleted)
