"""Links by which tools outside decide: each is good once."""

from __future__ import annotations

import secrets
from datetime import datetime

from pydantic import BaseModel, ConfigDict

from tools.db import audit
from tools.db.pool import Connection, Pool
from tools.db.sql import load

_SQL = load("callbacks")

_SECRET = "approval-links"  # noqa: S105 (its name)
_SECRET_BYTES = 32


class CallbackUsedError(Exception):
    """The link was used already; it is good once."""

    def __init__(self) -> None:
        super().__init__("This link was used already; each is good once. Ask for a new one.")


class Callback(BaseModel):
    """A link as it is kept; `decider` is the only one who may use it, where it names someone."""

    model_config = ConfigDict(frozen=True)
    nonce: str
    approval_id: str
    plan_hash: str
    expires_at: datetime
    used_at: datetime | None = None
    decider: str | None = None


class CallbackRepository:
    """Links by their nonce, and the secret that signs them where none is configured."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def mint(self, callback: Callback, made_by: str) -> None:
        """Keep a new link, and in the audit log who had it made."""
        async with self._pool.connection() as conn, conn.transaction():
            await conn.execute(_SQL["mint"], {**callback.model_dump(), "made_by": made_by})
            await audit.record(
                conn,
                actor=made_by,
                action="approval.callback",
                target=f"approval:{callback.approval_id}",
                after=callback.model_dump(mode="json", include={"expires_at", "decider"}),
            )

    async def get(self, nonce: str) -> Callback | None:
        async with self._pool.connection() as conn:
            row = await (await conn.execute(_SQL["get"], {"nonce": nonce})).fetchone()
        return None if row is None else Callback(**row)

    async def use(self, conn: Connection, nonce: str) -> None:
        """Within the caller's transaction. Raises `CallbackUsedError`."""
        if await (await conn.execute(_SQL["use"], {"nonce": nonce})).fetchone() is None:
            raise CallbackUsedError

    async def secret(self) -> bytes:
        """Made by whoever asks first; all processes of one database share it."""
        given = {"name": _SECRET, "value": secrets.token_bytes(_SECRET_BYTES)}
        while True:
            async with self._pool.connection() as conn:
                row = await (await conn.execute(_SQL["secret"], given)).fetchone()
            if row is not None:
                return bytes(row["value"])
