"""Counts of minutes become those of hours once nobody writes to them, and go when they are old."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from psycopg.rows import DictRow

from core.quality.counting import FRESH_MS
from core.quality.window import Window
from tools.db.pool import Connection, Pool
from tools.db.sql import load

_SQL = load("archive")
_MARGIN = timedelta(minutes=15)
"""Clocks of watchers may be so far apart."""
_AT_ONCE = 50

Hour = tuple[int, datetime]
"""Partition, and the beginning of the hour."""


class Archive:
    """Of one cluster; `keep` is how long counts are kept."""

    def __init__(self, pool: Pool, cluster: str, keep: timedelta) -> None:
        self._pool = pool
        self._cluster = cluster
        self._keep = keep

    async def tidy(self, now: datetime | None = None) -> int:
        """Gives back how many topics had something to tidy. Sums stay as they are."""
        at = now or datetime.now(UTC)
        before = at - timedelta(milliseconds=FRESH_MS) - _MARGIN
        # Whole hours: a minute that came later would find its hour again.
        before = before.replace(minute=0, second=0, microsecond=0)
        tidied = 0
        while topics := await self._aged(before):
            for topic in topics:
                await self._join(topic, before)
                tidied += 1
        await self._pool.rows(_SQL["drop"], {"cluster": self._cluster, "until": at - self._keep})
        return tidied

    async def _aged(self, before: datetime) -> list[str]:
        given = {"cluster": self._cluster, "before": before, "limit": _AT_ONCE}
        return [row["topic"] for row in await self._pool.rows(_SQL["aged"], given)]

    async def _join(self, topic: str, before: datetime) -> None:
        given = {"cluster": self._cluster, "topic": topic, "before": before}
        async with self._pool.connection() as connection, connection.transaction():
            minutes = await (await connection.execute(_SQL["minutes"], given)).fetchall()
            hours = sorted({row["hour"] for row in minutes})
            known = await connection.execute(_SQL["hours"], {**given, "hours": hours})
            joined = await asyncio.to_thread(_joined, [*await known.fetchall(), *minutes])
            for (partition, hour), window in sorted(joined.items()):
                await self._put(connection, topic, partition, hour, window)

    async def _put(
        self, connection: Connection, topic: str, partition: int, hour: datetime, window: Window
    ) -> None:
        given = {
            "cluster": self._cluster, "topic": topic, "partition": partition, "hour": hour,
            "records": window.records, "bad": window.bad, "skipped": window.skipped,
            "state": window.to_bytes(),
        }  # fmt: skip
        await connection.execute(_SQL["put_hour"], given)


def _joined(rows: Sequence[DictRow]) -> dict[Hour, Window]:
    found: dict[Hour, Window] = {}
    for row in rows:
        whole = found.setdefault((row["partition"], row["hour"]), Window())
        whole.add(Window.from_bytes(bytes(row["state"])))
    return found
