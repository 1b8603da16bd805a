"""Stores the fleet's managed data products."""

from __future__ import annotations

from contextlib import suppress

from core.product import DataProduct, OutputPort
from server.demo.domains import DOMAINS
from server.demo.topic import Domain, ProductPlan
from tools.db.pool import open_pool
from tools.db.products import PortTakenError, ProductNotFoundError, ProductRepository


async def store_products(database_url: str, cluster: str) -> int:
    """Store the products that are missing; returns how many of the fleet's there are.

    One that is there stays as somebody may have edited it, and a topic that another product has
    taken over stays with that one.
    """
    pool = await open_pool(database_url, max_size=2)
    try:
        repository = ProductRepository(pool)
        products = [_product(d, plan, cluster) for d in DOMAINS for plan in d.products]
        return sum([await _stored(repository, product) for product in products])
    finally:
        await pool.close()


async def _stored(repository: ProductRepository, product: DataProduct) -> bool:
    with suppress(ProductNotFoundError):
        await repository.get(product.id, deleted=True)
        return True
    with suppress(PortTakenError):
        await repository.put(product)
        return True
    return False


def _product(domain: Domain, plan: ProductPlan, cluster: str) -> DataProduct:
    return DataProduct(
        id=plan.id,
        name=plan.name,
        description=plan.description,
        owner=f"group:default/{plan.owner}",
        domain=domain.name,
        tags=plan.tags,
        lifecycle=plan.lifecycle,
        ports=tuple(OutputPort(cluster=cluster, topic=topic) for topic in plan.topics),
        version=plan.version,
    )
