"""The outbox of all messages to channels: of notices, alerts' events and requests for access."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from tools.db.pool import Connection, Pool
from tools.db.sql import load

_SQL = load("deliveries")

AT_ONCE = timedelta(0)


class DeliveryStatus(StrEnum):
    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"


class Delivery(BaseModel):
    """One message to one channel: of a notice, of an alert's event, or of a request for access.
    `next_at` is when it is tried (again), where it is queued."""

    model_config = ConfigDict(frozen=True)
    id: int
    notice_id: int | None = None
    alert_event_id: int | None = None
    alert_id: int | None = None
    approval_id: str | None = None
    channel: str
    status: DeliveryStatus
    attempts: int
    next_at: datetime
    sent_at: datetime | None = None
    error: str | None = None

    @property
    def about(self) -> str:
        """What the log calls it."""
        if self.notice_id is not None:
            return f"notice {self.notice_id}"
        if self.approval_id is not None:
            return f"request for access {self.approval_id}"
        return f"event {self.alert_event_id} of alert {self.alert_id}"


class DeliveryRepository:
    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def queue_notice(
        self, connection: Connection, notice_id: int, channels: Iterable[str]
    ) -> None:
        """Within the caller's transaction."""
        for channel in channels:
            given = {"notice_id": notice_id, "channel": channel}
            await connection.execute(_SQL["queue_notice"], given)

    async def queue_access_request(self, approval_id: str, channels: Iterable[str]) -> None:
        """Once for each channel."""
        for channel in channels:
            given = {"approval_id": approval_id, "channel": channel}
            await self._pool.rows(_SQL["queue_access_request"], given)

    async def queue_alert_event(
        self,
        connection: Connection,
        alert_id: int,
        event_id: int,
        channels: Iterable[str],
        pause: timedelta = AT_ONCE,
    ) -> None:
        """Within the caller's transaction."""
        for channel in channels:
            given = {
                "alert_event_id": event_id, "alert_id": alert_id, "channel": channel,
                "pause": pause,
            }  # fmt: skip
            await connection.execute(_SQL["queue_alert_event"], given)

    async def of_notices(self, notice_ids: Sequence[int]) -> tuple[Delivery, ...]:
        rows = await self._pool.rows(_SQL["of_notices"], {"ids": list(notice_ids)})
        return tuple(Delivery(**row) for row in rows)

    async def of_alert(self, alert_id: int) -> tuple[Delivery, ...]:
        rows = await self._pool.rows(_SQL["of_alert"], {"alert_id": alert_id})
        return tuple(Delivery(**row) for row in rows)

    async def claim(self, per_hour: int, lease: timedelta) -> Delivery | None:
        """The next whose time has come, which nobody else gets within the lease."""
        rows = await self._pool.rows(_SQL["claim"], {"per_hour": per_hour, "lease": lease})
        return Delivery(**rows[0]) if rows else None

    async def sent(self, delivery_id: int) -> None:
        await self._pool.rows(_SQL["sent"], {"id": delivery_id})

    async def again(self, delivery_id: int, pause: timedelta, error: str) -> None:
        given = {"id": delivery_id, "pause": pause, "error": error}
        await self._pool.rows(_SQL["again"], given)

    async def failed(self, delivery_id: int, error: str) -> None:
        await self._pool.rows(_SQL["failed"], {"id": delivery_id, "error": error})
