"""A hosted model writes the first sentences of an explanation, where the facts bear them out."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.responses import Response

from core.lineage.namespace import Namespaces
from graph.explainer import Explainer
from graph.models.choice import Models, hosted_model
from graph.models.offline.model import OfflineModel
from server.app import catalog_app
from server.embedded.stack import EmbeddedStack
from tests.integration.catalog.conftest import client_of, settings_of
from tests.integration.catalog.openai_server import (
    MODEL,
    Asked,
    Behaviour,
    asks_for_route,
    completion,
    has_results,
    openai_server,
)
from tools.clients import Clients
from tools.db.alerts import AlertRepository
from tools.db.facets import FacetRepository
from tools.db.pool import open_pool
from tools.db.quality import QualityRepository
from tools.db.sources import SourceRepository
from tools.provenance.reader import LineageReader

GOOD = '{"lead": "A new producer of `supplier-events` writes ratings out of range."}'


class NoSearch:
    async def search(self, query: object) -> Any:
        raise AssertionError("an explanation searches nothing")


async def explained(url: str, behave: Behaviour, times: int = 1, per_hour: int = 60) -> list[Any]:
    async with openai_server(behave) as model_url, await open_pool(url) as pool:
        clients = Clients(
            search=NoSearch(),
            sources=SourceRepository(pool),
            facets=FacetRepository(pool),
            quality=QualityRepository(pool),
            alerts=AlertRepository(pool),
            lineage=LineageReader.of(pool, Namespaces.of("default", "localhost:9092")),
        )
        hosted = hosted_model(base_url=model_url, model=MODEL, api_key=None, timeout=5)
        explainer = Explainer(clients, Models(OfflineModel(skills={}), hosted), per_hour)
        return [await explainer.explain(1) for _ in range(times)]


async def test_its_lead_stands_before_the_facts_and_is_asked_for_once(counted_url: str) -> None:
    asked: list[Asked] = []

    async def behave(request: Asked) -> Response:
        asked.append(request)
        return completion(GOOD)

    first, second = await explained(counted_url, behave, times=2)

    assert first.text.startswith("A new producer of `supplier-events` writes")
    assert "6 of 200 records" in first.text
    assert (first.author.model, second.text.splitlines()[0]) == (MODEL, first.text.splitlines()[0])
    assert len(asked) == 1
    data = asked[0]["messages"][1]["content"]
    assert data.startswith("<data>\n")
    assert data.count("</data>") == 1


@pytest.mark.parametrize("lead", ["It is 4711 records.", "See `supplier-gold`."])
async def test_what_the_facts_do_not_bear_out_is_not_shown(counted_url: str, lead: str) -> None:
    async def behave(request: Asked) -> Response:
        return completion(f'{{"lead": "{lead}"}}')

    (found,) = await explained(counted_url, behave)

    assert found.text.startswith("Alert 1 on `supplier-events` is open.")
    assert (found.author.model, found.author.fallback.model) == ("offline", MODEL)


async def test_beyond_its_budget_it_is_not_asked(counted_url: str) -> None:
    async def behave(request: Asked) -> Response:
        raise AssertionError("it was asked")

    (found,) = await explained(counted_url, behave, per_hour=0)

    assert (found.author.model, found.author.fallback) == ("offline", None)


def answering(lead: str) -> Behaviour:
    async def behave(asked: Asked) -> Response:
        if asks_for_route(asked):
            return completion('{"capability": "quality_monitor", "then": [], "reason": "quality"}')
        if not has_results(asked):
            return completion(call=("get_quality", {"name": "supplier-events"}))
        answer = {"lead": lead, "sources": ["supplier-events"]}
        return completion(call=("QualityAnswer", answer))

    return behave


async def said(stack: EmbeddedStack, url: str, behave: Behaviour) -> Any:
    async with openai_server(behave) as model_url:
        settings = settings_of(stack, url, llm_base_url=model_url, llm_model=MODEL)
        async with client_of(catalog_app(settings)) as client:
            asked = {"message": "how good is supplier-events?"}
            return (await client.post("/chat", json=asked)).json()


async def test_in_a_chat_its_lead_stands_before_the_figures(
    stack: EmbeddedStack, counted_url: str
) -> None:
    answer = await said(stack, counted_url, answering("`supplier-events` got worse of late."))

    assert answer["answer"].startswith("`supplier-events` got worse of late.")
    assert "score 97.0%: 970 of 1,000 records" in answer["answer"]
    assert (answer["written_by"], answer["fallback"]) == (MODEL, None)


async def test_in_a_chat_it_may_state_no_figure_of_its_own(
    stack: EmbeddedStack, counted_url: str
) -> None:
    answer = await said(stack, counted_url, answering("`supplier-events` is at 99.9%."))

    assert "99.9" not in answer["answer"]
    assert answer["written_by"] == "offline"
    assert "a number that is not measured" in answer["fallback"]["reason"]
