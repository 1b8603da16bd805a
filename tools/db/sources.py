"""Reads of the catalog's sources; the writes of a scan are in `tools/db/findings.py`."""

from __future__ import annotations

from collections.abc import Sequence

from core.names import key
from core.search import SearchFilters
from core.source import (
    SchemaVersion,
    SourceChange,
    SourceChangeKind,
    SourceDetail,
    SourceSort,
    SourceStatus,
    SourceSummary,
)
from tools.db.cursor import Page, read_cursor, write_cursor
from tools.db.pool import Pool
from tools.db.sql import load
from tools.db.summaries import change_of, detail_of, summary_of, version_of

_SQL = load("sources")


class SourceNotFoundError(LookupError):
    """The catalog has no such source; the text names those that look like it."""

    def __init__(self, cluster: str, name: str, near: Sequence[str]) -> None:
        self.cluster, self.name, self.near = cluster, name[:300], tuple(near)
        advice = (
            f"Did you mean {', '.join(near)}?"
            if near
            else "Search for it, or run a scan if it is new."
        )
        super().__init__(f"There is no source {self.name!r} on cluster {cluster!r}. {advice}")


class SourceRepository:
    """Sources by name, in lists and by id. All lists are keyset pages."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def get(self, name: str, cluster: str = "default") -> SourceDetail:
        """Everything about one source. Raises `SourceNotFoundError` with near names."""
        at = {"cluster": cluster, "name": name.replace("\0", "")}
        async with self._pool.connection() as conn:
            row = await (await conn.execute(_SQL["get"], at)).fetchone()
            if row is None:
                near = await (await conn.execute(_SQL["near_names"], at)).fetchall()
                raise SourceNotFoundError(cluster, name, [found["name"] for found in near])
            consumers = await (await conn.execute(_SQL["consumers"], at)).fetchall()
        return detail_of(row, consumers)

    async def list(
        self,
        filters: SearchFilters | None = None,
        *,
        cluster: str | None = None,
        status: SourceStatus | None = None,
        sort: SourceSort = SourceSort.NAME,
        limit: int = 50,
        cursor: str | None = None,
    ) -> Page[SourceSummary]:
        """Without a `status` the filters say whether vanished ones are in it."""
        wanted = (filters or SearchFilters()).model_dump()
        if status is None and not wanted["include_vanished"]:
            status = SourceStatus.PRESENT
        given = {"cluster": cluster, "status": status, "limit": limit + 1}
        by_name = sort is SourceSort.NAME
        after = _after_name(cursor) if by_name else {**_after_weight(cursor), "sort": sort}
        query = _SQL["list" if by_name else "list_by"]
        rows = await self._pool.rows(query, {**wanted, **given, **after})
        items = tuple(summary_of(row, row["consuming_teams"]) for row in rows[:limit])
        if len(rows) <= limit:
            return Page(items, None)
        last = rows[limit - 1]
        weight = () if by_name else (last["weight"],)
        return Page(items, write_cursor(*weight, last["name"], last["cluster"]))

    async def names(self, cluster: str) -> tuple[str, ...]:
        """Of all present sources, in order."""
        return tuple(
            row["name"] for row in await self._pool.rows(_SQL["names"], {"cluster": cluster})
        )

    async def topics_of_product(self, name: str, cluster: str, limit: int = 20) -> tuple[str, ...]:
        """The topics of the product of this name or id, in any spelling; empty if there is none."""
        plain = name.replace("\0", "")
        given = {"name": plain, "key": key(plain), "cluster": cluster, "limit": limit}
        rows = await self._pool.rows(_SQL["topics_of_product"], given)
        return tuple(row["name"] for row in rows)

    async def versions(
        self, name: str, cluster: str = "default", *, limit: int = 50, cursor: str | None = None
    ) -> Page[SchemaVersion]:
        """A source's schema versions, newest first."""
        source = await self.get(name, cluster)
        (before,) = read_cursor(cursor, int)
        given = {"id": source.id, "before": before, "limit": limit + 1}
        rows = await self._pool.rows(_SQL["versions"], given)
        items = tuple(version_of(row) for row in rows[:limit])
        return Page(items, write_cursor(items[-1].version) if len(rows) > limit else None)

    async def changes(
        self,
        name: str | None = None,
        cluster: str | None = None,
        *,
        kind: SourceChangeKind | None = None,
        scan_id: int | None = None,
        limit: int = 50,
        cursor: str | None = None,
    ) -> Page[SourceChange]:
        """What scans found different, newest first, over all sources or of one."""
        (before,) = read_cursor(cursor, int)
        given = {"name": name, "cluster": cluster, "kind": kind, "scan_id": scan_id}
        rows = await self._pool.rows(
            _SQL["changes"], {**given, "before": before, "limit": limit + 1}
        )
        items = tuple(change_of(row) for row in rows[:limit])
        return Page(items, write_cursor(items[-1].id) if len(rows) > limit else None)


def _after_name(cursor: str | None) -> dict[str, object]:
    name, cluster = read_cursor(cursor, str, str)
    return {"after_name": name, "after_cluster": cluster}


def _after_weight(cursor: str | None) -> dict[str, object]:
    weight, name, cluster = read_cursor(cursor, int, str, str)
    return {"after_weight": weight, "after_name": name, "after_cluster": cluster}
