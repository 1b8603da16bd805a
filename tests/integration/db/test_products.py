"""The saga's side of products: all or nothing, once however often, audited."""

from __future__ import annotations

import asyncio

import pytest

from core.contract.odcs import contract_of
from core.product import DataProduct, Lifecycle, OutputPort
from tests.unit.contract.plans import RULES, TOPIC, plan
from tools.db.audit import AuditLog
from tools.db.pool import Pool
from tools.db.product_errors import (
    ContractMismatchError,
    PortTakenError,
    ProductDeletedError,
    ProductExistsError,
)
from tools.db.products import Deed, ProductNotFoundError, ProductRepository

PORT = OutputPort(cluster="default", topic=TOPIC)
PRODUCT = DataProduct(
    id="fraud-scores",
    name="Fraud Scores",
    description="Scores.",
    owner="group:default/fraud-team",
    domain="risk",
    lifecycle=Lifecycle.DRAFT,
    ports=(PORT,),
)
CONTRACT = contract_of(plan())
JANE = "user:default/jane"


async def activate(products: ProductRepository, **more: object) -> DataProduct:
    product = PRODUCT.model_copy(update=more)
    return await products.activate(product, CONTRACT, RULES, JANE)


async def test_an_activated_product_has_all_that_belongs_to_it(pool: Pool) -> None:
    products = ProductRepository(pool)

    made = await activate(products)

    assert (made.lifecycle, made.version, made.revision) == (Lifecycle.ACTIVE, "1.0.0", 1)
    assert (await products.contract(made.id)).document == CONTRACT.document
    rules = await products.rules(made.id)
    assert {rule for _, rule, _ in rules} == set(RULES)
    assert all(active and port == PORT for port, _, active in rules)
    version = await products.version(made.id, "1.0.0")
    assert (version.created_by, version.contract) == (JANE, CONTRACT)


async def test_activating_again_changes_nothing_however_many_do_it_at_once(pool: Pool) -> None:
    products = ProductRepository(pool)

    made = await asyncio.gather(*(activate(products) for _ in range(10)))

    assert {each.revision for each in made} == {1}
    assert len((await products.versions(PRODUCT.id)).items) == 1
    entries = (await AuditLog(pool).list(f"product:{PRODUCT.id}")).items
    assert [entry.action for entry in entries] == ["product.activate"]


async def test_a_deleted_product_is_activated_anew(pool: Pool) -> None:
    products = ProductRepository(pool)
    await activate(products)
    await products.delete(PRODUCT.id, "undone", Deed(JANE, "product.delete"))
    with pytest.raises(ProductDeletedError, match="undone"):
        await products.get(PRODUCT.id)
    assert not any(active for _, _, active in await products.rules(PRODUCT.id))

    again = await activate(products)

    assert (again.deleted_at, again.version, again.ports) == (None, "1.0.0", (PORT,))
    assert all(active for _, _, active in await products.rules(PRODUCT.id))


async def test_an_id_or_a_topic_of_another_product_stays_with_it(pool: Pool) -> None:
    products = ProductRepository(pool)
    await activate(products)
    other = OutputPort(cluster="default", topic="other")

    with pytest.raises(ContractMismatchError):
        await products.activate(
            PRODUCT.model_copy(update={"id": "x", "ports": (other,)}), CONTRACT, RULES, JANE
        )
    with pytest.raises(PortTakenError):
        await activate(products, id="another")
    with pytest.raises(ProductExistsError):
        await activate(products, ports=(other,))
    with pytest.raises(ProductNotFoundError):
        await products.get("another")


async def test_a_changed_plan_of_the_same_product_is_its_next_version(pool: Pool) -> None:
    products = ProductRepository(pool)
    await activate(products)
    changed = contract_of(plan(latency_ms=500, rules=RULES[1:]))

    made = await products.activate(PRODUCT, changed, RULES[1:], JANE)

    assert made.version == "2.0.0"
    lines = [each.line for each in (await products.version(made.id, "2.0.0")).differences]
    assert "rule score-range: removed" in lines
    assert {rule.id for _, rule, _ in await products.rules(made.id)} == {r.id for r in RULES[1:]}


async def test_every_write_is_audited_with_what_was_before(pool: Pool) -> None:
    products = ProductRepository(pool)
    await products.create(PRODUCT, Deed(JANE, "product.create", "request-1"))
    await products.change(
        PRODUCT.id,
        lambda found: found.model_copy(update={"name": "New"}),
        Deed("user:default/joe", "product.update", "request-2"),
    )
    await products.delete(PRODUCT.id, "old", Deed(JANE, "product.delete"))
    await products.restore(PRODUCT.id, Deed(JANE, "product.restore"))

    entries = (await AuditLog(pool).list(f"product:{PRODUCT.id}")).items

    assert [entry.action for entry in reversed(entries)] == [
        "product.create",
        "product.update",
        "product.delete",
        "product.restore",
    ]
    update = entries[2]
    assert update.before is not None
    assert update.after is not None
    assert (update.actor, update.request_id) == ("user:default/joe", "request-2")
    assert (update.before["name"], update.after["name"]) == ("Fraud Scores", "New")
    assert update.after["changes"] == ["name: “Fraud Scores” became “New”"]


async def test_changes_at_once_are_all_made(pool: Pool) -> None:
    products = ProductRepository(pool)
    await products.create(PRODUCT, Deed(JANE, "product.create"))

    async def tag(name: str) -> None:
        await products.change(
            PRODUCT.id,
            lambda found: found.model_copy(update={"tags": (*found.tags, name)}),
            Deed(JANE, "product.update"),
        )

    await asyncio.gather(*(tag(f"t{number}") for number in range(8)))

    product = await products.get(PRODUCT.id)
    assert set(product.tags) == {f"t{number}" for number in range(8)}
    assert product.version == "1.0.8"
