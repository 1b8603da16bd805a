"""Analyses as they were asked for and as they went."""

from __future__ import annotations

from collections.abc import Mapping

from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from core.analysis import AnalysisProgress, AnalysisRun, AnalysisStatus
from tools.db.cursor import Page, read_cursor, write_cursor
from tools.db.pool import Connection, Pool
from tools.db.sql import load

_SQL = load("analyses")


class AnalysisNotFoundError(LookupError):
    """There is no analysis with this number; list the analyses to see those that exist."""

    def __init__(self, analysis_id: int) -> None:
        super().__init__(
            f"There is no analysis {analysis_id}. List the analyses to see those that exist."
        )


class AnalysisRepository:
    """The life of an analysis: queued, running, then done or failed."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def queue(
        self, cluster: str, requested_by: str, *, whole: bool, connection: Connection
    ) -> AnalysisRun:
        """Note that one was asked for, in the transaction that queues its job."""
        given = {"cluster": cluster, "requested_by": requested_by, "whole": whole}
        row = await (await connection.execute(_SQL["queue"], given)).fetchone()
        assert row is not None  # noqa: S101 (an insert returns its row)
        return _run_of(row)

    async def waiting(self, cluster: str, *, whole: bool) -> AnalysisRun | None:
        """One that has not begun and will do what is asked for."""
        row = await self._row("waiting", {"cluster": cluster, "whole": whole})
        return None if row is None else _run_of(row)

    async def start(self, analysis_id: int) -> AnalysisRun:
        return await self._one("start", {"id": analysis_id})

    async def progress(self, analysis_id: int, progress: AnalysisProgress) -> None:
        await self._row("progress", {"id": analysis_id, "progress": _json(progress)})

    async def finish(
        self, analysis_id: int, progress: AnalysisProgress | None, error: str | None = None
    ) -> None:
        """Done, or failed where there is an error; one that has ended stays as it is."""
        status = AnalysisStatus.DONE if error is None else AnalysisStatus.FAILED
        told = None if progress is None else _json(progress)
        given = {"id": analysis_id, "status": status, "progress": told, "error": error}
        await self._row("finish", given)

    async def requeue(self, analysis_id: int) -> None:
        await self._row("requeue", {"id": analysis_id})

    async def orphans(self, task: str) -> list[int]:
        """Silent ones without a job of that task in the queue."""
        async with self._pool.connection() as connection:
            rows = await (await connection.execute(_SQL["orphans"], {"task": task})).fetchall()
        return [row["id"] for row in rows]

    async def get(self, analysis_id: int) -> AnalysisRun:
        """Raises `AnalysisNotFoundError`."""
        return await self._one("get", {"id": analysis_id})

    async def list(
        self, cluster: str, *, limit: int = 50, cursor: str | None = None
    ) -> Page[AnalysisRun]:
        """Newest first."""
        (before,) = read_cursor(cursor, int)
        given = {"cluster": cluster, "before": before, "limit": limit + 1}
        async with self._pool.connection() as connection:
            rows = await (await connection.execute(_SQL["list"], given)).fetchall()
        items = tuple(_run_of(row) for row in rows[:limit])
        return Page(items, write_cursor(items[-1].id) if len(rows) > limit else None)

    async def _one(self, query: str, given: Mapping[str, object]) -> AnalysisRun:
        row = await self._row(query, given)
        if row is None:
            raise AnalysisNotFoundError(int(str(given["id"])))
        return _run_of(row)

    async def _row(self, query: str, given: Mapping[str, object]) -> DictRow | None:
        async with self._pool.connection() as connection:
            found = await connection.execute(_SQL[query], given)
            return await found.fetchone() if found.description else None


def _json(progress: AnalysisProgress) -> Jsonb:
    return Jsonb(progress.model_dump(mode="json"))


def _run_of(row: DictRow) -> AnalysisRun:
    kept = {name: row[name] for name in AnalysisRun.model_fields if name != "progress"}
    return AnalysisRun(**kept, progress=AnalysisProgress(**row["progress"]))
