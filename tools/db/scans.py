"""Scans as they were asked for and as they went."""

from __future__ import annotations

from collections.abc import Mapping

from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from core.scan import ScanProgress, ScanRun, ScanStatus
from tools.db.cursor import Page, read_cursor, write_cursor
from tools.db.pool import Connection, Pool
from tools.db.sql import load

_SQL = load("scans")


class ScanNotFoundError(LookupError):
    """There is no scan with this number; list the scans to see those that exist."""

    def __init__(self, scan_id: int) -> None:
        super().__init__(f"There is no scan {scan_id}. List the scans to see those that exist.")


class ScanRepository:
    """The life of a scan: queued, running, then done or failed."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def queue(
        self, cluster: str, requested_by: str, conn: Connection | None = None
    ) -> ScanRun:
        """Note that a scan was asked for; within the caller's transaction where one is given."""
        given = {"cluster": cluster, "requested_by": requested_by}
        if conn is None:
            return await self._one("queue", given)
        row = await (await conn.execute(_SQL["queue"], given)).fetchone()
        assert row is not None  # noqa: S101 (an insert returns its row)
        return _run_of(row)

    async def open(self, cluster: str) -> ScanRun | None:
        """The cluster's scan that waits or runs, if there is one."""
        row = await self._row("open", {"cluster": cluster})
        return None if row is None else _run_of(row)

    async def turn(self, scan_id: int) -> int:
        """How many scans of the same cluster came before."""
        row = await self._row("turn", {"id": scan_id})
        return 0 if row is None else int(row["turn"])

    async def start(self, scan_id: int) -> ScanRun:
        """Mark as running; a scan that is run again after its worker was lost starts at 0."""
        return await self._one("start", {"id": scan_id})

    async def progress(self, scan_id: int, progress: ScanProgress) -> None:
        await self._execute("progress", {"id": scan_id, "progress": _json(progress)})

    async def finish(
        self, scan_id: int, progress: ScanProgress, error: str | None = None
    ) -> ScanRun:
        """Mark as done, or as failed where there is an error."""
        status = ScanStatus.DONE if error is None else ScanStatus.FAILED
        ended = {"status": status, "error": error, "progress": _json(progress)}
        return await self._one("finish", {"id": scan_id, **ended})

    async def fail(self, scan_id: int, error: str) -> None:
        """Mark as failed unless it has ended already."""
        await self._execute("fail", {"id": scan_id, "error": error})

    async def requeue(self, scan_id: int) -> None:
        """Mark a running scan as waiting again: its worker is stopping."""
        await self._execute("requeue", {"id": scan_id})

    async def orphans(self, task: str) -> tuple[ScanRun, ...]:
        """Silent scans that wait or run without a job of that task in the queue."""
        async with self._pool.connection() as conn:
            rows = await (await conn.execute(_SQL["orphans"], {"task": task})).fetchall()
        return tuple(_run_of(row) for row in rows)

    async def get(self, scan_id: int) -> ScanRun:
        """One scan. Raises `ScanNotFoundError`."""
        return await self._one("get", {"id": scan_id})

    async def list(
        self, cluster: str | None = None, *, limit: int = 50, cursor: str | None = None
    ) -> Page[ScanRun]:
        """Scans, newest first."""
        (before,) = read_cursor(cursor, int)
        given = {"cluster": cluster, "before": before, "limit": limit + 1}
        async with self._pool.connection() as conn:
            rows = await (await conn.execute(_SQL["list"], given)).fetchall()
        items = tuple(_run_of(row) for row in rows[:limit])
        return Page(items, write_cursor(items[-1].id) if len(rows) > limit else None)

    async def _one(self, query: str, given: Mapping[str, object]) -> ScanRun:
        row = await self._row(query, given)
        if row is None:
            raise ScanNotFoundError(int(str(given["id"])))
        return _run_of(row)

    async def _row(self, query: str, given: Mapping[str, object]) -> DictRow | None:
        async with self._pool.connection() as conn:
            return await (await conn.execute(_SQL[query], given)).fetchone()

    async def _execute(self, query: str, given: Mapping[str, object]) -> None:
        async with self._pool.connection() as conn:
            await conn.execute(_SQL[query], given)


def _json(progress: ScanProgress) -> Jsonb:
    return Jsonb(progress.model_dump(mode="json"))


def _run_of(row: DictRow) -> ScanRun:
    return ScanRun(**{**row, "progress": ScanProgress(**row["progress"])})
