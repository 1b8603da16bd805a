"""Threads keep what was measured, with all that hangs on it, and bring it back typed."""

from __future__ import annotations

import logging

import httpx
import pytest
from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver

from graph.state import serializer
from tools.db.pool import open_pool
from tools.incidents import AlertFindings
from tools.quality import QualityFindings

QUESTIONS = {"kept-score": "how good is supplier-events?", "kept-explained": "explain alert 1"}


async def test_scores_and_alerts_come_back_as_what_they_were(
    client: httpx.AsyncClient, counted_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    for thread, message in QUESTIONS.items():
        await client.post("/chat", json={"message": message, "thread_id": thread})

    async with await open_pool(counted_url) as pool:
        saver = AsyncPostgresSaver(pool, serde=serializer())
        with caplog.at_level(logging.WARNING):
            kept = [
                await saver.aget_tuple({"configurable": {"thread_id": thread}})
                for thread in QUESTIONS
            ]

    score, alert = [each.checkpoint["channel_values"]["findings"] for each in kept if each]
    assert isinstance(score, QualityFindings)
    assert score.sheet is not None
    assert score.sheet.broken[0].positions[0].offset == 17
    assert score.sheet.alerts[0].id == 1
    assert isinstance(alert, AlertFindings)
    assert alert.sheet is not None
    assert alert.sheet.new_schemas == ("7",)
    assert not [one for one in caplog.records if one.levelno >= logging.WARNING]
