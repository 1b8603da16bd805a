"""A hosted model writes routes and answers; when it fails, the offline one does, and says so."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from starlette.responses import JSONResponse, Response

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
    route_reply,
)

SEARCH = ("search_sources", {"query": "supplier"})


def answering(lead: str, *sources: str) -> Behaviour:
    """Routes, searches once, then answers with this lead."""

    async def behave(asked: Asked) -> Response:
        if asks_for_route(asked):
            return route_reply()
        if not has_results(asked):
            return completion(call=SEARCH)
        return completion(call=("DiscoveryAnswer", {"lead": lead, "sources": sources}))

    return behave


async def silent(asked: Asked) -> Response:
    await asyncio.sleep(5)
    return route_reply()


async def limited(asked: Asked) -> Response:
    return JSONResponse({"error": {"message": "slow down"}}, status_code=429)


async def chatty(asked: Asked) -> Response:
    return completion("Sure! Let me think about suppliers...")


async def empty(asked: Asked) -> Response:
    return completion("")


async def overreaching(asked: Asked) -> Response:
    if asks_for_route(asked):
        return route_reply()
    return completion(call=("delete_topic", {"name": "supplier-events"}))


async def reply(
    stack: EmbeddedStack, database_url: str, behave: Behaviour, *, seconds: float = 5.0
) -> Any:
    async with openai_server(behave) as url:
        settings = settings_of(
            stack,
            database_url,
            llm_base_url=url,
            llm_model=MODEL,
            llm_timeout_seconds=seconds,
        )
        async with client_of(catalog_app(settings)) as client:
            response = await client.post("/chat", json={"message": "I need supplier data"})
    assert response.status_code == 200, response.text
    return response.json()


async def test_a_hosted_models_lead_stands_before_measured_facts(
    stack: EmbeddedStack, fleet_url: str
) -> None:
    behave = answering("Start with `supplier-master`, it is managed.", "supplier-master")

    answer = await reply(stack, fleet_url, behave)

    assert answer["answer"].startswith("Start with `supplier-master`, it is managed.")
    assert "owner `group:default/procurement`; avro" in answer["answer"]
    assert "supplier-events" not in answer["answer"]
    assert (answer["written_by"], answer["fallback"]) == (MODEL, None)
    assert answer["route"]["written_by"] == MODEL


async def test_what_topics_say_reaches_a_hosted_model_as_fenced_data(
    stack: EmbeddedStack, fleet_url: str
) -> None:
    seen: list[str] = []

    async def behave(asked: Asked) -> Response:
        seen.extend(each["content"] for each in asked["messages"] if each["role"] == "tool")
        return await answering("Nothing fits.")(asked)

    await reply(stack, fleet_url, behave)

    assert seen
    for text in seen:
        assert text.startswith("<data>\n")
        assert text.count("</data>") == 1
        assert text.endswith("\n</data>")


@pytest.mark.parametrize(
    ("behave", "seconds", "no_route", "no_answer"),
    [
        (silent, 0.3, "no answer within 0.3 s", "no answer within 0.3 s"),
        (limited, 15.0, "429", "not asked again within 30 s"),
        (chatty, 15.0, "did not have the form", "without looking anything up"),
        (empty, 15.0, "its reply was empty", "without looking anything up"),
    ],
)
async def test_when_the_hosted_model_fails_the_offline_one_answers_and_says_so(
    stack: EmbeddedStack,
    fleet_url: str,
    behave: Behaviour,
    seconds: float,
    no_route: str,
    no_answer: str,
) -> None:
    answer = await reply(stack, fleet_url, behave, seconds=seconds)

    assert answer["answer"].startswith("Found 1 managed source")
    for written, reason in ((answer["route"], no_route), (answer, no_answer)):
        assert written["written_by"] == "offline"
        assert written["fallback"]["model"] == MODEL
        assert reason in written["fallback"]["reason"]


@pytest.mark.parametrize(
    ("behave", "reason"),
    [
        (answering("There are 4711 suppliers."), "a number that is not measured"),
        (answering("See `supplier-gold`."), "a source that no tool had returned"),
        (overreaching, "within its step budget"),
    ],
)
async def test_an_answer_that_the_tools_do_not_bear_out_is_not_shown(
    stack: EmbeddedStack, fleet_url: str, behave: Behaviour, reason: str
) -> None:
    answer = await reply(stack, fleet_url, behave)

    assert answer["route"]["written_by"] == MODEL
    assert answer["written_by"] == "offline"
    assert reason in answer["fallback"]["reason"]
    assert "4711" not in answer["answer"]


async def test_a_slip_is_asked_again(stack: EmbeddedStack, fleet_url: str) -> None:
    slips = [True, True]
    good = answering("Start with `supplier-master`.", "supplier-master")

    async def behave(asked: Asked) -> Response:
        place = 0 if asks_for_route(asked) else 1
        if slips[place]:
            slips[place] = False
            return completion("")
        return await good(asked)

    answer = await reply(stack, fleet_url, behave)

    assert (answer["route"]["written_by"], answer["written_by"]) == (MODEL, MODEL)
