"""Alerts and their events. Each transition is kept once, with what is to be told of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from psycopg import AsyncCursor
from psycopg.rows import DictRow
from psycopg.types.json import Jsonb
from pydantic import BaseModel, ConfigDict

from core.alerts.alert import Alert, AlertStatus
from core.alerts.data import AlertData, data_of, uid_of
from core.alerts.event import AlertEvent, Change
from core.alerts.life import Place
from core.quality.rule import Severity
from tools.db.cursor import Page, read_cursor, write_cursor
from tools.db.pool import Connection, Pool
from tools.db.sql import load

_SQL = load("alerts")


class KeptEvent(AlertEvent):
    """`uid` is what consumers know it by; `data` the alert as it stood then."""

    model_config = ConfigDict(frozen=True)
    id: int
    alert_id: int
    uid: str
    data: AlertData
    published_at: datetime | None = None


class Kept(BaseModel):
    """A change with the numbers that it was given."""

    model_config = ConfigDict(frozen=True)
    alert: Alert
    events: tuple[tuple[int, AlertEvent], ...]


class AlertNotFoundError(LookupError):
    """There is no alert with this number."""

    def __init__(self, alert_id: int) -> None:
        super().__init__(f"There is no alert {alert_id}. List them to see those that exist.")


class AlertRepository:
    """What takes a connection works within the caller's transaction."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def locked_place(self, connection: Connection, cluster: str, source: str) -> Place:
        """The source with its owner of now; until the transaction ends nobody else changes which
        alerts it has."""
        given = {"cluster": cluster, "source": source}
        await connection.execute(_SQL["lock"], given)
        row = await (await connection.execute(_SQL["owner"], given)).fetchone()
        if row is None:
            return Place(cluster, source)
        return Place(cluster, source, row["team"], row["guessed"])

    async def has_standing(self, connection: Connection, cluster: str, source: str) -> bool:
        """Whether the source has an alert that something that holds may change."""
        given = {"cluster": cluster, "source": source}
        found = await connection.execute(_SQL["has_standing"], given)
        return bool((await _returned(found))["found"])

    async def standing(
        self, connection: Connection, place: Place, after: datetime, causes: Sequence[str]
    ) -> tuple[Alert, ...]:
        """What a finding may still change: all that is active, or was resolved after this, or that
        one of these causes opened."""
        given = {
            "cluster": place.cluster, "source": place.source, "after": after,
            "causes": list(causes),
        }  # fmt: skip
        rows = await connection.execute(_SQL["standing"], given)
        return tuple(_alert(row) for row in await rows.fetchall())

    async def put(self, connection: Connection, change: Change) -> Kept:
        alert = change.alert
        if alert.id:
            await connection.execute(_SQL["update"], _row(alert))
        else:
            made = await _returned(await connection.execute(_SQL["add"], _row(alert)))
            alert = alert.model_copy(update={"id": made["id"]})
        events = [
            (await self._add_event(connection, alert, event), event) for event in change.events
        ]
        return Kept(alert=alert, events=tuple(events))

    async def active_sources(
        self, cluster: str, connection: Connection | None = None
    ) -> frozenset[str]:
        given = {"cluster": cluster}
        if connection is None:
            rows = await self._pool.rows(_SQL["active_sources"], given)
        else:
            found = await connection.execute(_SQL["active_sources"], given)
            rows = await found.fetchall()
        return frozenset(row["source"] for row in rows)

    async def standing_counts(self, cluster: str) -> dict[str, int]:
        """How many alerts stand, of each source that has one."""
        rows = await self._pool.rows(_SQL["standing_counts"], {"cluster": cluster})
        return {row["source"]: row["alerts"] for row in rows}

    async def get(self, alert_id: int) -> Alert:
        """Raises AlertNotFoundError."""
        rows = await self._pool.rows(_SQL["get"], {"id": alert_id})
        if not rows:
            raise AlertNotFoundError(alert_id)
        return _alert(rows[0])

    async def locked(self, connection: Connection, alert_id: int) -> Alert:
        """Raises AlertNotFoundError."""
        found = await connection.execute(_SQL["get_for_update"], {"id": alert_id})
        row = await found.fetchone()
        if row is None:
            raise AlertNotFoundError(alert_id)
        return _alert(row)

    async def list(
        self,
        cluster: str,
        *,
        status: AlertStatus | None = None,
        active: bool | None = None,
        source: str | None = None,
        severity: Severity | None = None,
        team: str | None = None,
        limit: int = 50,
        cursor: str | None = None,
    ) -> Page[Alert]:
        """Newest first."""
        (before,) = read_cursor(cursor, int)
        given = {
            "cluster": cluster, "status": status, "active": active, "source": source,
            "severity": severity, "team": team, "before_id": before, "limit": limit + 1,
        }  # fmt: skip
        rows = await self._pool.rows(_SQL["list"], given)
        items = tuple(_alert(row) for row in rows[:limit])
        return Page(items, write_cursor(items[-1].id) if len(rows) > limit else None)

    async def events(self, alert_id: int) -> tuple[KeptEvent, ...]:
        """The oldest first."""
        rows = await self._pool.rows(_SQL["events"], {"alert_id": alert_id})
        return tuple(_event(row) for row in rows)

    async def event(self, event_id: int) -> KeptEvent:
        (row,) = await self._pool.rows(_SQL["event"], {"id": event_id})
        return _event(row)

    async def only_publisher(self, connection: Connection, cluster: str) -> bool:
        """Whether this process alone publishes, until the transaction ends."""
        found = await connection.execute(_SQL["only_publisher"], {"cluster": cluster})
        return bool((await _returned(found))["mine"])

    async def unpublished(
        self, connection: Connection, cluster: str, limit: int
    ) -> tuple[KeptEvent, ...]:
        """The next of each source."""
        given = {"cluster": cluster, "limit": limit}
        rows = await connection.execute(_SQL["unpublished"], given)
        return tuple(_event(row) for row in await rows.fetchall())

    async def published(self, connection: Connection, event_ids: Sequence[int]) -> None:
        await connection.execute(_SQL["published"], {"ids": list(event_ids)})

    async def _add_event(self, connection: Connection, alert: Alert, event: AlertEvent) -> int:
        given = {
            **event.model_dump(),
            "alert_id": alert.id,
            "uid": uid_of(alert, event),
            "data": Jsonb(data_of(alert, event).model_dump(mode="json")),
        }
        made = int((await _returned(await connection.execute(_SQL["add_event"], given)))["id"])
        queued = {"id": made, "cluster": alert.cluster, "source": alert.source}
        await connection.execute(_SQL["queue_event"], queued)
        return made


async def _returned(cursor: AsyncCursor[DictRow]) -> DictRow:
    row = await cursor.fetchone()
    assert row is not None  # noqa: S101 (these statements give a row back)
    return row


def _row(alert: Alert) -> dict[str, object]:
    return {
        "id": alert.id,
        "cluster": alert.cluster,
        "source": alert.source,
        "cause": alert.cause,
        "status": alert.status,
        "severity": alert.severity,
        "team": alert.team,
        "held": alert.held_since is not None,
        "resolved_at": None if alert.resolved is None else alert.resolved.at,
        "document": Jsonb(alert.model_dump(mode="json", exclude={"id"})),
    }


def _alert(row: DictRow) -> Alert:
    return Alert(**{**row["document"], "id": row["id"]})


def _event(row: DictRow) -> KeptEvent:
    return KeptEvent(**{**row, "uid": str(row["uid"])})
