"""API keys and their secrets, of which the hashes alone are kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from psycopg.rows import DictRow

from core.api_key import ApiKey, KeyStatus, hash_of, is_secret, new_id, new_secret
from tools.db import audit
from tools.db.cursor import Page, read_cursor, read_moment, write_cursor
from tools.db.pool import Connection, Pool
from tools.db.sql import load

_SQL = load("keys")


class KeyNotFoundError(LookupError):
    """There is no such key, or none that the one who asks may see."""

    def __init__(self, key_id: str) -> None:
        super().__init__(f"There is no API key {key_id!r}. GET /keys lists those you may see.")


class KeyEndedError(Exception):
    """A key that has ended takes no new secret."""

    def __init__(self, key: ApiKey) -> None:
        super().__init__(
            f"The API key {key.name!r} ({key.id}) is {key.status.value}. Make a new one."
        )


@dataclass(frozen=True, slots=True)
class KeyScope:
    """What a new key shall be."""

    name: str
    principal: str
    roles: tuple[str, ...]
    teams: tuple[str, ...]
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Issued:
    """A key with its secret, which nobody can be shown again."""

    key: ApiKey
    secret: str


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who a good secret makes one."""

    key_id: str
    principal: str
    roles: tuple[str, ...]
    teams: tuple[str, ...]


class KeyRepository:
    """Every write is audited, without secrets and hashes."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def create(self, scope: KeyScope, by: str) -> Issued:
        key_id = new_id()
        secret = new_secret(key_id)
        async with self._pool.connection() as conn, conn.transaction():
            given = {
                "id": key_id, "name": scope.name, "principal": scope.principal,
                "roles": list(scope.roles), "teams": list(scope.teams), "made_by": by,
                "expires_at": scope.expires_at,
            }  # fmt: skip
            await conn.execute(_SQL["create"], given)
            await conn.execute(_SQL["add_secret"], {"hash": hash_of(secret), "id": key_id})
            made = await _one(conn, key_id)
            await _note(conn, by, "create", None, made)
        return Issued(made, secret)

    async def rotate(self, key_id: str, overlap: timedelta, by: str) -> Issued:
        """A new secret; the one in force stays good for the overlap. The key ends when it did.

        Raises KeyNotFoundError and KeyEndedError.
        """
        secret = new_secret(key_id)
        async with self._pool.connection() as conn, conn.transaction():
            before = await _locked(conn, key_id)
            if before.status is not KeyStatus.ACTIVE:
                raise KeyEndedError(before)
            await conn.execute(_SQL["outdate_secrets"], {"id": key_id, "overlap": overlap})
            await conn.execute(_SQL["drop_outdated"], {"id": key_id})
            await conn.execute(_SQL["add_secret"], {"hash": hash_of(secret), "id": key_id})
            await conn.execute(_SQL["rotated"], {"id": key_id})
            after = await _one(conn, key_id)
            await _note(conn, by, "rotate", before, after)
        return Issued(after, secret)

    async def revoke(self, key_id: str, by: str) -> ApiKey:
        """Its secrets are good no more; again changes nothing. Raises KeyNotFoundError."""
        async with self._pool.connection() as conn, conn.transaction():
            before = await _locked(conn, key_id)
            if before.status is KeyStatus.REVOKED:
                return before
            await conn.execute(_SQL["revoke"], {"id": key_id, "by": by})
            await conn.execute(_SQL["drop_secrets"], {"id": key_id})
            after = await _one(conn, key_id)
            await _note(conn, by, "revoke", before, after)
        return after

    async def get(self, key_id: str) -> ApiKey:
        """Raises KeyNotFoundError."""
        async with self._pool.connection() as conn:
            return await _one(conn, key_id)

    async def list(
        self,
        *,
        principal: str | None = None,
        visible_to: str | None = None,
        active: bool | None = None,
        limit: int = 50,
        cursor: str | None = None,
    ) -> Page[ApiKey]:
        """Newest first; with `visible_to` those alone that act as it or were made by it."""
        at, before_id = read_cursor(cursor, str, str)
        given = {
            "principal": principal, "visible_to": visible_to, "active": active,
            "before_at": read_moment(cursor, at), "before_id": before_id, "limit": limit + 1,
        }  # fmt: skip
        rows = await self._pool.rows(_SQL["list"], given)
        items = tuple(_key(row) for row in rows[:limit])
        if len(rows) <= limit:
            return Page(items, None)
        return Page(items, write_cursor(items[-1].made_at.isoformat(), items[-1].id))

    async def of_secret(self, secret: str) -> Bearer | None:
        """Who has it; None where nobody does, or no longer."""
        if not is_secret(secret):
            return None
        rows = await self._pool.rows(_SQL["used"], {"hash": hash_of(secret)})
        if not rows:
            return None
        row = rows[0]
        return Bearer(row["id"], row["principal"], tuple(row["roles"]), tuple(row["teams"]))


async def _locked(conn: Connection, key_id: str) -> ApiKey:
    await conn.execute(_SQL["lock"], {"id": key_id})
    return await _one(conn, key_id)


async def _one(conn: Connection, key_id: str) -> ApiKey:
    row = await (await conn.execute(_SQL["get"], {"id": key_id})).fetchone()
    if row is None:
        raise KeyNotFoundError(key_id)
    return _key(row)


def _key(row: DictRow) -> ApiKey:
    return ApiKey.model_validate({name: row[name] for name in ApiKey.model_fields})


async def _note(conn: Connection, by: str, what: str, before: ApiKey | None, after: ApiKey) -> None:
    await audit.record(
        conn,
        actor=by,
        action=f"key.{what}",
        target=f"key:{after.id}",
        before=None if before is None else _state(before),
        after=_state(after),
    )


def _state(key: ApiKey) -> dict[str, Any]:
    return key.model_dump(mode="json", exclude={"id", "last_used_at"})
