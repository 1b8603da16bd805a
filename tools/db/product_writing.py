"""Writes of a product within one transaction: row, ports, version, contract, rules, audit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from psycopg.types.json import Json

from core.contract.document import OdcsDocument
from core.contract.entries import rules_of
from core.product import DataProduct, OutputPort
from core.product_diff import product_diff
from core.quality.rule import QualityRule
from core.versioning import Difference, later, needed, risen
from tools.db import audit
from tools.db.pool import Connection
from tools.db.product_errors import (
    ContractMismatchError,
    PortTakenError,
    ProductChangedError,
    ProductDeletedError,
    ProductNotFoundError,
)
from tools.db.product_row import content_of, given, product_of, version_given
from tools.db.sql import load

_SQL = load("products")

Rules = Mapping[OutputPort, Sequence[QualityRule]]


@dataclass(frozen=True, slots=True)
class Deed:
    """Who does what: for the versions and the audit log. `action` is like `product.update`."""

    by: str
    action: str
    request_id: str | None = None


@dataclass(frozen=True, slots=True)
class Stored:
    """A product as it stands, with its contract."""

    product: DataProduct
    contract: OdcsDocument | None = None


async def held(conn: Connection, product_id: str) -> Stored | None:
    """The product, deleted or not, held against other writers until the transaction ends."""
    at = {"id": product_id}
    await conn.execute(_SQL["reserve"], at)
    row = await (await conn.execute(_SQL["lock"], at)).fetchone()
    if row is None:
        return None
    return Stored(product_of(row), await contract_in_force(conn, product_id))


async def contract_in_force(conn: Connection, product_id: str) -> OdcsDocument | None:
    row = await (await conn.execute(_SQL["contract"], {"id": product_id})).fetchone()
    return None if row is None else OdcsDocument(row["document"])


async def present(conn: Connection, product_id: str, expected: int | None) -> Stored:
    """The product, held. Raises what keeps it from being changed: it is gone, deleted, changed."""
    stored = await held(conn, product_id)
    if stored is None:
        raise ProductNotFoundError(product_id, await near_ids(conn, product_id))
    refuse_deleted(stored.product)
    refuse_changed(stored.product, expected)
    return stored


async def near_ids(conn: Connection, product_id: str) -> list[str]:
    found = await (await conn.execute(_SQL["near_ids"], {"id": product_id})).fetchall()
    return [row["id"] for row in found]


def refuse_deleted(product: DataProduct) -> None:
    if product.deleted_at is not None:
        by, reason = product.deleted_by or "somebody", product.deleted_reason or "no reason given"
        raise ProductDeletedError(product.id, by, reason, product.deleted_at)


def refuse_changed(product: DataProduct, expected: int | None) -> None:
    if expected is not None and product.revision != expected:
        raise ProductChangedError(product.id, product.revision)


async def write(
    conn: Connection, before: Stored | None, after: Stored, deed: Deed, rules: Rules | None = None
) -> None:
    """Store the product with a version that rises by what changed, and append to the audit log.

    The version is the one given where the writer raised it himself. `rules` are those of the
    contract unless given. Raises PortTakenError and ContractMismatchError.
    """
    _refuse_strangers(after)
    differences = () if before is None else _differences(before, after)
    if before is not None and before.product.version == after.product.version:
        version = risen(after.product.version, needed(differences))
        after = Stored(after.product.model_copy(update={"version": version}), after.contract)
    await _put(conn, after.product)
    await _put_contract(conn, after)
    await _put_rules(conn, after.product, _rules(after) if rules is None else rules)
    versioned = version_given(after.product, after.contract, differences, deed.by)
    await conn.execute(_SQL["put_version"], versioned)
    lines = [each.line for each in differences]
    await record(conn, deed, before, {**content_of(after.product), "changes": lines})


def _differences(before: Stored, after: Stored) -> tuple[Difference, ...]:
    return product_diff(before.product, after.product, before.contract, after.contract)


def raised_by(contract: OdcsDocument, product: DataProduct) -> DataProduct:
    """The product in the version that a contract states, where that is a higher one."""
    if later(contract.version, product.version):
        return product.model_copy(update={"version": contract.version})
    return product


async def record(
    conn: Connection, deed: Deed, before: Stored | None, after: Mapping[str, object] | None
) -> None:
    product_id = before.product.id if before is not None else str((after or {})["id"])
    await audit.record(
        conn,
        actor=deed.by,
        action=deed.action,
        target=f"product:{product_id}",
        before=None if before is None else content_of(before.product),
        after=after,
        request_id=deed.request_id,
    )


async def release(conn: Connection, product: DataProduct) -> None:
    """Let the topics of a product that is deleted go; its rules rest."""
    await conn.execute(_SQL["drop_ports"], {"id": product.id})
    await conn.execute(_SQL["release_sources"], {"id": product.id})
    await conn.execute(_SQL["switch_rules"], {"id": product.id, "active": False})


def _refuse_strangers(stored: Stored) -> None:
    if stored.contract is None:
        return
    strangers = [topic for topic in stored.contract.topics if topic not in stored.product.topics]
    if strangers:
        raise ContractMismatchError(stored.product.id, strangers)


async def _put(conn: Connection, product: DataProduct) -> None:
    facts = given(product)
    await conn.execute(_SQL["put"], facts)
    await conn.execute(_SQL["drop_ports"], facts)
    holders = await (await conn.execute(_SQL["port_holders"], facts)).fetchall()
    if holders:
        raise PortTakenError(holders)
    await conn.execute(_SQL["put_ports"], facts)
    await conn.execute(_SQL["release_sources"], facts)
    await conn.execute(_SQL["claim_sources"], facts)


async def _put_contract(conn: Connection, stored: Stored) -> None:
    at = {"id": stored.product.id}
    if stored.contract is None:
        await conn.execute(_SQL["drop_contract"], at)
    else:
        contract = Json(stored.contract.document)
        await conn.execute(_SQL["put_contract"], {**at, "contract": contract})


def _rules(stored: Stored) -> Rules:
    if stored.contract is None:
        return {}
    objects = dict(stored.contract.topic_objects())
    return {p: rules_of(objects[p.topic]) for p in stored.product.ports if p.topic in objects}


async def _put_rules(conn: Connection, product: DataProduct, rules: Rules) -> None:
    rows = {(p.cluster, p.topic, rule.id): rule for p, own in rules.items() for rule in own}
    facts = {
        "id": product.id,
        "active": product.lifecycle.served,
        "clusters": [cluster for cluster, _, _ in rows],
        "topics": [topic for _, topic, _ in rows],
        "rule_ids": [rule_id for _, _, rule_id in rows],
        "rules": [rule.model_dump_json(exclude_defaults=True) for rule in rows.values()],
    }
    await conn.execute(_SQL["drop_rules"], facts)
    await conn.execute(_SQL["put_rules"], facts)
