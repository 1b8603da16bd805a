"""Products' names are names of their topics."""

import pytest

from core.product import DataProduct, Lifecycle, OutputPort
from core.search import Match
from tests.integration.search.catalog import Catalog, document
from tools.db.products import ProductRepository

TOPICS = ("hr.payroll", "clickstream")
"""What the product below offers: topics that are called nothing like it."""


async def put_product(catalog: Catalog, name: str, **changed: object) -> None:
    ports = tuple(OutputPort(cluster="default", topic=topic) for topic in TOPICS)
    product = DataProduct(
        id="golden-vendors",
        name=name,
        description="One record each.",
        owner="group:default/buying",
        domain="procurement",
        lifecycle=Lifecycle.ACTIVE,
        ports=ports,
    )
    await ProductRepository(catalog.pool).put(product.model_copy(update=changed))
    await catalog.index.refresh()


@pytest.fixture
async def vendors(catalog: Catalog) -> Catalog:
    await put_product(catalog, "Approved Vendor Registry")
    return catalog


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("Approved Vendor Registry", Match.EXACT_NAME),
        ("approvedVendorRegistry", Match.EXACT_NAME),
        ("golden-vendors", Match.EXACT_NAME),
        ("aproved vendor registry", Match.TYPO),
        ("approved ven", Match.NAME),
        ("registry", Match.NAME),
    ],
)
async def test_all_topics_of_a_product_are_found_by_its_name(
    vendors: Catalog, text: str, match: Match
):
    hits = (await vendors.search(text))[: len(TOPICS)]

    assert {hit.source.name for hit in hits} == set(TOPICS)
    assert {hit.reasons[0].match for hit in hits} == {match}
    assert all("the name of its product" in hit.reasons[0].text for hit in hits)


async def test_they_are_candidates_though_their_vectors_and_words_are_far(
    vendors: Catalog, monkeypatch: pytest.MonkeyPatch
):
    for limit in ("NEAREST", "RANKED"):
        monkeypatch.setattr(f"tools.search.candidates.{limit}", 1)
    async with vendors.pool.connection() as connection:
        await connection.execute("update search_documents set terms = '{}'")

    for text in ("Approved Vendor Registry", "golden-vendors", "approved ven", "vendor reg"):
        assert set(TOPICS) <= set(await vendors.names(text))


async def test_the_text_of_a_managed_source_has_its_products_name(vendors: Catalog):
    words = [
        why.text
        for hit in await vendors.search("list of approved staff salaries that a registry holds")
        for why in hit.reasons
        if hit.source.name == "hr.payroll" and why.match is Match.WORDS
    ]

    assert "approved" in words[0]
    assert any("Approved Vendor Registry" in text for text in vendors.model.asked)


async def test_a_renamed_product_is_found_by_its_new_name_after_the_next_refresh(
    vendors: Catalog,
):
    await put_product(vendors, "Zebra Catalogue")

    assert set((await vendors.names("zebra catalogue"))[:2]) == set(TOPICS)
    old = await vendors.search("Approved Vendor Registry")
    assert Match.EXACT_NAME not in {why.match for hit in old for why in hit.reasons}


async def test_a_retired_products_name_is_no_name_any_more(vendors: Catalog):
    await put_product(vendors, "Approved Vendor Registry", lifecycle=Lifecycle.RETIRED)

    hits = await vendors.search("Approved Vendor Registry")
    assert Match.EXACT_NAME not in {why.match for hit in hits for why in hit.reasons}
    async with vendors.pool.connection() as connection:
        left = await (await connection.execute("select from search_product_names")).fetchall()
    assert left == []


async def test_a_scan_that_puts_a_document_keeps_the_products_name(vendors: Catalog):
    await vendors.index.put([(vendors.ids["hr.payroll"], document("hr.payroll", "New."))])
    vendors.model.asked.clear()
    await vendors.index.refresh()

    assert vendors.model.asked == []
    assert "hr.payroll" in (await vendors.names("golden-vendors"))[:2]


async def test_a_managed_source_comes_before_a_discovered_one_of_an_equal_name(catalog: Catalog):
    hits = await catalog.search("supplier")

    assert hits[0].source.name == "Supplier.RiskScores"
    assert {hit.source.name for hit in hits[1:3]} == {"supplier-events", "supplier_data_raw"}


async def test_of_two_alike_the_one_that_more_teams_consume_comes_first(empty_catalog: Catalog):
    names = ("orders_a", "orders_b", "orders_c_dlq")
    for name in names:
        await empty_catalog.add(name, messages=10, scanned_at="2026-01-01", format="json")
    await empty_catalog.index.put(
        [(empty_catalog.ids[name], document(name, "", "order_id total")) for name in names]
    )
    async with empty_catalog.pool.connection() as connection:
        await connection.execute(
            "insert into consumers (cluster, group_id, topic, team) "
            "select 'default', 'g' || n, 'orders_b', 'team' || n from generate_series(1, 9) n"
        )
    await empty_catalog.index.refresh()

    assert await empty_catalog.names("orders") == ["orders_b", "orders_a", "orders_c_dlq"]
