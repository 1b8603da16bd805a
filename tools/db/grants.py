"""Grants: who may use a product until when, and what is to be taken back at the end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from psycopg.rows import DictRow
from psycopg.types.json import Jsonb
from pydantic import BaseModel

from core.approval import Approval
from core.grant_life import Grant, GrantStatus, Kept, Parted, grant_id_of
from tools.db import audit
from tools.db.cursor import Page, read_cursor, write_cursor
from tools.db.pool import Connection, Pool
from tools.db.sql import load

_SQL = load("grants")


class GrantNotFoundError(LookupError):
    """There is no such grant."""

    def __init__(self, grant_id: str) -> None:
        super().__init__(
            f"There is no grant {grant_id[:100]!r}. GET /grants lists those that exist."
        )


class GrantRepository:
    """Written by provisioning alone, within its transactions."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def get(self, grant_id: str) -> Grant:
        """Raises GrantNotFoundError."""
        async with self._pool.connection() as conn:
            return await self.read(conn, grant_id)

    async def list(
        self,
        *,
        product_id: str | None = None,
        team: str | None = None,
        principal: str | None = None,
        status: GrantStatus | None = None,
        limit: int = 50,
        cursor: str | None = None,
    ) -> Page[Grant]:
        """Newest first; every filter that is given holds."""
        (before,) = read_cursor(cursor, int)
        given = {
            "product_id": product_id, "team": team, "principal": principal, "status": status,
            "before": before, "limit": limit + 1,
        }  # fmt: skip
        rows = await self._pool.rows(_SQL["list"], given)
        last = rows[limit - 1]["number"] if len(rows) > limit else None
        items = tuple(map(_grant_of, rows[:limit]))
        return Page(items, None if last is None else write_cursor(last))

    async def expire(self, by: str) -> int:
        """Those whose time has come are to end; how many."""
        async with self._pool.connection() as conn, conn.transaction():
            rows = await (await conn.execute(_SQL["expire"], {"by": by})).fetchall()
            for row in rows:
                await note(conn, _grant_of(row), by, "grant.expire")
        return len(rows)

    async def ending(self, limit: int = 100) -> tuple[str, ...]:
        """Ids of those whose end is not done yet, the longest due first."""
        rows = await self._pool.rows(_SQL["ending"], {"limit": limit})
        return tuple(row["id"] for row in rows)

    async def ask_end(self, conn: Connection, grant_id: str, by: str, reason: str) -> Grant | None:
        """It is revoked; None where it was not active."""
        given = {"id": grant_id, "ending_as": GrantStatus.REVOKED, "by": by, "reason": reason}
        return await self._one(conn, "ask_end", given)

    async def delayed(self, grant_id: str, error: str) -> bool:
        """Note why its end is not done yet; whether that is news."""
        return bool(await self._pool.rows(_SQL["delayed"], {"id": grant_id, "error": error}))

    async def lock(self, conn: Connection, cluster: str, principal: str) -> tuple[Grant, ...]:
        """The principal's grants that have not ended; nobody else changes one until the caller's
        transaction ends."""
        at = {"cluster": cluster, "principal": principal}
        await conn.execute(_SQL["lock"], at)
        rows = await (await conn.execute(_SQL["unended"], at)).fetchall()
        return tuple(map(_grant_of, rows))

    async def read(self, conn: Connection, grant_id: str) -> Grant:
        """Raises GrantNotFoundError."""
        found = await self._one(conn, "get", {"id": grant_id.replace("\0", "")})
        if found is None:
            raise GrantNotFoundError(grant_id)
        return found

    async def open(self, conn: Connection, approval: Approval, parts: Parted) -> None:
        """Note, before anything is given, what will be the grant's own; the first note stays."""
        plan, decision = approval.plan, approval.decision
        assert plan.grant is not None and decision is not None  # noqa: S101, PT018 (was checked)
        given = {
            "id": grant_id_of(approval.id),
            "approval_id": approval.id,
            "cluster": plan.topic.cluster,
            "product_id": plan.product.id,
            "team": plan.grant.team,
            "principal": plan.grant.principal,
            "plan": Jsonb(plan.grant.model_dump(mode="json")),
            "until": plan.grant.until,
            "requested_by": approval.requested_by,
            "approved_by": decision.by,
            "own": _json(parts.own),
            "found": _json(parts.found),
        }
        await conn.execute(_SQL["open"], given)

    async def given(self, conn: Connection, grant_id: str) -> Grant | None:
        """It is active; None where it was already."""
        return await self._one(conn, "given", {"id": grant_id})

    async def ended(
        self, conn: Connection, grant_id: str, status: GrantStatus, kept: Iterable[Kept]
    ) -> Grant | None:
        given = {"id": grant_id, "status": status, "kept": _json(kept)}
        return await self._one(conn, "ended", given)

    async def _one(self, conn: Connection, query: str, given: Mapping[str, object]) -> Grant | None:
        row = await (await conn.execute(_SQL[query], given)).fetchone()
        return None if row is None else _grant_of(row)


async def note(conn: Connection, grant: Grant, by: str, action: str) -> None:
    """An entry of the audit log, within the caller's transaction."""
    told = grant.model_dump(
        mode="json", include={"product_id", "plan", "status", "approval_id", "kept", "reason"}
    )
    await audit.record(conn, actor=by, action=action, target=f"grant:{grant.id}", after=told)


def _json(items: Iterable[BaseModel]) -> Jsonb:
    return Jsonb([each.model_dump(mode="json") for each in items])


def _grant_of(row: DictRow) -> Grant:
    return Grant(**{name: row[name] for name in Grant.model_fields})
