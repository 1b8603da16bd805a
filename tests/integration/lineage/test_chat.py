"""Questions about lineage in chat, answered by the offline model."""

from __future__ import annotations

import httpx

from server.embedded.stack import EmbeddedStack
from tests.integration.lineage.test_routes import event_on


async def said(
    client: httpx.AsyncClient, message: str, thread: str | None = None
) -> dict[str, str]:
    answer = await client.post("/chat", json={"message": message, "thread_id": thread})
    assert answer.status_code == 200, answer.text
    found: dict[str, str] = answer.json()
    return found


async def test_who_breaks_and_where_data_comes_from_is_answered_offline(
    client: httpx.AsyncClient, stack: EmbeddedStack
) -> None:
    await client.post("/lineage", json=event_on(stack))

    breaks = await said(client, "who breaks if supplier-events changes?")
    field = await said(client, "who breaks if the field rating of supplier-events changes?")
    origin = await said(client, "where does fraud-alerts come from?")
    again = await said(client, "and who breaks if it changes?", origin["thread_id"])
    described = await said(client, "where do the fraud alerts come from?")
    nowhere = await said(client, "where does web.clicks come from?")

    told = breaks["answer"]
    assert "it reaches 2 consumer groups, 1 topic and 1 other job or dataset" in told
    assert "team billing" in told
    assert "by way of `score-suppliers`" in told
    assert "fields `score`" in field["answer"]
    assert "writes `fraud-alerts`, measured" in origin["answer"]
    assert "reads `supplier-events`" not in origin["answer"]
    assert "`supplier-events`" in origin["answer"]
    assert "`risk-scoring`" in again["answer"]
    assert "`score-suppliers`" in described["answer"]
    assert "Nothing is known of where `web.clicks` comes from" in nowhere["answer"]
