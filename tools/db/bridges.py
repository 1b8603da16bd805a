"""Bridges that the server is to run, who runs them, and what they told last."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from psycopg.rows import DictRow
from psycopg.types.json import Jsonb
from pydantic import BaseModel, ConfigDict

from tools.db import audit
from tools.db.pool import Pool
from tools.db.sql import load

_SQL = load("bridges")


class BridgeState(BaseModel):
    """`progress` is since the start of the process that runs it, as of `told_at`; `error` is why it
    does not run, or did not when it was tried last."""

    model_config = ConfigDict(frozen=True)
    consolidation_id: str
    wanted: bool
    asked_by: str
    asked_at: datetime
    running: bool
    progress: dict[str, Any] = {}
    told_at: datetime | None = None
    error: str | None = None


class BridgeNotAskedForError(LookupError):
    """Nobody has asked the server to run this bridge."""

    def __init__(self, consolidation_id: str) -> None:
        super().__init__(
            f"Nobody has asked for a bridge of {consolidation_id}. Start it with POST "
            f"/consolidations/{consolidation_id}/bridge/start."
        )


class BridgeRepository:
    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def want(self, consolidation_id: str, wanted: bool, by: str) -> BridgeState:
        """Ask for it to run, or to stop."""
        given = {"id": consolidation_id, "wanted": wanted, "by": by}
        async with self._pool.connection() as connection, connection.transaction():
            row = await (await connection.execute(_SQL["want"], given)).fetchone()
            assert row is not None  # noqa: S101 (it was written)
            await audit.record(
                connection,
                actor=by,
                action=f"bridge.{'start' if wanted else 'stop'}",
                target=f"consolidation:{consolidation_id}",
            )
        return _state(row)

    async def get(self, consolidation_id: str) -> BridgeState:
        """Raises BridgeNotAskedForError."""
        rows = await self._pool.rows(_SQL["get"], {"id": consolidation_id})
        if not rows:
            raise BridgeNotAskedForError(consolidation_id)
        return _state(rows[0])

    async def hold(self, runner: str, lease: timedelta) -> list[str]:
        """The bridges that this runner is to run until the lease ends."""
        rows = await self._pool.rows(_SQL["hold"], {"runner": runner, "lease": lease})
        return [row["consolidation_id"] for row in rows]

    async def let_go(self, consolidation_id: str, runner: str) -> None:
        await self._pool.rows(_SQL["let_go"], {"id": consolidation_id, "runner": runner})

    async def told(self, consolidation_id: str, runner: str, progress: Mapping[str, Any]) -> None:
        given = {"id": consolidation_id, "runner": runner, "progress": Jsonb(dict(progress))}
        await self._pool.rows(_SQL["told"], given)

    async def failed(self, consolidation_id: str, runner: str, error: str) -> None:
        await self._pool.rows(
            _SQL["failed"], {"id": consolidation_id, "runner": runner, "error": error}
        )


def _state(row: DictRow) -> BridgeState:
    held = row["held_until"]
    running = row["runner"] is not None and held is not None and held > datetime.now(held.tzinfo)
    kept = {name: row[name] for name in BridgeState.model_fields if name != "running"}
    return BridgeState(**kept, running=running)
