"""Servers for a run: the configured ones, or an embedded stack that is started for the purpose."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict

from server.embedded.port_claims import free_ports
from server.embedded.stack import EmbeddedStack
from server.scratch_database import scratch_database
from server.scratch_folder import scratch_folder
from server.settings import Settings


@asynccontextmanager
async def scratch_servers(settings: Settings) -> AsyncIterator[Settings]:
    """The settings with Kafka and a fresh, migrated database, which is dropped afterwards.

    An embedded stack is started unless both Kafka and a Postgres are configured.
    """
    async with AsyncExitStack() as stack:
        serving = settings
        if not (settings.bootstrap_servers and settings.database_url):
            embedded = EmbeddedStack(
                stack.enter_context(scratch_folder()), ports=asdict(free_ports())
            )
            running = await stack.enter_async_context(embedded)
            addresses = ("bootstrap_servers", "schema_registry", "database_url")
            serving = settings.model_copy(
                update={name: getattr(running, name) for name in addresses}
            )
        url = await stack.enter_async_context(scratch_database(serving.database_url))
        yield serving.model_copy(update={"database_url": url})
