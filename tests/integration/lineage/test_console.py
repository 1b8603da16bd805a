"""Lineage as pages of the console."""

from __future__ import annotations

import html
import re

import httpx

from core.lineage.node import Node, NodeKind
from server.embedded.stack import EmbeddedStack
from tests.integration.lineage.test_routes import event_on

EVIL = '<script>alert("x")</script>'


async def shown(client: httpx.AsyncClient, path: str, **query: str) -> str:
    answer = await client.get(f"/console{path}", params=query)
    assert answer.status_code == 200, answer.text
    return answer.text


async def test_the_graph_its_table_and_the_impact_are_on_the_page_and_on_the_sources_pane(
    client: httpx.AsyncClient, stack: EmbeddedStack
) -> None:
    event = event_on(stack)
    event["job"]["name"] = EVIL
    await client.post("/lineage", json=event)

    whole = await shown(client, "/lineage", source="supplier-events")
    near = await shown(client, "/lineage", source="supplier-events", depth="1", field="rating")
    pane = await shown(client, "/sources/supplier-events/lineage")
    start = await shown(client, "/lineage")

    assert EVIL not in whole + near + pane + start
    for page in (whole, pane):
        assert page.count('class="node ') == 5
        assert page.count('class="edge measured"') >= 4
        assert "2 consumer groups, 1 topic, 1 other affected" in page
        assert "Every connection" in page
    assert "Nobody for sure" not in near
    assert "supplier-events" in start
    assert html.escape(EVIL, quote=False).split("(")[0] in start

    (more,) = re.findall(r'class="more" href="([^"]+)"', near)
    open_too = await client.get(html.unescape(more))
    assert open_too.text.count('class="node ') == 5


async def test_a_node_without_a_source_has_a_page_and_one_that_nobody_knows_has_not(
    client: httpx.AsyncClient, stack: EmbeddedStack
) -> None:
    await client.post("/lineage", json=event_on(stack))
    known = Node(kind=NodeKind.JOB, namespace="flink-production", name="score-suppliers")
    unknown = known.model_copy(update={"name": "nothing"})

    page = await shown(client, "/lineage", node=known.id)
    missing = await client.get("/console/lineage", params={"node": unknown.id})

    assert page.count('class="node ') == 4
    assert "complete" in page
    assert missing.status_code == 404
