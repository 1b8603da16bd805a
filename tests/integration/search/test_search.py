"""Questions to a small catalog."""

import pytest

from core.search import Match, SearchFilters, SearchQuery
from core.source import SourceKind
from tests.integration.search.catalog import Catalog, document, hits_of
from tools.search.question import EmptyQueryError, QueryTooLongError


@pytest.mark.parametrize(
    "query", ["supplier-events", "supplierEvents", "SUPPLIER_EVENTS", "supplier events"]
)
async def test_a_name_in_any_spelling_comes_first_and_says_so(catalog: Catalog, query: str):
    first = (await catalog.search(query))[0]

    assert first.source.name == "supplier-events"
    assert first.reasons[0].match is Match.EXACT_NAME


@pytest.mark.parametrize(
    "query", ["suplier events", "suplierEvents", "suplierevents", "supplier evnets"]
)
async def test_a_misspelt_name_is_found_and_the_reading_is_told(catalog: Catalog, query: str):
    first = (await catalog.search(query))[0]

    assert first.source.name == "supplier-events"
    assert first.reasons[0].match is Match.TYPO


async def test_the_beginning_of_a_name_is_enough(catalog: Catalog):
    first = (await catalog.search("suppl"))[0]

    assert first.source.name.lower().startswith("suppl")
    assert first.reasons[0].match is Match.NAME


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("money returned to purchasers", "payments.refunds.v1"),
        ("what do we pay our employees", "hr.payroll"),
        ("where are the lorries now", "fleet-positions"),
        ("web site visits", "clickstream"),
    ],
)
async def test_a_paraphrase_finds_what_is_meant(catalog: Catalog, query: str, expected: str):
    assert (await catalog.names(query))[0] == expected


async def test_managed_and_discovered_sources_are_two_lists(catalog: Catalog):
    result = await catalog.searching.search(SearchQuery(text="supplier"))

    assert [hit.source.name for hit in result.managed] == ["Supplier.RiskScores"]
    assert {hit.source.kind for hit in result.discovered} == {SourceKind.DISCOVERED}
    assert result.discovered[0].source.name.lower().startswith("supplier")
    assert result.embedding_model == catalog.model.model_id


async def test_a_field_that_means_the_same_is_named(catalog: Catalog):
    hits = {hit.source.name: hit for hit in await catalog.search("tax id of a vendor")}

    reasons = [why for why in hits["supplier_data_raw"].reasons if why.match is Match.FIELD]
    assert "taxId" in reasons[0].text


async def test_generic_words_do_not_keep_a_name_from_matching(catalog: Catalog):
    hits = {hit.source.name: hit for hit in await catalog.search("supplier information")}

    for name in ("supplier-events", "supplier_data_raw", "Supplier.RiskScores"):
        assert hits[name].reasons[0].text == 'its name has "supplier"'


async def test_one_word_is_named_as_one(catalog: Catalog):
    hits = await catalog.search("order of a visitor")

    words = [why.text for hit in hits for why in hit.reasons if why.match is Match.WORDS]
    assert "has the word order" in words


async def test_the_words_that_a_source_holds_are_named(catalog: Catalog):
    first = (await catalog.search("order currency"))[0]

    assert first.source.name == "com.acme.order.created"
    words = next(why for why in first.reasons if why.match is Match.WORDS)
    assert "order" in words.text
    assert "currency" in words.text


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"kind": "managed"}, {"Supplier.RiskScores"}),
        ({"owner": "group:default/buying"}, {"supplier-events"}),
        (
            {"domain": "procurement"},
            {"supplier-events", "supplier_data_raw", "Supplier.RiskScores"},
        ),
        ({"format": "avro"}, {"com.acme.order.created", "com.acme.order.cancelled"}),
        ({"tag": "gold"}, {"clickstream"}),
        ({"has_schema": True, "domain": "procurement"}, set()),
        ({"owner": "'; drop table sources; --"}, set()),
    ],
)
async def test_every_filter_holds(catalog: Catalog, filters: dict[str, object], expected: set[str]):
    names = await catalog.names("supplier or order of a visitor", filters=SearchFilters(**filters))

    assert set(names) <= expected
    assert bool(names) == bool(expected)


async def test_a_cluster_narrows_the_search(catalog: Catalog):
    assert await catalog.names("supplier", cluster="elsewhere") == []
    assert await catalog.names("supplier", cluster="default")


async def test_vanished_sources_are_shown_only_when_asked_for(catalog: Catalog):
    async with catalog.pool.connection() as connection:
        await connection.execute("update sources set status = 'vanished' where name = 'hr.payroll'")

    assert "hr.payroll" not in await catalog.names("hr.payroll")
    every = SearchFilters(include_vanished=True)
    assert (await catalog.names("hr.payroll", filters=every))[0] == "hr.payroll"


async def test_nonsense_finds_little(catalog: Catalog):
    assert len(await catalog.names("xqzv wrtpl 7781 zzgh")) <= 2


@pytest.mark.parametrize("text", ["", " \n "])
async def test_an_empty_query_is_refused(catalog: Catalog, text: str):
    with pytest.raises(EmptyQueryError):
        await catalog.search(text)


async def test_a_long_query_is_refused(catalog: Catalog):
    with pytest.raises(QueryTooLongError):
        await catalog.search("supplier " * 1_200)


@pytest.mark.parametrize(
    "text",
    [
        "'; drop table sources; --",
        "supplier%' or '1'='1",
        "(.*)+$ [a-z]{1,9}\\",
        "%s %(text)s {filters} $1 ::int",
        "🚚📦",
        "a\0b",
        "\ud800 half a pair",
        "%",
        "___",
        "поставщики и заказы",
        "供应商数据",
    ],
)
async def test_odd_text_is_only_text(catalog: Catalog, text: str):
    await catalog.search(text)

    async with catalog.pool.connection() as connection:
        row = await (await connection.execute("select count(*) as n from sources")).fetchone()
    assert row["n"] == len(catalog.ids)


async def test_an_empty_catalog_has_no_hits(empty_catalog: Catalog):
    assert await empty_catalog.search("supplier") == []


async def test_sources_are_found_before_the_first_refresh(empty_catalog: Catalog):
    source = await empty_catalog.add("supplier-events")
    await empty_catalog.index.put([(source, document("supplier-events"))])

    result = await empty_catalog.searching.search(SearchQuery(text="supplier"))
    assert [hit.source.name for hit in hits_of(result)] == ["supplier-events"]
