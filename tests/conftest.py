"""Real servers for the tests: started once, only when a test asks for them.

HEADWATER_TEST_BOOTSTRAP_SERVERS, HEADWATER_TEST_SCHEMA_REGISTRY and HEADWATER_TEST_DATABASE_URL
point at servers that already run, which saves their start.
"""

from __future__ import annotations

import os
import secrets
import signal
import tempfile
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from hypothesis import settings
from psycopg import sql
from xdist.scheduler import LoadScopeScheduling

from server.embedded.port_claims import free_ports
from server.embedded.stack import EmbeddedStack
from tools.db.migrate import migrate
from tools.db.pool import Pool, open_pool

# The same code passes or fails alike each time, on a slow machine too. What others would find is
# looked for by `pytest --hypothesis-profile explore`.
settings.register_profile("explore", deadline=None)
settings.register_profile("headwater", deadline=None, derandomize=True)
settings.load_profile("headwater")

# A shell's background job ignores Ctrl-C, and so would all that it starts and then interrupts.
if threading.current_thread() is threading.main_thread():
    signal.signal(signal.SIGINT, signal.default_int_handler)


class ByFleet(LoadScopeScheduling):
    """What shares servers and fleets is run by one of the processes that test side by side."""

    def _split_scope(self, nodeid: str) -> str:
        """Folders of integration tests have catalogs that take long to fill."""
        file = Path(nodeid.split("::")[0])
        shares = file.parent.name in ("browser", "e2e") or file.parent.parent.name == "integration"
        return str(file.parent if shares else file)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> ByFleet:
    return ByFleet(config, log)


@pytest.fixture(scope="session")
def new_data_dir() -> Iterator[Callable[[], Path]]:
    """Makes empty folders, open to Postgres' own user when the tests run as root."""
    with tempfile.TemporaryDirectory(prefix="headwater-test-") as root:

        def new() -> Path:
            folder = Path(root, secrets.token_hex(4))
            folder.mkdir()
            folder.chmod(0o755)
            return folder

        Path(root).chmod(0o755)
        yield new


@pytest.fixture(scope="session")
async def stack(new_data_dir: Callable[[], Path]) -> AsyncIterator[EmbeddedStack]:
    """Kafka, a Schema Registry and Postgres, empty at the start of the session."""
    async with EmbeddedStack(
        new_data_dir(),
        os.environ.get("HEADWATER_TEST_BOOTSTRAP_SERVERS"),
        os.environ.get("HEADWATER_TEST_SCHEMA_REGISTRY"),
        os.environ.get("HEADWATER_TEST_DATABASE_URL"),
        ports=asdict(free_ports()),
        durable=False,
    ) as running:
        yield running


@pytest.fixture(scope="session")
async def bootstrap_servers(stack: EmbeddedStack) -> str:
    return stack.bootstrap_servers


@pytest.fixture(scope="session")
async def registry_url(stack: EmbeddedStack) -> str:
    return stack.schema_registry


@pytest.fixture(scope="session")
async def template_database(stack: EmbeddedStack) -> AsyncIterator[str]:
    """The name of a migrated, empty database that each test's own is copied from."""
    name = await _create_database(stack.database_url)
    await migrate(_with_database(stack.database_url, name))
    yield name
    await _drop_database(stack.database_url, name)


@pytest.fixture
async def database_url(stack: EmbeddedStack, template_database: str) -> AsyncIterator[str]:
    """A fresh database with all migrations applied, dropped after the test."""
    name = await _create_database(stack.database_url, template_database)
    yield _with_database(stack.database_url, name)
    await _drop_database(stack.database_url, name)


@pytest.fixture
async def pool(database_url: str) -> AsyncIterator[Pool]:
    """Of the test's own database."""
    async with await open_pool(database_url) as opened:
        yield opened


def _with_database(server: str, name: str) -> str:
    return urlsplit(server)._replace(path=f"/{name}").geturl()


async def _create_database(server: str, template: str = "template1") -> str:
    name = f"test_{secrets.token_hex(6)}"
    await _execute(server, "create database {} template {}", name, template)
    return name


async def _drop_database(server: str, name: str) -> None:
    await _execute(server, "drop database {} with (force)", name)


async def _execute(server: str, statement: str, *names: str) -> None:
    query = sql.SQL(statement).format(*(sql.Identifier(name) for name in names))
    async with await psycopg.AsyncConnection.connect(server, autocommit=True) as connection:
        await connection.execute(query)
