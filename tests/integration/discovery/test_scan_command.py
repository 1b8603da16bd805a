import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from server.api import ApiName
from server.app import serve
from server.embedded.port_claims import free_port
from server.settings import Settings
from tests.integration.catalog.test_command_line import answering
from tests.integration.discovery.conftest import Corner


@dataclass(frozen=True)
class Ended:
    code: int
    out: str
    err: str


async def headwater_scan(*arguments: str, **environment: str) -> Ended:
    """The command as a user runs it, in a process of its own."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "server.cli.main",
        "scan",
        *arguments,
        env={**os.environ, **environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await asyncio.wait_for(process.communicate(), 120)
    return Ended(process.returncode or 0, out.decode(), err.decode())


def only(corner: Corner) -> list[str]:
    return [rf"^(?!.*\.{corner.prefix}$)"]


@pytest.fixture
async def served(corner: Corner, registry_url: str, database_url: str) -> AsyncIterator[int]:
    """The port of a running server that sees the corner alone."""
    settings = Settings(
        bootstrap_servers=corner.servers,
        schema_registry=registry_url,
        database_url=database_url,
        catalog_port=free_port(),
        exclude_topics=tuple(only(corner)),
    )
    serving = asyncio.create_task(serve(settings, [ApiName.CATALOG]))
    await answering(settings.catalog_port, serving)
    yield settings.catalog_port
    serving.cancel()
    await asyncio.gather(serving, return_exceptions=True)


async def test_it_asks_the_running_server_and_shows_how_it_went(
    corner: Corner, served: int
) -> None:
    topic = await corner.create("orders")
    corner.put(topic, [{"a": at} for at in range(20)])

    ended = await headwater_scan("--port", str(served))

    assert ended.code == 0, ended.err
    assert "messages read" in ended.out
    assert "done" in ended.out


async def test_it_scans_directly_where_endpoints_are_given(
    corner: Corner, database_url: str
) -> None:
    topic = await corner.create("orders")
    corner.put(topic, [{"a": at} for at in range(20)])

    ended = await headwater_scan(
        "--bootstrap-servers",
        corner.servers,
        "--database-url",
        database_url,
        "--json",
        HEADWATER_EXCLUDE_TOPICS=json.dumps(only(corner)),
    )

    assert ended.code == 0, ended.err
    run = json.loads(ended.out)
    assert (run["status"], run["progress"]["new"]) == ("done", 1)


async def test_an_error_ends_with_1_and_says_what_to_do() -> None:
    nowhere = "postgresql://postgres@127.0.0.1:1/none"
    ended = await headwater_scan("--bootstrap-servers", "127.0.0.1:1", "--database-url", nowhere)
    assert ended.code == 1
    assert "Check that it runs and that the database URL is right" in " ".join(ended.err.split())


async def test_without_a_server_it_says_what_to_start() -> None:
    ended = await headwater_scan("--port", str(free_port()))
    assert ended.code == 1
    assert "headwater up" in ended.err
