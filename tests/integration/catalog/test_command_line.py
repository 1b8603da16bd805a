"""The command line against a served catalog: what people see, what scripts read, exit codes."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

import httpx
import orjson
import pytest
from click.testing import Result
from typer.testing import CliRunner

from server.api import ApiName
from server.app import serve
from server.cli.main import app
from server.embedded.port_claims import free_port
from server.embedded.stack import EmbeddedStack
from server.listening import CannotListenError
from tests.integration.catalog.conftest import settings_of


async def answering(port: int, serving: asyncio.Task[None]) -> None:
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
        while not serving.done():
            with contextlib.suppress(httpx.TransportError):
                await client.get("/healthz")
                return
            await asyncio.sleep(0.1)
    serving.result()


@pytest.fixture(scope="module")
async def port(stack: EmbeddedStack, fleet_url: str) -> AsyncIterator[int]:
    """A catalog over the fleet, served with its workers as `headwater serve` does."""
    chosen = free_port()
    settings = settings_of(stack, fleet_url, catalog_port=chosen)
    serving = asyncio.create_task(serve(settings, [ApiName.CATALOG]))
    await answering(chosen, serving)
    yield chosen
    serving.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await serving


async def headwater(*arguments: str, said: str | None = None) -> Result:
    return await asyncio.to_thread(CliRunner().invoke, app, list(arguments), input=said)


async def test_search_shows_both_kinds_with_reasons_within_80_columns(port: int) -> None:
    shown = await headwater("search", "supplier", "--port", str(port))

    assert shown.exit_code == 0, shown.output
    assert shown.output.index("managed (1)") < shown.output.index("discovered (2)")
    assert "Supplier Master Data" in shown.output
    assert "why: " in shown.output
    assert max(len(line.rstrip()) for line in shown.output.splitlines()) <= 80


async def test_search_gives_scripts_json_and_an_exit_code_for_nothing(port: int) -> None:
    named = await headwater(
        "search", "supplier", "--kind", "managed", "--json", "--port", str(port)
    )
    nothing = await headwater("search", "qqxxzz", "--domain", "none", "--port", str(port))

    hits = orjson.loads(named.stdout)["managed"]
    assert [hit["source"]["name"] for hit in hits] == ["supplier-master"]
    assert nothing.exit_code == 3


async def test_sources_without_an_owner_are_listed_and_searched(port: int) -> None:
    listed = await headwater("sources", "--unowned", "--json", "--port", str(port))
    found = await headwater("search", "supplier", "--unowned", "--json", "--port", str(port))

    assert {item["owner"] for item in orjson.loads(listed.stdout)["items"]} == {None}
    names = [hit["source"]["name"] for hit in orjson.loads(found.stdout)["discovered"]]
    assert names[0] == "supplier_data_raw"
    assert "supplier-events" not in names


async def test_sources_are_listed_described_and_their_schema_printed(port: int) -> None:
    listed = await headwater("sources", "--port", str(port))
    shown = await headwater("source", "supplier-events", "--port", str(port))
    schema = await headwater("source", "supplier-events", "--format", "avro", "--port", str(port))

    assert "customer.contacts" in listed.output
    assert max(len(line.rstrip()) for line in listed.output.splitlines()) <= 80
    assert "a guess from the name's first word" in shown.output
    assert "contact_email" in shown.output
    assert "97%" in shown.output
    assert orjson.loads(schema.stdout)["type"] == "record"


async def test_chat_answers_and_tells_how_to_go_on(port: int) -> None:
    answer = await headwater("chat", "I need supplier data", "--port", str(port))
    declined = await headwater("chat", "what is the capital of Chile", "--port", str(port))

    assert answer.exit_code == 0, answer.output
    assert "supplier-events" in answer.output
    assert "written by offline; go on with --thread" in answer.output
    assert declined.exit_code == 3


async def test_a_conversation_keeps_its_thread(port: int) -> None:
    said = "what is in supplier-events?\nand who consumes it?\n"

    talk = await headwater("chat", "--port", str(port), said=said)

    assert talk.exit_code == 0, talk.output
    assert "2 consumer groups have committed offsets" in talk.output


async def test_a_missing_server_and_a_missing_source_say_what_to_do(port: int) -> None:
    nobody = await headwater("search", "x", "--port", str(free_port()))
    nothing = await headwater("source", "suplier-event", "--port", str(port))

    assert "headwater up" in str(nobody.exception)
    assert "supplier-events" in str(nothing.exception)
    assert (nobody.exit_code, nothing.exit_code) == (1, 1)


async def test_a_port_that_is_taken_is_a_clear_error(
    port: int, stack: EmbeddedStack, fleet_url: str
) -> None:
    settings = settings_of(stack, fleet_url, catalog_port=port)

    with pytest.raises(ExceptionGroup) as caught:
        await serve(settings, [ApiName.CATALOG])

    assert isinstance(caught.value.exceptions[0], CannotListenError)
    assert str(port) in str(caught.value.exceptions[0])


async def test_use_and_costs_are_shown_and_printed_as_a_table_for_spreadsheets(port: int) -> None:
    at = ("--port", str(port))
    listed = await headwater("usage", *at)
    used = await headwater("usage", "supplier-events", *at)
    costs = await headwater("costs", *at)
    cost = await headwater("costs", "supplier-events", *at)
    table = await headwater("costs", "--by", "team", "--csv", *at)
    missing = await headwater("usage", "nowhere", *at)
    unused = await headwater("usage", "--unused", "--days", "400", *at)

    assert (listed.exit_code, used.exit_code, costs.exit_code) == (0, 0, 0), listed.output
    assert "customer.contacts" in listed.output
    assert "partitions 3" in cost.output
    assert "a month in all, by built-in 1 (assumed prices)" in costs.output
    assert table.output.splitlines()[0].startswith("by,key,title,owner")
    assert (missing.exit_code, unused.exit_code) == (1, 3)
    for shown in (listed, used, costs, cost):
        assert max(len(line.rstrip()) for line in shown.output.splitlines()) <= 80


async def test_status_says_that_it_is_ready_and_without_a_server_that_there_is_none(
    port: int,
) -> None:
    ready = await headwater("status", "--port", str(port), "--json")
    nobody = await headwater("status", "--port", str(free_port()))

    told = orjson.loads(ready.stdout)
    assert (ready.exit_code, told["ready"]) == (0, True), ready.output
    assert told["postgres"]["state"] == "ready"
    assert nobody.exit_code == 1
