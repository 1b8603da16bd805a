"""The commands of docker-compose.yml as processes apart, over one Kafka, registry and Postgres."""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import sys
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import psycopg
import yaml
from psycopg import sql

from server.embedded.port_claims import free_port
from server.embedded.stack import EmbeddedStack
from tools.db.migrate import package_migrations

ROOT = Path(__file__).parents[2]
SERVICES = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
HEADWATER = (sys.executable, "-m", "server.cli.main")
SECONDS = 120


@asynccontextmanager
async def empty_database(server: str) -> AsyncIterator[str]:
    """One that no migration has seen."""
    name = f"test_split_{secrets.token_hex(6)}"
    async with await psycopg.AsyncConnection.connect(server, autocommit=True) as connection:
        await connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
        yield urlsplit(server)._replace(path=f"/{name}").geturl()
        drop = sql.SQL("drop database {} with (force)")
        await connection.execute(drop.format(sql.Identifier(name)))


async def started(service: str, environment: Mapping[str, str], *more: str) -> Process:
    """The command of a service of docker-compose.yml, here."""
    command = SERVICES[service]["command"].split()[1:]
    told = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
    process = (*HEADWATER, *command, *more)
    return await asyncio.create_subprocess_exec(*process, env=told, stdout=PIPE, stderr=PIPE)


async def ended(process: Process) -> None:
    process.terminate()
    _, said = await asyncio.wait_for(process.communicate(), 30)
    assert process.returncode == 143, said.decode()[-2_000:]


async def drafted(client: httpx.AsyncClient, path: str) -> str:
    while True:
        status: str = (await client.get(path)).json()["generation"]["status"]
        if status not in ("queued", "drafting"):
            return status
        await asyncio.sleep(0.2)


async def test_what_one_process_is_asked_for_another_one_works_on(stack: EmbeddedStack) -> None:
    """Migrations race first, then an API without workers and workers without an API."""
    port = free_port()
    async with empty_database(stack.database_url) as database:
        told = {
            "HEADWATER_DATABASE_URL": database,
            "HEADWATER_BOOTSTRAP_SERVERS": stack.bootstrap_servers,
            "HEADWATER_SCHEMA_REGISTRY": stack.schema_registry,
            "HEADWATER_CLUSTER": f"split-{secrets.token_hex(3)}",
            "HEADWATER_EXCLUDE_TOPICS": '[".*"]',
        }
        racing = [await started("migrate", told, "--json") for _ in range(2)]
        answers = [await process.communicate() for process in racing]
        applied = [name for out, _ in answers for name in json.loads(out)["applied"]]
        assert sorted(applied) == sorted([*(m.name for m in package_migrations()), "procrastinate"])

        serving = await started("generator", told, "--generator-port", str(port))
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
            await answering(client)
            asked = {"product_name": "Split", "owner": "team", "description": "Card payments."}
            path = (await client.post("/generate", json=asked)).headers["location"]
            assert (await client.get(path)).json()["generation"]["status"] == "queued"
            working = await started("discovery", told)
            assert await asyncio.wait_for(drafted(client, path), SECONDS) == "waiting"
        await asyncio.gather(ended(serving), ended(working))


async def answering(client: httpx.AsyncClient) -> None:
    async with asyncio.timeout(SECONDS):
        while True:
            try:
                if (await client.get("/readyz")).status_code == 200:
                    return
            except httpx.TransportError:
                pass
            await asyncio.sleep(0.2)


async def test_the_registrys_health_check_tells_a_registry_from_silence(
    stack: EmbeddedStack,
) -> None:
    healthcheck = SERVICES["registry"]["healthcheck"]
    _, *check = (part.replace("$$", "$") for part in healthcheck["test"])
    address = f"127.0.0.1/{urlsplit(stack.schema_registry).port}"

    # As often as the engine asks: a registry that is busy for once is not yet unhealthy.
    for _ in range(healthcheck["retries"]):
        code, told = await checked(check, address)
        if code == 0:
            break
        await asyncio.sleep(1)
    assert (code, " 200 " in told) == (0, True), told

    code, told = await checked(check, "127.0.0.1/1")
    assert code != 0
    assert "refused" in told


async def checked(check: list[str], place: str) -> tuple[int | None, str]:
    command = [part.replace("127.0.0.1/8080", place) for part in check]
    assert command != check
    process = await asyncio.create_subprocess_exec(*command, stdout=PIPE, stderr=STDOUT)
    told, _ = await process.communicate()
    return process.returncode, told.decode()
