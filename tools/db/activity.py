"""What happened, read from the tables in which it was noted."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from psycopg.rows import DictRow

from core.activity import Activity, ActivityKind, title_of
from tools.db.cursor import Page, read_cursor, read_moment, write_cursor
from tools.db.pool import Pool
from tools.db.sql import load

_SQL = load("activity")


class ActivityRepository:
    """The view `activity` says what counts as what."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def list(
        self,
        cluster: str,
        *,
        kinds: Sequence[ActivityKind] | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        limit: int = 50,
        cursor: str | None = None,
    ) -> Page[Activity]:
        """Newest first; of this cluster and of none. Both ends of the stretch are within it."""
        at, key = read_cursor(cursor, str, int)
        given = {
            "cluster": cluster, "kinds": list(kinds) if kinds else None, "since": since,
            "until": until, "before_at": read_moment(cursor, at), "before_key": key,
            "limit": limit + 1,
        }  # fmt: skip
        rows = await self._pool.rows(_SQL["list"], given)
        items = tuple(_activity(row) for row in rows[:limit])
        if len(rows) <= limit:
            return Page(items, None)
        return Page(items, write_cursor(items[-1].at.isoformat(), items[-1].id))

    async def counts(
        self, cluster: str, kinds: Collection[ActivityKind], since: datetime, until: datetime
    ) -> dict[ActivityKind, int]:
        """How often each of these happened; what did not is left out."""
        given = {"cluster": cluster, "kinds": list(kinds), "since": since, "until": until}
        rows = await self._pool.rows(_SQL["counts"], given)
        return {ActivityKind(row["kind"]): row["count"] for row in rows}


def _activity(row: DictRow) -> Activity:
    kind, subject = ActivityKind(row["kind"]), str(row["subject"])
    return Activity(
        id=row["key"],
        at=row["at"],
        kind=kind,
        subject=subject,
        title=title_of(kind, subject, row["title"], row["facts"]),
        by=row["by"],
        cluster=row["cluster"],
    )
