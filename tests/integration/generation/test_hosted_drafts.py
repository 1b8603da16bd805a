"""A hosted model words the plan; when it fails it is told, asked again, then stood in for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson
import pytest
from pydantic import SecretStr
from starlette.responses import JSONResponse, Response

from core.generation import GenerationRequest
from core.plan import Plan
from graph.generation.generator import TRIES, Generator
from graph.models.choice import Hosted, Models, hosted_model
from tests.integration.catalog.openai_server import MODEL, Asked, completion, openai_server
from tests.integration.generation.conftest import FRAUD, Rig

GOOD: dict[str, Any] = {
    "summary": "Scores of card payments for whoever has to stop fraud at once.",
    "fields": [
        {"path": "payment_id", "type": "uuid", "doc": "Identifies the payment."},
        {"path": "scored_at", "type": "timestamp", "doc": "When it was scored."},
        {"path": "fraud_score", "type": "number", "doc": "How likely fraud is.", "maximum": 100},
        {"path": "card.token", "doc": "Stands for the card.", "personal": True},
    ],
    "key": "payment_id",
    "event_time": "scored_at",
    "rules": [{"path": "payment_id", "metric": "unique", "reason": "one score per payment"}],
    "tags": ["Fraud", "cards"],
    "made_from": ["invented-topic"],
}
NO_KEY = {**GOOD, "key": "customer_id"}
NO_FIELDS = {**GOOD, "fields": []}


@dataclass
class Talk:
    """What was asked of the model, and what it answers, one reply after the other."""

    replies: list[Callable[[], Response]]
    asked: list[Asked] = field(default_factory=list)

    async def behave(self, asked: Asked) -> Response:
        self.asked.append(asked)
        return self.replies[min(len(self.asked), len(self.replies)) - 1]()


def says(proposal: dict[str, Any]) -> Callable[[], Response]:
    return lambda: completion(orjson.dumps(proposal).decode())


def limited() -> Response:
    return JSONResponse({"error": {"message": "slow down"}}, status_code=429)


def chatty() -> Response:
    return completion("Sure! A product needs fields.")


def endless() -> Response:
    return completion('{"summary": "Scores, and scores, and scores', cut=True)


def empty() -> Response:
    return completion("")


def overreaching() -> Response:
    return completion(call=("create_topic", {"name": "x"}))


@asynccontextmanager
async def generator(rig: Rig, url: str, seconds: float = 20.0) -> AsyncIterator[Generator]:
    """The shared server's generator, with this model."""
    own = rig.services.generator
    offline = own._models.offline
    hosted: Hosted = hosted_model(
        base_url=url, model=MODEL, api_key=SecretStr("none"), timeout=seconds, max_tokens=4_000
    )
    yield Generator(Models(offline, hosted), own._surveyor, rig.services.reviewer)


async def drafted(rig: Rig, talk: Talk, told: list[str] | None = None, **more: float) -> Plan:
    async def tell(stage: str) -> None:
        if told is not None:
            told.append(stage)

    request = GenerationRequest(**rig.asked("hosted"))
    async with openai_server(talk.behave) as url, generator(rig, url, **more) as hosted:
        return await hosted.draft(request, "user:default/joe", tell)


def noted(plan: Plan) -> str:
    return next((note.because for note in plan.notes if note.about == "written_by"), "")


async def test_a_models_words_and_fields_stand_with_the_texts_own_numbers(rig: Rig) -> None:
    plan = await drafted(rig, Talk([says(GOOD)]))

    fields = dict(plan.schema_plan.value.walk())
    assert plan.written_by == MODEL
    assert plan.product.description == GOOD["summary"]
    assert plan.product.tags == ("fraud", "cards")
    assert "card.token" in fields
    assert plan.schema_plan.sensitive == ("card.token",)
    assert plan.topic.retention_ms == 7 * 365 * 86_400_000
    assert fields["fraud_score"].bounds.maximum == 1
    assert plan.inputs == ()
    assert plan.cost is not None
    assert noted(plan) == ""


async def test_the_model_reads_request_and_survey_as_fenced_data_and_gets_no_tool_that_writes(
    rig: Rig,
) -> None:
    talk = Talk([says(GOOD)])
    await drafted(rig, talk)

    asked = talk.asked[0]
    texts = [said["content"] for said in asked["messages"] if said["role"] in ("user", "tool")]
    assert len(texts) == 2
    assert all(text.count("<data>") == text.count("</data>") == 1 for text in texts)
    assert FRAUD in texts[0]
    assert "fraud-alerts" in texts[1]
    assert "tools" not in asked
    assert asked["response_format"]["json_schema"]["name"] == "ProductProposal"


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (says(NO_KEY), "'customer_id' is no field"),
        (says(NO_FIELDS), "fields"),
        (chatty, "ProductProposal"),
        (empty, "ProductProposal"),
        (overreaching, "ProductProposal"),
        (endless, "too long and was cut off"),
    ],
)
async def test_what_was_wrong_goes_back_to_the_model_which_mends_it(
    rig: Rig, wrong: Callable[[], Response], told: str
) -> None:
    talk = Talk([wrong, says(GOOD)])

    plan = await drafted(rig, talk)

    assert plan.written_by == MODEL
    last = talk.asked[-1]["messages"][-1]
    assert last["role"] == "user"
    assert told in last["content"]


@pytest.mark.parametrize(
    "wrong", [says(NO_KEY), says(NO_FIELDS), chatty, empty, overreaching, endless]
)
async def test_after_the_budget_the_offline_draft_stands_and_says_so(
    rig: Rig, wrong: Callable[[], Response]
) -> None:
    talk, told = Talk([wrong]), list[str]()

    plan = await drafted(rig, talk, told)

    assert plan.written_by == "offline"
    assert f"{MODEL} failed (none of its {TRIES} drafts passed the checks" in noted(plan)
    assert len(talk.asked) == TRIES
    assert sum("did not pass" in stage for stage in told) in (0, TRIES)


async def test_a_limited_model_is_asked_again_and_then_stood_in_for(rig: Rig) -> None:
    talk = Talk([limited])

    plan = await drafted(rig, talk)

    assert plan.written_by == "offline"
    assert "429" in noted(plan)
    assert len(talk.asked) == 2


async def test_a_limit_that_passes_costs_nothing(rig: Rig) -> None:
    plan = await drafted(rig, Talk([limited, says(GOOD)]))

    assert plan.written_by == MODEL


async def test_a_silent_model_is_stood_in_for(rig: Rig) -> None:
    class Silent(Talk):
        async def behave(self, asked: Asked) -> Response:
            await asyncio.sleep(5)
            return says(GOOD)()

    plan = await drafted(rig, Silent([]), seconds=0.3)

    assert plan.written_by == "offline"
    assert "no answer within" in noted(plan)
