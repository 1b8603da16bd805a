"""The audit log: who did what to what, append only."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb
from pydantic import BaseModel, ConfigDict

from core.request import current
from tools.db.cursor import Page, read_cursor, write_cursor
from tools.db.pool import Connection, Pool
from tools.db.sql import load

_SQL = load("audit")

State = Mapping[str, Any]

_PIECE = 500
"""Entries that are read at once where all are wanted."""


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

    @property
    def changes(self) -> tuple[tuple[str, object, object], ...]:
        """What is another than before: its name, what it was and what it became."""
        before, after = self.before or {}, self.after or {}
        told = ((name, before.get(name), after.get(name)) for name in {**before, **after})
        return tuple((name, was, now) for name, was, now in told if was != now)


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """All that is given holds. `action` is one (`rule.put`) or a family of them (`rule`)."""

    actor: str | None = None
    action: str | None = None
    target: str | None = None
    request_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None


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
    """Append one entry within the caller's transaction: the deed and its entry stand together.

    The id of the request that is being worked on is noted by itself.
    """
    given = {"actor": actor, "action": action, "target": target}
    states = {"before": _json(before), "after": _json(after)}
    await conn.execute(
        _SQL["record"], {**given, **states, "request_id": request_id or current.get()}
    )


class AuditLog:
    """Reads of the log, and entries of deeds that write nothing else here."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def note(self, actor: str, action: str, target: str, after: State | None = None) -> None:
        """An entry by itself: what was done is kept elsewhere, such as in a queue."""
        async with self._pool.connection() as conn:
            await record(conn, actor=actor, action=action, target=target, after=after)

    async def list(
        self,
        target: str | None = None,
        *,
        wanted: AuditFilter | None = None,
        limit: int = 50,
        cursor: str | None = None,
    ) -> Page[AuditEntry]:
        """Newest first; `target` alone is a filter too."""
        (before,) = read_cursor(cursor, int)
        asked = wanted or AuditFilter(target=target)
        rows = await self._pool.rows(_SQL["list"], _given(asked, before, limit + 1))
        items = tuple(AuditEntry(**row) for row in rows[:limit])
        return Page(items, write_cursor(items[-1].id) if len(rows) > limit else None)

    async def every(self, wanted: AuditFilter) -> AsyncIterator[AuditEntry]:
        """All that fit, newest first, read in pieces: as they are when the first is read, since
        later ones are put before it."""
        before: int | None = None
        while rows := await self._pool.rows(_SQL["list"], _given(wanted, before, _PIECE)):
            for row in rows:
                yield AuditEntry(**row)
            before = rows[-1]["id"]


def _given(wanted: AuditFilter, before: object, limit: int) -> dict[str, object]:
    family = None if wanted.action is None else _like(wanted.action)
    return {**asdict(wanted), "family": family, "before_id": before, "limit": limit}


def _like(action: str) -> str:
    """The actions of a family, with what a pattern would read as its own signs taken literally."""
    plain = action.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
    return f"{plain}.%"


def _json(state: State | None) -> Jsonb | None:
    return None if state is None else Jsonb(dict(state))
