"""Pages of one answer."""

import pytest

from core.search import SearchFilters, SearchQuery
from tests.integration.search.catalog import Catalog, document, hits_of
from tools.db.errors import InvalidCursorError


async def pages(catalog: Catalog, text: str, limit: int) -> list[list[str]]:
    found, cursor = [], None
    while True:
        query = SearchQuery(text=text, limit=limit, cursor=cursor)
        result = await catalog.searching.search(query)
        found.append([hit.source.name for hit in hits_of(result)])
        cursor = result.next_cursor
        if cursor is None:
            return found


@pytest.mark.parametrize("limit", [1, 2, 5])
async def test_pages_follow_each_other_without_repeats_or_gaps(catalog: Catalog, limit: int):
    whole = await catalog.names("supplier order payment", limit=100)

    cut = await pages(catalog, "supplier order payment", limit)

    assert [name for page in cut for name in page] == whole
    assert all(len(page) == limit for page in cut[:-1])
    assert len(whole) > 5


async def test_a_page_counts_both_lists(catalog: Catalog):
    result = await catalog.searching.search(SearchQuery(text="supplier", limit=2))

    assert len(result.managed) + len(result.discovered) == 2
    assert result.next_cursor is not None


async def test_a_source_that_is_added_between_two_pages_repeats_nothing(catalog: Catalog):
    first = await catalog.searching.search(SearchQuery(text="supplier", limit=2))
    source = await catalog.add("supplier")
    await catalog.index.put([(source, document("supplier"))])

    rest = await catalog.names("supplier", limit=100, cursor=first.next_cursor)

    assert not {hit.source.name for hit in hits_of(first)} & set(rest)


@pytest.mark.parametrize("cursor", ["", "x", "bm90aGluZw", "WyJhIiwxXQ", "🙂"])
async def test_a_made_up_cursor_is_refused_with_advice(catalog: Catalog, cursor: str):
    with pytest.raises(InvalidCursorError, match="first page"):
        await catalog.search("supplier", cursor=cursor)


async def test_a_cursor_is_good_for_its_own_question_only(catalog: Catalog):
    result = await catalog.searching.search(SearchQuery(text="supplier", limit=1))

    with pytest.raises(InvalidCursorError):
        await catalog.search("orders", cursor=result.next_cursor)
    with pytest.raises(InvalidCursorError):
        await catalog.search(
            "supplier", cursor=result.next_cursor, filters=SearchFilters(format="json")
        )
    assert await catalog.search("supplier", cursor=result.next_cursor, limit=3)
