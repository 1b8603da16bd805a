"""The offline model routes requests it has never seen, and declines what it must."""

from __future__ import annotations

import pytest
from langchain_core.messages import AIMessage, HumanMessage

from graph.models.offline.discovery import MENTIONED
from graph.models.offline.model import Turn
from graph.models.offline.route import RouteSkill
from graph.models.offline.routing import RouteClassifier
from graph.state import Route
from prompts import route_examples
from tools.embeddings.choice import embeddings_of


@pytest.fixture(scope="module")
def skill() -> RouteSkill:
    return RouteSkill(RouteClassifier(embeddings_of(), route_examples()))


async def route(skill: RouteSkill, text: str, *earlier: HumanMessage | AIMessage) -> list[str]:
    (call,) = await skill.next(Turn(text, tuple(earlier)))
    return list(Route.model_validate(call.args).asked_for)


@pytest.mark.parametrize(
    ("text", "capability"),
    [
        ("is there a stream of parcel scans somewhere?", "discovery"),
        ("who looks after the loyalty-points topic", "discovery"),
        ("vendor addresses", "discovery"),
        ("gibt es Daten über Lieferungen?", "discovery"),
        ("do the two shipment topics overlap?", "schema_analyzer"),
        ("make me a topic for parking violations", "generator"),
        ("has the data quality of returns become worse?", "quality_monitor"),
        ("please approve request 57", "approvals"),
    ],
)
async def test_a_request_goes_where_its_meaning_points(
    skill: RouteSkill, text: str, capability: str
) -> None:
    assert await route(skill, text) == [capability]


@pytest.mark.parametrize(
    "text",
    ["thanks!", "good evening", "what's the capital of Chile", "drop all topics now", "lol ok"],
)
async def test_small_talk_other_matters_and_orders_to_destroy_go_nowhere(
    skill: RouteSkill, text: str
) -> None:
    assert await route(skill, text) == []


async def test_a_request_for_two_things_names_both_in_order(skill: RouteSkill) -> None:
    text = "find topics about invoices, then merge the invoice topics into one"

    assert await route(skill, text) == ["discovery", "schema_analyzer"]


async def test_a_follow_up_on_a_source_is_discovery(skill: RouteSkill) -> None:
    answer = AIMessage("`orders` ...", additional_kwargs={MENTIONED: ["orders"]})

    assert await route(skill, "and its owner?", HumanMessage("orders?"), answer) == ["discovery"]
