"""Views and searches by day, added to what is kept."""

from __future__ import annotations

from collections import Counter
from datetime import date

from tools.db.pool import Connection, Pool
from tools.db.sql import load
from tools.usage.tally import Search, View

_SQL = load("usage")

MOST_QUERIES = 2_000
"""Different texts of searches that are kept of a day; further ones are counted together."""

OTHERS = ""
"""The text that stands for them."""


class UsageCounts:
    def __init__(self, pool: Pool, most_queries: int = MOST_QUERIES) -> None:
        self._pool = pool
        self._most = most_queries

    async def add_views(self, views: Counter[View]) -> None:
        # In one order, so that two processes do not wait for each other.
        rows = sorted(views.items())
        given = {
            "clusters": [view.cluster for view, _ in rows],
            "days": [view.day for view, _ in rows],
            "kinds": [view.kind.value for view, _ in rows],
            "names": [view.name for view, _ in rows],
            "vias": [view.via.value for view, _ in rows],
            "principals": [view.principal for view, _ in rows],
            "views": [count for _, count in rows],
        }
        await self._pool.rows(_SQL["add_views"], given)

    async def add_searches(self, found: Counter[Search], nothing: Counter[Search]) -> None:
        """`nothing` are those that found nothing."""
        async with self._pool.connection() as connection, connection.transaction():
            for cluster in sorted({each.cluster for each in (*found, *nothing)}):
                kept = await self._kept(connection, cluster, {*found, *nothing})
                await self._add(connection, cluster, kept, found, nothing)

    async def _add(
        self,
        connection: Connection,
        cluster: str,
        kept: dict[tuple[date, str], str],
        found: Counter[Search],
        nothing: Counter[Search],
    ) -> None:
        sums: dict[tuple[date, str], list[int]] = {}
        for counter, empty in ((found, False), (nothing, True)):
            for search, count in counter.items():
                if search.cluster == cluster:
                    place = (search.day, kept[search.day, search.query])
                    sums.setdefault(place, [0, 0])[0] += count
                    sums[place][1] += count if empty else 0
        rows = sorted(sums.items())
        given = {
            "clusters": [cluster] * len(rows),
            "days": [day for (day, _), _ in rows],
            "queries": [query for (_, query), _ in rows],
            "searches": [counts[0] for _, counts in rows],
            "nothing": [counts[1] for _, counts in rows],
        }
        await connection.execute(_SQL["add_searches"], given)

    async def _kept(
        self, connection: Connection, cluster: str, searches: set[Search]
    ) -> dict[tuple[date, str], str]:
        """The text that each is kept under: its own, while there is room in its day."""
        wanted = sorted({(each.day, each.query) for each in searches if each.cluster == cluster})
        given = {
            "cluster": cluster,
            "days": sorted({day for day, _ in wanted}),
            "queries": [query for _, query in wanted],
        }
        rows = await (await connection.execute(_SQL["known_searches"], given)).fetchall()
        known = {(row["day"], query) for row in rows for query in row["known"]}
        room = {row["day"]: self._most - row["kept"] for row in rows}
        kept = {}
        for day, query in wanted:
            fits = (day, query) in known or room.get(day, self._most) > 0
            if fits and (day, query) not in known:
                room[day] = room.get(day, self._most) - 1
            kept[day, query] = query if fits else OTHERS
        return kept
