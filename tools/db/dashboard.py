"""The dashboard's counts: as they are now, and as they were at the end of each day."""

from __future__ import annotations

from core.dashboard import KEPT_DAYS, DayCounts, Measured, SourceScore
from tools.db.pool import Pool
from tools.db.sql import load

_SQL = load("dashboard")


class DashboardRepository:
    """`floor` is the score below which a source counts as a quality issue."""

    def __init__(self, pool: Pool, floor: float) -> None:
        self._pool = pool
        self._floor = floor

    async def measured(self, cluster: str) -> Measured:
        """Counted at this moment; scores are those that were added up last."""
        given = {"cluster": cluster, "floor": self._floor}
        (row,) = await self._pool.rows(_SQL["counts"], given)
        return Measured.model_validate(row)

    async def lowest(self, cluster: str, limit: int) -> tuple[SourceScore, ...]:
        """The sources with the lowest scores of the last 24 hours, as they were added up last."""
        rows = await self._pool.rows(_SQL["lowest"], {"cluster": cluster, "limit": limit})
        return tuple(SourceScore.model_validate(row) for row in rows)

    async def days(self, cluster: str, days: int = KEPT_DAYS) -> tuple[DayCounts, ...]:
        """Of the last days, today among them, oldest first; days that nobody measured are left
        out."""
        rows = await self._pool.rows(_SQL["days"], {"cluster": cluster, "days": days})
        return tuple(DayCounts.model_validate(row) for row in rows)

    async def measure(self, cluster: str, *, unless_within: float = 0) -> bool:
        """Add up the scores and note today's counts, by one process at a time. Does nothing, and
        says so, where that was done within so many seconds or another process is at it."""
        async with self._pool.connection() as connection, connection.transaction():
            given = {"cluster": cluster, "seconds": unless_within}
            for question in ("only_measurer", "due"):
                row = await (await connection.execute(_SQL[question], given)).fetchone()
                if row is None or not all(row.values()):
                    return False
            await connection.execute(_SQL["put_scores"], given)
            counting = {"cluster": cluster, "floor": self._floor}
            row = await (await connection.execute(_SQL["counts"], counting)).fetchone()
            day = Measured.model_validate(row).day
            await connection.execute(_SQL["put_day"], {**day.model_dump(), "cluster": cluster})
            await connection.execute(_SQL["drop_days"], {"cluster": cluster, "days": KEPT_DAYS})
        return True
