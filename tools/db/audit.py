"""The audit log: who did what to what, append only."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb
from pydantic import BaseModel, ConfigDict

from tools.db.cursor import Page, read_cursor, write_cursor
from tools.db.pool import Connection, Pool
from tools.db.sql import load

_SQL = load("audit")

State = Mapping[str, Any]


class AuditEntry(BaseModel):
    """`actor` is an entity reference, `action` like `product.update`, `target` `product:orders`."""

    model_config = ConfigDict(frozen=True)
    id: int
    at: datetime
    actor: str
    action: str
    target: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    request_id: str | None


async def record(
    conn: Connection,
    *,
    actor: str,
    action: str,
    target: str,
    before: State | None = None,
    after: State | None = None,
    request_id: str | None = None,
) -> None:
    """Append one entry within the caller's transaction: the deed and its entry stand together."""
    given = {"actor": actor, "action": action, "target": target, "request_id": request_id}
    states = {"before": _json(before), "after": _json(after)}
    await conn.execute(_SQL["record"], {**given, **states})


class AuditLog:
    """Reads of the log."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def list(
        self, target: str | None = None, *, limit: int = 50, cursor: str | None = None
    ) -> Page[AuditEntry]:
        """Newest first; of one target where it is given."""
        (before,) = read_cursor(cursor, int)
        given = {"target": target, "before_id": before, "limit": limit + 1}
        async with self._pool.connection() as conn:
            rows = await (await conn.execute(_SQL["list"], given)).fetchall()
        items = tuple(AuditEntry(**row) for row in rows[:limit])
        return Page(items, write_cursor(items[-1].id) if len(rows) > limit else None)


def _json(state: State | None) -> Jsonb | None:
    return None if state is None else Jsonb(dict(state))
