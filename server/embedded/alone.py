"""The embedded Postgres without the rest of the stack."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from server.embedded.data_dir import DataDir
from server.embedded.ports import Ports
from server.embedded.postgres import Postgres
from server.embedded.postgres_home import open_home
from server.embedded.progress import Silent
from server.embedded.supervisor import Supervisor


@asynccontextmanager
async def postgres_alone(
    data_dir: DataDir, ports: Ports, *, durable: bool = True
) -> AsyncIterator[Postgres]:
    """Runs the Postgres of a data folder whose lock is held; created where there is none yet."""
    home = await asyncio.to_thread(open_home, data_dir.path)
    postgres = Postgres(home, ports, data_dir.path / "logs" / "postgres.log", durable)
    if not postgres.prepared:
        await postgres.prepare()
    supervisor = Supervisor(postgres, data_dir, Silent())
    await supervisor.start()
    try:
        yield postgres
    finally:
        await supervisor.stop()
