"""`headwater quality` and `headwater watch` against a served catalog."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator

import orjson
import pytest
import uvicorn

from server.app import catalog_app
from server.embedded.stack import EmbeddedStack
from tests.integration.catalog.conftest import settings_of
from tests.integration.catalog.test_command_line import answering, headwater


@pytest.fixture(scope="module")
async def port(stack: EmbeddedStack, counted_url: str) -> AsyncIterator[str]:
    """A catalog that is served without its workers: nothing counts or judges meanwhile."""
    listening = socket.create_server(("127.0.0.1", 0))
    app = catalog_app(settings_of(stack, counted_url))
    server = uvicorn.Server(uvicorn.Config(app, log_config=None))
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    port: int = listening.getsockname()[1]
    await answering(port, serving)
    yield str(port)
    server.should_exit = True
    await serving


async def test_one_topic_is_shown_in_full(port: str) -> None:
    shown = await headwater("quality", "supplier-events", "--port", port)

    assert shown.exit_code == 0, shown.output
    assert "supplier-events  97.0%  against inferred rules" in shown.output
    assert "rating is at least 1 and at most 5 (inferred)" in shown.output
    assert "0@17 number 99" in shown.output
    assert max(map(len, shown.output.splitlines())) <= 80


async def test_all_topics_are_listed_the_worst_first(port: str) -> None:
    shown = await headwater("quality", "--port", port)
    lines = [
        orjson.loads(line)["source"]
        for line in (await headwater("quality", "--json", "--port", port)).output.splitlines()
    ]

    assert shown.exit_code == 0, shown.output
    assert shown.output.index("supplier_data_raw") < shown.output.index("supplier-events")
    assert "55.0%" in shown.output
    assert lines[0] == "supplier_data_raw"


async def test_a_topic_without_a_score_exits_3(port: str) -> None:
    unwatched = await headwater("quality", "weather", "--port", port)
    missing = await headwater("quality", "nothing-of-that-name", "--port", port)

    assert (unwatched.exit_code, missing.exit_code) == (3, 1)
    assert "it is not watched yet" in unwatched.output


async def test_one_look_at_what_is_counted(port: str) -> None:
    shown = await headwater("watch", "--once", "--port", port)
    told = (await headwater("watch", "--once", "--json", "--port", port)).output.splitlines()

    assert shown.exit_code == 0, shown.output
    assert "records good in 24 h" in shown.output
    named = {orjson.loads(line)["source"] for line in told}
    assert named >= {"supplier-events", "supplier_data_raw"}


async def test_a_source_is_described_with_its_quality(port: str) -> None:
    shown = await headwater("source", "supplier-events", "--port", port)

    assert "97.0%, 1.5 points lower than the day before" in shown.output
