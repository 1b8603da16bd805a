"""The worker of the dashboard: adds up scores, and keeps each day's counts."""

from __future__ import annotations

from server.workers.polling import repeatedly
from tools.db.dashboard import DashboardRepository

EVERY_SECONDS = 45.0
"""How old what was added up may be before it is done anew, by whichever process comes first."""

_LOOK_SECONDS = 15.0


class Measuring:
    def __init__(self, dashboard: DashboardRepository, cluster: str) -> None:
        self._dashboard = dashboard
        self._cluster = cluster

    async def run(self) -> None:
        """Measure until cancelled."""
        await repeatedly(self._look, _LOOK_SECONDS, "dashboard")

    async def _look(self) -> None:
        await self._dashboard.measure(self._cluster, unless_within=EVERY_SECONDS)
