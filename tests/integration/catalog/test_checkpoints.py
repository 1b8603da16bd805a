"""What a thread keeps comes back as what it was, and nothing else is brought to life."""

from __future__ import annotations

import logging

import httpx
import pytest
from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver
from pydantic import BaseModel

from graph.findings import FINDINGS, MONITOR_FINDINGS
from graph.state import Routing, serializer
from tools.db.pool import open_pool

QUESTIONS = {
    "kept-search": "I need supplier data",
    "kept-source": "what is in supplier-events?",
    "kept-list": "list managed topics of procurement",
    "kept-changes": "what changed since yesterday?",
    "kept-lineage": "where does supplier-events come from?",
    "kept-impact": "who breaks if supplier-events changes?",
    "kept-quality": "how good is supplier-events?",
    "kept-ranking": "which topics are worst?",
    "kept-alerts": "alerts of the procurement team",
    "kept-alert": "explain alert 77",
}


class Foreign(BaseModel):
    """A type that no checkpoint of ours holds."""

    secret: str = "x"


async def test_routes_and_findings_of_every_kind_come_back_typed(
    client: httpx.AsyncClient, fleet_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    for thread, message in QUESTIONS.items():
        await client.post("/chat", json={"message": message, "thread_id": thread})

    pool = await open_pool(fleet_url)
    saver = AsyncPostgresSaver(pool, serde=serializer())
    with caplog.at_level(logging.WARNING):
        kept = [
            await saver.aget_tuple({"configurable": {"thread_id": thread}}) for thread in QUESTIONS
        ]
    await pool.close()

    values = [each.checkpoint["channel_values"] for each in kept if each]
    assert {type(each["findings"]) for each in values} == {*FINDINGS, *MONITOR_FINDINGS}
    assert all(isinstance(each["routing"], Routing) for each in values)
    assert not caplog.records


def test_a_type_that_is_not_declared_is_not_brought_to_life() -> None:
    keeper = serializer()

    assert keeper.loads_typed(keeper.dumps_typed(Foreign())) == {"secret": "x"}
