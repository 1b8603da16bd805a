"""The page of figures: every figure that is described is there, and Postgres may be away."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial

import httpx
from langchain_core.language_models import BaseChatModel
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families
from starlette.responses import JSONResponse, Response

from graph.models.choice import Models
from graph.models.offline.model import OfflineModel
from server.app import catalog_app
from server.embedded.stack import EmbeddedStack
from server.metrics.models import ModelFigures
from server.metrics.page import Metrics
from server.models import hosted_of
from server.services import Services
from server.settings import Settings
from tests.integration.catalog.conftest import client_of, settings_of
from tests.integration.catalog.openai_server import MODEL, Asked, completion, openai_server
from tests.integration.gate import Gate

Samples = dict[tuple[str, tuple[tuple[str, str], ...]], float]


def samples(page: str) -> Samples:
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(page)
        for sample in family.samples
    }


async def test_every_figure_that_is_described_is_on_the_page(client: httpx.AsyncClient) -> None:
    page = (await client.get("/metrics")).text

    told = {family.name for family in text_string_to_metric_families(page)}
    assert {family.name for family in Metrics().described()} <= told


async def test_sums_tell_of_the_catalog_and_no_label_names_a_topic(
    client: httpx.AsyncClient,
) -> None:
    await client.get("/sources/supplier-events")
    await client.request("BREW", "/sources/supplier-events")
    await client.get("/no/such/path")

    page = (await client.get("/metrics")).text

    found = samples(page)
    assert found["headwater_sources", (("kind", "managed"),)] == 1
    assert found["headwater_alerts_open", (("severity", "error"),)] == 0
    assert found["headwater_database_up", ()] == 1
    assert found["headwater_pool_connections_max", ()] >= 1
    routes = {dict(labels)["route"] for name, labels in found if name == "headwater_requests_total"}
    methods = {
        dict(labels)["method"] for name, labels in found if name == "headwater_requests_total"
    }
    assert {"/sources/{name}", "none"} <= routes
    assert "other" in methods
    assert "BREW" not in page
    assert "supplier-events" not in page


async def test_a_hosted_models_calls_tokens_and_stand_ins_are_counted() -> None:
    figures = ModelFigures(registry := CollectorRegistry())

    async def behave(asked: Asked) -> Response:
        busy = "busy" in str(asked)
        return JSONResponse({}, status_code=429) if busy else completion("Two suppliers.")

    async with openai_server(behave) as url:
        settings = Settings(llm_base_url=url, llm_model=MODEL)
        offline = OfflineModel(skills={})
        models = replace(Models(offline, hosted_of(settings, figures)), tell=figures.wrote)

        async def ask(model: BaseChatModel, question: str) -> str:
            return "" if model is offline else (await model.ainvoke(question)).text

        for question in ("who supplies?", "are you busy?"):
            await models.write(partial(ask, question=question))

    found = samples(generate_latest(registry).decode())
    model = ("model", MODEL)
    assert found["headwater_model_calls_total", (model, ("outcome", "answered"))] == 1
    assert found["headwater_model_calls_total", (model, ("outcome", "OpenAIRateLimitError"))] == 1
    assert found["headwater_model_tokens_total", (("direction", "input"), model)] == 1
    assert found["headwater_model_tokens_total", (("direction", "output"), model)] == 1
    assert found["headwater_model_call_seconds_count", (model,)] == 2
    assert found["headwater_model_fallbacks_total", (model,)] == 1
    assert found["headwater_model_writings_total", (("model", "offline"),)] == 1


async def broken() -> None:
    raise KeyError("a bug of ours")


async def test_a_worker_that_raises_and_a_postgres_that_is_away_are_told_and_serving_goes_on(
    stack: EmbeddedStack, fleet_url: str
) -> None:
    gate = Gate.before(fleet_url)
    await gate.open()
    app = catalog_app(settings_of(stack, gate.url(fleet_url)))
    async with client_of(app) as client:
        services: Services = app.state.services
        working = asyncio.create_task(services.crew.run({"judge": broken}))
        while not services.crew.failing:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        degraded = await client.get("/readyz")
        working.cancel()
        await gate.close()
        page = await client.get("/metrics")

    (told,) = degraded.json()["impaired"]
    assert (degraded.status_code, degraded.json()["status"]) == (200, "degraded")
    assert (told["what"], told["reason"]) == ("worker judge", "failed once, at last by KeyError")
    found = samples(page.text)
    assert page.status_code == 200
    assert found["headwater_worker_failures_total", (("worker", "judge"),)] == 1
    assert found["headwater_worker_failing", (("worker", "judge"),)] == 1
    assert found["headwater_database_up", ()] == 0
    assert ("headwater_sources", (("kind", "managed"),)) not in found
    assert ("headwater_pool_connections", (("state", "used"),)) in found
