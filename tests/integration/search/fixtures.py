"""Fixtures: the small catalog in a fresh database."""

from collections.abc import AsyncIterator

import pytest

from tests.integration.search.catalog import TOPICS, Catalog, CountingMiniLM, document
from tools.db.pool import open_pool


@pytest.fixture(scope="session")
def counting_model() -> CountingMiniLM:
    return CountingMiniLM()


@pytest.fixture
async def empty_catalog(
    database_url: str, counting_model: CountingMiniLM
) -> AsyncIterator[Catalog]:
    async with await open_pool(database_url) as pool:
        counting_model.asked.clear()
        yield Catalog(pool, counting_model)


@pytest.fixture
async def catalog(empty_catalog: Catalog) -> Catalog:
    """The topics above: Supplier.RiskScores is managed, domains and formats differ."""
    for name in TOPICS:
        await empty_catalog.add(
            name,
            kind="managed" if name == "Supplier.RiskScores" else "discovered",
            domain="procurement" if "upplier" in name else "other",
            format="avro" if "order" in name else "json",
            has_registered_schema="order" in name,
            owner="group:default/buying" if name == "supplier-events" else None,
            tags=["gold"] if name == "clickstream" else [],
        )
    await empty_catalog.index.put(
        [(empty_catalog.ids[name], document(name, *about)) for name, about in TOPICS.items()]
    )
    await empty_catalog.index.refresh()
    return empty_catalog
