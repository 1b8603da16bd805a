"""The book of alerts: takes what a look found, and what people do, each in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime, timedelta

from core.alerts import deeds
from core.alerts.alert import Alert
from core.alerts.event import Change, EventKind
from core.alerts.finding import Finding
from core.alerts.life import cause_of, changes
from core.alerts.policy import AlertPolicy
from core.alerts.storable import storable
from tools.db import audit
from tools.db.alerts import AlertRepository
from tools.db.deliveries import AT_ONCE, DeliveryRepository
from tools.db.pool import Connection, Pool
from tools.notifications.channel import EVERYBODY, Notifications

GATHERING = timedelta(seconds=5)
"""How long the first message of an opening waits: what has the same cause is found within seconds
of it, and is then named in it."""

_GATHERED = frozenset({EventKind.OPENED, EventKind.REOPENED})

Deed = Callable[[Alert, datetime], Change | None]


class AlertBook:
    """Of one cluster."""

    def __init__(
        self,
        pool: Pool,
        cluster: str,
        settings: Notifications | None = None,
        policy: AlertPolicy | None = None,
    ) -> None:
        self._pool = pool
        self._cluster = cluster
        self._settings = settings or Notifications()
        self._policy = policy or AlertPolicy()
        self._alerts = AlertRepository(pool)
        self._deliveries = DeliveryRepository(pool)

    async def active_sources(self, connection: Connection | None = None) -> frozenset[str]:
        """Those that must be recorded at each look, though nothing is broken: only so is an alert
        resolved, and only so does a mute end."""
        return await self._alerts.active_sources(self._cluster, connection)

    async def record(
        self,
        connection: Connection,
        source: str,
        findings: Sequence[Finding],
        now: datetime,
        retired: Collection[str] = (),
    ) -> tuple[Alert, ...]:
        """Within the caller's transaction: what all findings of this look, broken or holding, make
        of the source's alerts; gives back those that changed. The same look again changes nothing.

        What is not among `findings` stays as it is. `retired` are rules that are in force no
        longer. Several sources in one transaction are recorded in the order of their names, so that
        two processes cannot wait for each other.
        """
        found = [storable(each) for each in findings]
        broken = [each for each in found if each.broken]
        if not broken and not await self._alerts.has_standing(connection, self._cluster, source):
            return ()
        async with connection.transaction():
            place = await self._alerts.locked_place(connection, self._cluster, source)
            after = now - self._policy.longest_cooldown
            standing = await self._alerts.standing(
                connection, place, after, [cause_of(each) for each in broken]
            )
            made = changes(place, standing, found, now, self._policy, retired)
            return tuple([await self._keep(connection, change) for change in made])

    async def acknowledge(self, alert_id: int, by: str, comment: str | None) -> Alert:
        """Raises AlertNotFoundError and AlertResolvedError."""
        return await self._do(
            alert_id, "acknowledge", lambda alert, now: deeds.acknowledge(alert, by, now, comment),
            by,
        )  # fmt: skip

    async def resolve(self, alert_id: int, by: str, reason: str) -> Alert:
        """Raises AlertNotFoundError."""
        return await self._do(
            alert_id, "resolve", lambda alert, now: deeds.resolve(alert, by, now, reason), by
        )

    async def mute(self, alert_id: int, by: str, until: datetime, reason: str | None) -> Alert:
        """Raises AlertNotFoundError and MuteEndError."""
        return await self._do(
            alert_id, "mute", lambda alert, now: deeds.mute(alert, by, now, until, reason), by
        )

    async def unmute(self, alert_id: int, by: str) -> Alert:
        """Raises AlertNotFoundError."""
        return await self._do(
            alert_id, "unmute", lambda alert, now: deeds.unmute(alert, by, now), by
        )

    async def _do(self, alert_id: int, name: str, deed: Deed, by: str) -> Alert:
        async with self._pool.connection() as connection, connection.transaction():
            known = await self._alerts.locked(connection, alert_id)
            change = deed(known, datetime.now(UTC))
            if change is None:
                return known
            kept = await self._keep(connection, change)
            await audit.record(
                connection,
                actor=by,
                action=f"alert.{name}",
                target=f"alert:{alert_id}",
                before=_state(known),
                after=_state(kept),
            )
            return kept

    async def _keep(self, connection: Connection, change: Change) -> Alert:
        kept = await self._alerts.put(connection, change)
        channels = dict.fromkeys(
            channel.key for channel in self._settings.of(kept.alert.team or EVERYBODY)
        )
        for number, event in kept.events:
            if event.told:
                pause = GATHERING if event.kind in _GATHERED else AT_ONCE
                await self._deliveries.queue_alert_event(
                    connection, kept.alert.id, number, channels, pause
                )
        return kept.alert


def _state(alert: Alert) -> dict[str, object]:
    return alert.model_dump(mode="json", include={"status", "acknowledged", "resolved", "muted"})
