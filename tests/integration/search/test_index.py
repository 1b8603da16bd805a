"""Indexing: what is embedded, when, and what is left behind."""

import asyncio

import numpy as np
import pytest

from tests.integration.search.catalog import TOPICS, Catalog, CountingMiniLM, document
from tools.embeddings.cache import CachedEmbeddings
from tools.embeddings.hosted import HostedEmbeddings
from tools.embeddings.model import EmbeddingModelUnavailable, Vectors
from tools.search.index import SearchIndex
from tools.search.search import Search


class Renamed(CountingMiniLM):
    """The same vectors under another name: for the index a different model."""

    model_id = "another-model"


class OnceAway(CountingMiniLM):
    """Does not answer at first."""

    away = True

    async def vectors(self, texts: list[str]) -> Vectors:
        if self.away:
            self.away = False
            raise EmbeddingModelUnavailable("nowhere", "away")
        return await super().vectors(texts)


async def rows(catalog: Catalog, statement: str) -> list[tuple[object, ...]]:
    async with catalog.pool.connection() as connection:
        found = await (await connection.execute(statement)).fetchall()
    return [tuple(row.values()) for row in found]


async def test_unchanged_sources_embed_nothing(catalog: Catalog):
    catalog.model.asked.clear()
    items = [(catalog.ids[name], document(name, *about)) for name, about in TOPICS.items()]

    assert await catalog.index.put(items) == 0
    await catalog.index.refresh()

    assert catalog.model.asked == []


async def test_a_changed_source_embeds_only_what_is_new_of_it(catalog: Catalog):
    catalog.model.asked.clear()
    about = ("Changes of suppliers, rated.", TOPICS["supplier-events"][1])

    changed = document("supplier-events", *about)
    assert await catalog.index.put([(catalog.ids["supplier-events"], changed)]) == 1

    assert len(catalog.model.asked) == 1
    assert "rated" in catalog.model.asked[0]


async def test_what_was_embedded_once_is_read_from_the_cache(catalog: Catalog):
    async with catalog.pool.connection() as connection:
        await connection.execute("delete from search_documents")
    catalog.model.asked.clear()

    items = [(catalog.ids[name], document(name, *about)) for name, about in TOPICS.items()]
    assert await catalog.index.put(items) == len(TOPICS)

    assert catalog.model.asked == []


async def test_the_next_refresh_reads_again_what_an_older_version_has_read_otherwise(
    catalog: Catalog,
):
    async with catalog.pool.connection() as connection:
        await connection.execute(
            "update search_documents set terms = '{1}', hash = '\\x01', reading = 1"
        )
        await connection.execute("update search_vectors set terms = '', hash = '\\x01'")

    await catalog.index.refresh()

    old = "select source_id from search_documents where terms = '{1}' or reading = 1"
    assert await rows(catalog, old) == []
    assert await rows(catalog, "select source_id from search_vectors where terms = ''") == []


async def test_two_callers_at_once_embed_what_they_share_once(empty_catalog: Catalog):
    cache = CachedEmbeddings(empty_catalog.pool, empty_catalog.model)

    first, second = await asyncio.gather(
        cache.vectors(["tin opener", "ladle"]), cache.vectors(["corkscrew", "tin opener"])
    )

    assert sorted(empty_catalog.model.asked) == ["corkscrew", "ladle", "tin opener"]
    assert np.allclose(first[0], second[1], atol=1e-3)


async def test_what_one_caller_fails_to_embed_another_embeds(empty_catalog: Catalog):
    cache = CachedEmbeddings(empty_catalog.pool, OnceAway())

    failed, found = await asyncio.gather(
        cache.vectors(["tin opener"]), cache.vectors(["tin opener"]), return_exceptions=True
    )

    assert isinstance(failed, EmbeddingModelUnavailable)
    assert not isinstance(found, BaseException)
    assert len(found) == 1


async def test_a_changed_source_is_found_by_its_new_words(catalog: Catalog):
    renewed = document("clickstream", "Volcano eruptions.", "lava_temperature ash_height")
    await catalog.index.put([(catalog.ids["clickstream"], renewed)])
    await catalog.index.refresh()

    assert (await catalog.names("volcano"))[0] == "clickstream"


async def test_a_source_that_is_deleted_leaves_nothing_behind(catalog: Catalog):
    async with catalog.pool.connection() as connection:
        await connection.execute("delete from sources where name = 'clickstream'")

    left = await rows(catalog, "select count(*) from search_vectors")
    assert left == [(len(TOPICS) - 1,)]
    assert "clickstream" not in await catalog.names("clickstream")


async def test_a_source_that_is_gone_is_passed_over(catalog: Catalog):
    await catalog.index.put([(10_000_000, document("ghost"))])

    assert "ghost" not in await catalog.names("ghost")


async def test_puts_at_the_same_time_leave_the_index_whole(empty_catalog: Catalog):
    items = [
        (await empty_catalog.add(name), document(name, *about)) for name, about in TOPICS.items()
    ]
    others = [SearchIndex(empty_catalog.pool, empty_catalog.model) for _ in range(4)]

    orders = (items, items[::-1], items[3:], items[:5])
    await asyncio.gather(
        *(index.put(order) for index, order in zip(others, orders, strict=True)),
        *(index.refresh() for index in others),
    )
    await empty_catalog.index.refresh()

    whole = "select count(*) from search_vectors v join search_documents d using (source_id, hash)"
    assert await rows(empty_catalog, whole) == [(len(TOPICS),)]
    assert (await empty_catalog.names("payroll"))[0] == "hr.payroll"


async def test_a_change_of_the_model_rebuilds_the_index_and_drops_the_old_rows(catalog: Catalog):
    other = Renamed()
    index, search = SearchIndex(catalog.pool, other), Search(catalog.pool, other)
    await index.refresh()

    models = await rows(catalog, "select model, count(*) from search_vectors group by model")
    assert models == [("another-model", len(TOPICS))]
    changed = Catalog(catalog.pool, other)
    assert (await changed.names("money returned to purchasers"))[0] == "payments.refunds.v1"
    assert search is not changed.searching


async def test_names_are_found_while_the_index_of_a_new_model_is_not_built_yet(catalog: Catalog):
    changed = Catalog(catalog.pool, Renamed())

    assert (await changed.names("supplier-events"))[0] == "supplier-events"


async def test_usual_fields_are_told_again_when_the_fleet_has_grown(empty_catalog: Catalog):
    first = await empty_catalog.add("orders")
    await empty_catalog.index.put([(first, document("orders", "", "id total"))])
    items = [
        (await empty_catalog.add(f"topic-{n}"), document(f"topic-{n}", "", "id")) for n in range(3)
    ]
    await empty_catalog.index.put(items)
    await empty_catalog.index.refresh()

    fleets = await rows(empty_catalog, "select distinct fleet from search_vectors")
    assert fleets == [(4,)]
    assert "orders: total, id" in empty_catalog.model.asked


async def test_a_hosted_model_that_does_not_answer_is_a_named_error(catalog: Catalog):
    hosted = HostedEmbeddings("http://127.0.0.1:9/v1", "some-model", None, 8, 0.5)
    index = SearchIndex(catalog.pool, hosted)

    with pytest.raises(EmbeddingModelUnavailable, match="HEADWATER_EMBEDDING_BASE_URL"):
        await index.put([(catalog.ids["clickstream"], document("clickstream", "New."))])

    text = await rows(
        catalog,
        "select document ->> 'description' from search_documents where name_key = 'clickstream'",
    )
    assert text == [("New.",)]
