"""Recommendations over HTTP."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator

import httpx
import pytest

from core.recommendations.recommendation import Level, Proposal, Rating, RecommendationKind
from server.app import catalog_app
from server.embedded.stack import EmbeddedStack
from tests.integration.catalog.conftest import client_of, fleet_of, settings_of
from tests.integration.catalog.test_sources import got
from tools.db.pool import open_pool
from tools.db.recommendations import RecommendationRepository
from tools.embeddings.model import EmbeddingModel

PROPOSAL = Proposal(
    kind=RecommendationKind.PROMOTE,
    sources=("supplier/events",),
    title="Make supplier/events a data product",
    evidence=("It is read by 2 teams (a, b).",),
    effort=Rating(level=Level.LOW, why="nothing to do"),
    risk=Rating(level=Level.LOW, why="nothing changes"),
    gist=("2",),
)


@pytest.fixture(scope="module")
async def fleet_url(
    stack: EmbeddedStack, template_database: str, embeddings: EmbeddingModel
) -> AsyncIterator[str]:
    """A fleet of its own: about others' something may be recommended already."""
    name = f"test_recommended_{secrets.token_hex(4)}"
    async with fleet_of(stack, template_database, embeddings, name) as url:
        yield url


@pytest.fixture(scope="module")
async def client(stack: EmbeddedStack, fleet_url: str) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(catalog_app(settings_of(stack, fleet_url))) as running:
        yield running


@pytest.fixture(scope="module")
async def number(fleet_url: str) -> int:
    """Of a recommendation of this module's own."""
    async with await open_pool(fleet_url) as pool:
        repository = RecommendationRepository(pool)
        await repository.put("default", [PROPOSAL])
        return (await repository.list("default")).items[0].id


async def test_a_recommendation_says_what_can_be_done(
    client: httpx.AsyncClient, number: int
) -> None:
    found = await got(client, f"/recommendations/{number}")

    assert found["proposal"]["evidence"] == ["It is read by 2 teams (a, b)."]
    assert {"name": "promote", "method": "POST", "path": "/sources/supplier%2Fevents/promote"} in (
        found["actions"]
    )
    listed = await got(client, "/recommendations", kind="promote", status="open")
    assert listed["items"] == [found]
    assert (await got(client, "/recommendations", source="elsewhere"))["items"] == []


async def test_a_search_tells_what_is_recommended_about_what_it_found(
    client: httpx.AsyncClient, fleet_url: str, number: int
) -> None:
    found = (await client.post("/search", json={"query": "supplier"})).json()
    name = found["discovered"][0]["source"]["name"]
    of_a_hit = PROPOSAL.model_copy(update={"sources": (name,)})
    async with await open_pool(fleet_url) as pool:
        await RecommendationRepository(pool).put("default", [PROPOSAL, of_a_hit])

    about = (await client.post("/search", json={"query": "supplier"})).json()
    elsewhere = await client.post("/search", json={"query": "supplier", "cluster": "elsewhere"})

    assert found["recommendations"] == []
    (recommended,) = about["recommendations"]
    assert recommended["proposal"]["sources"] == [name]
    assert elsewhere.json()["recommendations"] == []


async def test_it_is_accepted_and_dismissed_by_somebody_for_a_reason(
    client: httpx.AsyncClient, number: int
) -> None:
    jane = {"X-Headwater-Principal": "user:default/jane"}

    accepted = await client.post(f"/recommendations/{number}/accept", headers=jane)
    dismissed = await client.post(
        f"/recommendations/{number}/dismiss", headers=jane, json={"reason": "not worth it\0"}
    )

    assert accepted.json()["status"] == "accepted"
    assert dismissed.json()["status"] == "dismissed"
    assert dismissed.json()["reason"] == "not worth it"
    assert dismissed.json()["decided_by"] == "user:default/jane"


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/recommendations/{}/dismiss", {}, 422),
        ("/recommendations/{}/dismiss", {"reason": " "}, 422),
        ("/recommendations/999999/dismiss", {"reason": "no"}, 404),
        ("/recommendations/999999/accept", {}, 404),
    ],
)
async def test_a_bad_decision_is_refused(
    client: httpx.AsyncClient, number: int, path: str, body: dict[str, str], status: int
) -> None:
    response = await client.post(path.format(number), json=body)

    assert response.status_code == status
    assert response.json()["detail"]
