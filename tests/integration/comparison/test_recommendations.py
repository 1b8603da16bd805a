"""Recommendations in Postgres: found, decided on, and looked at again."""

from __future__ import annotations

import pytest

from core.recommendations.recommendation import (
    Recommendation,
    RecommendationKind,
    RecommendationStatus,
)
from tests.integration.comparison.test_analysis import analyzed, model, pool, put
from tools.comparison.advice import Advice
from tools.cost.price_book import read_price_book
from tools.db.audit import AuditLog
from tools.db.pool import Pool
from tools.db.recommendations import (
    RecommendationClosedError,
    RecommendationNotFoundError,
    RecommendationRepository,
)
from tools.embeddings.minilm import MiniLM

__all__ = ["model", "pool"]

JANE = "user:default/jane"
CONSOLIDATE = RecommendationKind.CONSOLIDATE
OPEN, DISMISSED = RecommendationStatus.OPEN, RecommendationStatus.DISMISSED


async def refreshed(pool: Pool, model: MiniLM) -> tuple[int, int]:
    await analyzed(pool, model)
    return await Advice(pool, "default", read_price_book(None)).refresh()


async def payroll(pool: Pool) -> Recommendation:
    page = await RecommendationRepository(pool).list(
        "default", kind=CONSOLIDATE, source="hr.payroll"
    )
    (found,) = page.items
    return found


async def test_the_same_facts_make_nothing_new(pool: Pool, model: MiniLM) -> None:
    new, done = await refreshed(pool, model)

    assert new > 0
    assert done == 0
    assert await refreshed(pool, model) == (0, 0)
    assert (await payroll(pool)).proposal.sources == ("hr.payroll", "staff-salaries")


async def test_a_dismissed_one_stays_away_until_its_facts_change(pool: Pool, model: MiniLM) -> None:
    repository = RecommendationRepository(pool)
    await refreshed(pool, model)
    known = await payroll(pool)

    gone = await repository.decide(known.id, DISMISSED, JANE, "kept apart by law")
    again = await repository.decide(known.id, DISMISSED, JANE, "kept apart by law")
    assert again == gone
    await refreshed(pool, model)
    assert (await payroll(pool)).status is DISMISSED

    await put(pool, "staff-salaries", "Salaries of employees.", "employeeId salary bonus", 2)
    assert (await refreshed(pool, model))[0] == 1
    back = await payroll(pool)
    assert (back.status, back.reopened) == (OPEN, 1)
    entry = (await AuditLog(pool).list(f"recommendation:{known.id}")).items[0]
    assert (entry.actor, entry.action) == (JANE, "recommendation.dismissed")


async def test_it_is_done_when_it_is_no_longer_so(pool: Pool, model: MiniLM) -> None:
    await refreshed(pool, model)
    known = await payroll(pool)
    repository = RecommendationRepository(pool)
    await repository.decide(known.id, RecommendationStatus.ACCEPTED, JANE, None)
    await put(pool, "staff-salaries", "Pictures of parked cars.", "plate colour image_url", 2)

    _, done = await refreshed(pool, model)

    assert done == 1
    assert (await payroll(pool)).status is RecommendationStatus.DONE
    with pytest.raises(RecommendationClosedError, match="done already, by user:default/jane"):
        await repository.decide(known.id, DISMISSED, JANE, "too late")
    with pytest.raises(RecommendationNotFoundError):
        await repository.decide(10**9, DISMISSED, JANE, "nowhere")


async def test_lists_are_paged_and_narrowed(pool: Pool, model: MiniLM) -> None:
    await refreshed(pool, model)
    repository = RecommendationRepository(pool)

    everything = (await repository.list("default")).items
    first = await repository.list("default", limit=1)
    second = await repository.list("default", limit=200, cursor=first.next_cursor)

    assert (*first.items, *second.items) == everything
    assert (await repository.list("default", status=DISMISSED)).items == ()
    assert (await repository.list("elsewhere")).items == ()
