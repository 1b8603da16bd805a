"""The steps `product` and `rules`: the product is active with its contract, and watched."""

from __future__ import annotations

from core.contract.odcs import contract_of
from core.plan import Plan
from core.product import DataProduct, Lifecycle, OutputPort
from graph.provisioning.step import ClashError, Result, Work
from tools.db.pool import Pool
from tools.db.products import ProductNotFoundError, ProductRepository
from tools.db.provisioning import withdraw_product
from tools.db.rules import RuleRepository

ACTOR = "system:headwater/provisioning"

ABSENT = "absent"
"""Noted before the product is stored: its id was free."""


class StoreProduct:
    """Stores product, contract, version and rules in one transaction."""

    name = "product"

    def __init__(self, pool: Pool, bootstrap_servers: str | None = None) -> None:
        self._pool = pool
        self._products = ProductRepository(pool)
        self._servers = bootstrap_servers

    async def do(self, work: Work) -> Result:
        wanted = product_of(work.plan)
        if not work.noted.get(ABSENT):
            await self._free(wanted)
            await work.note({ABSENT: True})
        decision = work.approval.decision
        made = await self._products.activate(
            wanted,
            contract_of(work.plan, self._servers),
            work.plan.rules,
            ACTOR if decision is None else decision.by,
        )
        return {"product_id": made.id, "version": made.version, "created": True}

    async def undo(self, plan: Plan, result: Result) -> str:
        if not result.get(ABSENT):
            return ""
        withdrawn = await withdraw_product(self._pool, product_of(plan), ACTOR)
        stored = withdrawn or result.get("created")
        return f"The product {plan.product.id} was taken back." if stored else ""

    async def _free(self, wanted: DataProduct) -> None:
        try:
            found = await self._products.get(wanted.id, deleted=True)
        except ProductNotFoundError:
            return
        raise ClashError(
            f"The product id {wanted.id} was taken by {found.name!r} of {found.owner} meanwhile. "
            "Ask again with another id or name."
        )


class SwitchRulesOn:
    """The product's rules are watched from now on."""

    name = "rules"

    def __init__(self, pool: Pool) -> None:
        self._rules = RuleRepository(pool)

    async def do(self, work: Work) -> Result:
        return {"rules": await self._rules.switch(work.plan.product.id, active=True)}

    async def undo(self, plan: Plan, result: Result) -> str:
        count = await self._rules.switch(plan.product.id, active=False)
        return f"{count} quality rules were switched off." if count else ""


def product_of(plan: Plan) -> DataProduct:
    """The product that a plan brings about."""
    return DataProduct(
        **plan.product.model_dump(),
        lifecycle=Lifecycle.ACTIVE,
        ports=(OutputPort(cluster=plan.topic.cluster, topic=plan.topic.name),),
    )
