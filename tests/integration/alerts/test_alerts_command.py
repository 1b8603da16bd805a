"""`headwater alerts` against a served catalog, and what the API describes against what it does."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import orjson
import pytest
from typer.testing import CliRunner, Result

from core.alerts.finding import Position
from server.app import catalog_app
from server.cli.main import app as command
from server.embedded.stack import EmbeddedStack
from server.listening import listen
from tests.described import assert_no_breach
from tests.integration.alerts.ground import Ground, finding
from tests.integration.catalog.conftest import settings_of

_ELSEWHERE = r"^/(?!alerts)"


@pytest.fixture
async def port(
    stack: EmbeddedStack, database_url: str, ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[str]:
    monkeypatch.setenv("COLUMNS", "80")
    with socket.create_server(("127.0.0.1", 0)) as listening:
        app = catalog_app(settings_of(stack, database_url))
        async with app.router.lifespan_context(app):
            serving = asyncio.create_task(listen([(app, listening)]))
            yield str(listening.getsockname()[1])
            serving.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await serving


async def alerts(*arguments: str) -> Result:
    return await asyncio.to_thread(CliRunner().invoke, command, ["alerts", *arguments])


async def test_alerts_are_listed_within_80_columns(ground: Ground, port: str) -> None:
    empty = await alerts("--port", port)
    await ground.look(0, finding())
    shown = await alerts("--port", port)
    as_json = await alerts("list", "--json", "--port", port)

    assert empty.exit_code == 3
    assert shown.exit_code == 0, shown.output
    assert "orders.v1: `customer_id` is missing" in shown.output
    assert max(len(line.rstrip()) for line in shown.output.splitlines()) <= 80
    assert orjson.loads(as_json.stdout)["status"] == "open"


async def test_a_number_alone_shows_the_alert_and_where_it_broke(ground: Ground, port: str) -> None:
    place = Position(partition=2, offset=4711, excerpt="null")
    told = "`customer_id` is null in 34% of 1,000 records."
    await ground.look(0, finding(positions=(place,), told=told))

    shown = await alerts("1", "--port", port)

    for expected in (told, "partition 2, offset 4711  null", "opened: Opened: `customer_id`"):
        assert expected in shown.output, shown.output


async def test_deeds_are_done_as_the_one_named_and_refusals_say_why(
    ground: Ground, port: str
) -> None:
    await ground.look(0, finding())
    jane = ("--as", "user:default/jane", "--port", port)

    acknowledged = await alerts("ack", "1", "-m", "on it", *jane)
    endless = await alerts("mute", "1", *jane)
    muted = await alerts("mute", "1", "--for", "60", *jane)
    unmuted = await alerts("unmute", "1", "--json", *jane)
    resolved = await alerts("resolve", "1", "-m", "rolled back", *jane)
    late = await alerts("ack", "1", *jane)

    assert "acknowledged, by user:default/jane: on it" in acknowledged.output
    assert endless.exit_code == 2
    assert "muted    until" in muted.output
    assert orjson.loads(unmuted.stdout)["muted"] is None
    assert "resolved, error" in resolved.output
    assert "is resolved already" in str(late.exception)
    assert (await alerts("--port", port)).exit_code == 3
    assert (await alerts("--all", "--port", port)).exit_code == 0


async def test_schemathesis_finds_nothing_in_a_bounded_run(
    ground: Ground, port: str, tmp_path: Path
) -> None:
    await ground.look(0, finding())
    await assert_no_breach(
        port, tmp_path, "--exclude-path-regex", _ELSEWHERE, examples=8, seconds=6
    )
