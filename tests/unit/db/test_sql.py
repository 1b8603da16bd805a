"""Named SQL: what queries share stands in each of them."""

from __future__ import annotations

import pytest

from tools.db.sql import load, name_of


@pytest.mark.parametrize("query", ["list", "list_by"])
def test_lists_in_any_order_go_through_the_same_filters(query: str) -> None:
    sources = load("sources")

    assert sources["filters"] in sources[query]
    assert "-- part:" not in sources[query]
    assert name_of(sources[query]) == f"sources.{query}"
