"""Consolidations as they were worked out."""

from __future__ import annotations

from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from core.consolidation import Consolidation
from tools.db import audit
from tools.db.cursor import Page, read_cursor, read_moment, write_cursor
from tools.db.pool import Pool
from tools.db.sql import load

_SQL = load("consolidations")


class ConsolidationNotFoundError(LookupError):
    """There is no consolidation with this id."""

    def __init__(self, consolidation_id: str) -> None:
        super().__init__(
            f"There is no consolidation {consolidation_id[:100]!r}. List them to see those that "
            "exist."
        )


class ConsolidationRepository:
    """Written once each; only the approval of its plan is noted later."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def add(self, made: Consolidation) -> None:
        given = {
            "id": made.id,
            "cluster": made.cluster,
            "requested_by": made.requested_by,
            "sources": [source.name for source in made.current],
            "document": Jsonb(made.model_dump(mode="json", exclude={"approval_id"})),
            "created_at": made.created_at,
        }
        async with self._pool.connection() as conn, conn.transaction():
            await conn.execute(_SQL["add"], given)
            await audit.record(
                conn,
                actor=made.requested_by,
                action="consolidation.create",
                target=f"consolidation:{made.id}",
                after={"sources": given["sources"], "topic": made.unified.topic},
            )

    async def get(self, consolidation_id: str) -> Consolidation:
        """Raises `ConsolidationNotFoundError`."""
        rows = await self._pool.rows(_SQL["get"], {"id": consolidation_id})
        if not rows:
            raise ConsolidationNotFoundError(consolidation_id)
        return _consolidation(rows[0])

    async def proposed(self, consolidation_id: str, approval_id: str) -> None:
        """Note the approval that a plan of it waits for."""
        await self._pool.rows(
            _SQL["proposed"], {"id": consolidation_id, "approval_id": approval_id}
        )

    async def list(
        self,
        cluster: str,
        *,
        in_progress: bool | None = None,
        limit: int = 50,
        cursor: str | None = None,
    ) -> Page[Consolidation]:
        """Newest first. `in_progress`: those whose plan waits or is carried out, or whose bridge is
        to run; false: the others."""
        at, before_id = read_cursor(cursor, str, str)
        given = {
            "cluster": cluster,
            "in_progress": in_progress,
            "before_at": read_moment(cursor, at),
            "before_id": before_id,
            "limit": limit + 1,
        }
        rows = await self._pool.rows(_SQL["list"], given)
        items = tuple(_consolidation(row) for row in rows[:limit])
        if len(rows) <= limit:
            return Page(items, None)
        last = rows[limit - 1]
        return Page(items, write_cursor(last["created_at"].isoformat(), last["id"]))


def _consolidation(row: DictRow) -> Consolidation:
    return Consolidation.model_validate({**row["document"], "approval_id": row["approval_id"]})
