"""Which database is meant: the one that is given, or the embedded one, running or not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from server.embedded.alone import postgres_alone
from server.embedded.data_dir import DataDir
from server.embedded.errors import DataDirInUseError
from server.embedded.ports import kept_ports
from server.embedded.postgres import Postgres
from server.embedded.postgres_home import open_home
from server.settings import Settings


class NothingToBackUpError(Exception):
    """No database is given, and the data folder has none."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"{folder} has no embedded Postgres. Name another folder with --data-dir, or a "
            "database with --database-url."
        )


@asynccontextmanager
async def database_of(settings: Settings, *, create: bool = False) -> AsyncIterator[str]:
    """Its URL. An embedded Postgres that does not run is started for as long as this lasts; without
    `create` there must be one. Raises NothingToBackUpError, StackError."""
    if settings.database_url is not None:
        yield settings.database_url
        return
    if not create and not (settings.data_dir / "postgres.json").exists():
        raise NothingToBackUpError(settings.data_dir)
    data_dir = DataDir(settings.data_dir)
    try:
        data_dir.__enter__()
    except DataDirInUseError:
        yield await _running(data_dir)
        return
    try:
        await asyncio.to_thread(data_dir.end_orphans)
        ports = kept_ports(data_dir.path / "ports.json", {})
        async with postgres_alone(data_dir, ports) as postgres:
            await postgres.ensure_database()
            yield postgres.url()
    finally:
        data_dir.__exit__(None, None, None)


async def _running(data_dir: DataDir) -> str:
    home = await asyncio.to_thread(open_home, data_dir.path)
    ports = kept_ports(data_dir.path / "ports.json", {})
    return Postgres(home, ports, data_dir.path / "logs" / "postgres.log").url()
