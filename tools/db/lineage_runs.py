"""Runs of jobs, ours among them, as they were told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg.rows import DictRow

from core.lineage.node import Node, NodeKind
from tools.db.cursor import Page, read_cursor, read_moment, write_cursor
from tools.db.errors import InvalidCursorError
from tools.db.pool import Pool
from tools.db.sql import load

_SQL = load("lineage")


@dataclass(frozen=True, slots=True)
class JobRun:
    id: UUID
    job: Node
    state: str
    started_at: datetime | None
    ended_at: datetime | None
    told_at: datetime


class LineageRuns:
    """Whoever told of them: they belong to no cluster."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def list(
        self, *, job: str | None = None, limit: int = 50, cursor: str | None = None
    ) -> Page[JobRun]:
        """Newest first."""
        at, before_id = read_cursor(cursor, str, str)
        given = {
            "job": job,
            "limit": limit + 1,
            "before_at": read_moment(cursor, at),
            "before_id": _read_id(cursor, before_id),
        }
        rows = await self._pool.rows(_SQL["runs"], given)
        items = tuple(_run(row) for row in rows[:limit])
        if len(rows) <= limit:
            return Page(items, None)
        return Page(items, write_cursor(items[-1].told_at.isoformat(), str(items[-1].id)))


def _read_id(cursor: str | None, run: str | int | None) -> UUID | None:
    if run is None:
        return None
    try:
        return UUID(str(run))
    except ValueError as error:
        raise InvalidCursorError(str(cursor)) from error


def _run(row: DictRow) -> JobRun:
    return JobRun(
        id=row["run_id"],
        job=Node(kind=NodeKind.JOB, namespace=row["namespace"], name=row["name"]),
        state=row["state"],
        started_at=row["started_at"],
        ended_at=row["ended_at"],
        told_at=row["told_at"],
    )
