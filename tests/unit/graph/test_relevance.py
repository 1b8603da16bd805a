"""What of a search an answer speaks of."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from core.search import Match, Reason, SearchHit, SearchResult
from core.source import SourceKind, SourceStatus, SourceSummary
from graph.models.offline.relevance import exact_name, in_full


def hit(name: str, match: Match, product: str | None = None) -> SearchHit:
    source = SourceSummary(
        cluster="default",
        name=name,
        kind=SourceKind.MANAGED if product else SourceKind.DISCOVERED,
        status=SourceStatus.PRESENT,
        description=None,
        owner=None,
        domain=None,
        product_id=product,
        format="json",
        has_registered_schema=False,
        fields=1,
        messages=1,
        first_seen=datetime(2026, 1, 1, tzinfo=UTC),
        scanned_at=None,
    )
    return SearchHit(source=source, score=1, reasons=(Reason(match=match, text="."),))


def result(*hits: SearchHit) -> SearchResult:
    return SearchResult(
        managed=tuple(hit for hit in hits if hit.source.product_id),
        discovered=tuple(hit for hit in hits if not hit.source.product_id),
        next_cursor=None,
        took_ms=1,
        embedding_model="m",
    )


def test_a_product_with_several_topics_is_named_by_its_id() -> None:
    both = (hit("a", Match.EXACT_NAME, "contracts"), hit("b", Match.EXACT_NAME, "contracts"))

    assert exact_name(result(*both)) == "contracts"
    assert exact_name(result(both[0], hit("b", Match.NAME, "contracts"))) == "a"
    assert exact_name(result(hit("a", Match.NAME))) is None


@pytest.mark.parametrize(
    ("words", "found", "called"),
    [
        ("customer events", hit("crm.customer-events.v1", Match.NAME), True),
        ("supplier data", hit("supplier_data_raw", Match.NAME), False),
        ("Supplier Master Data", hit("x", Match.EXACT_NAME, "y"), True),
    ],
)
def test_only_a_whole_name_keeps_generic_words(words: str, found: SearchHit, called: bool) -> None:
    assert in_full(words, result(found)) is called
