"""The counts of use, by day: added up as they are seen, each difference once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import orjson

from core.usage.mark import Mark, Step, following, step
from tools.db.pool import Connection, Pool
from tools.db.sql import load

_SQL = load("usage")

WRITTEN = ""
"""The reader that is none: what was written to a topic. No group has an empty name here."""

Place = tuple[str, str]
"""A topic and a reader of it."""


@dataclass(frozen=True, slots=True)
class Seen:
    """Where a reader stands on a topic, or, of `WRITTEN`, where its end is."""

    topic: str
    reader: str
    offsets: Mapping[int, int]
    team: str | None = None
    lag: int | None = None


@dataclass(frozen=True, slots=True)
class _Counted:
    seen: Seen
    step: Step
    mark: Mark


class UsageLedger:
    """Of one cluster."""

    def __init__(self, pool: Pool, cluster: str) -> None:
        self._pool = pool
        self._cluster = cluster

    async def observe(self, seen: Sequence[Seen], at: datetime) -> int:
        """Add what moved since the marks to the day of `at`, and move the marks.

        A look that comes late, or again, counts nothing. Returns how many places it counted.
        """
        async with self._pool.connection() as connection, connection.transaction():
            await connection.execute(_SQL["lock"], {"cluster": self._cluster})
            marks = await self._marks(connection)
            counted = list(_counted(marks, seen, at))
            if counted:
                await self._put(connection, counted, at)
        return len(counted)

    async def forget(self, keep_days: int, today: date | None = None) -> None:
        """Delete counts older than so many days, of all clusters."""
        end = today or datetime.now(UTC).date()
        before = {"before": end - timedelta(days=keep_days)}
        async with self._pool.connection() as connection, connection.transaction():
            for query in ("forget_days", "forget_views", "forget_searches", "forget_marks"):
                await connection.execute(_SQL[query], before)

    async def _marks(self, connection: Connection) -> dict[Place, Mark]:
        found = await connection.execute(_SQL["marks"], {"cluster": self._cluster})
        return {
            (row["topic"], row["reader"]): Mark(
                {int(partition): offset for partition, offset in row["offsets"].items()}, row["at"]
            )
            for row in await found.fetchall()
        }

    async def _put(self, connection: Connection, counted: Sequence[_Counted], at: datetime) -> None:
        places = {
            "cluster": self._cluster,
            "at": at,
            "topics": [each.seen.topic for each in counted],
            "readers": [each.seen.reader for each in counted],
        }
        offsets = [_text(each.mark) for each in counted]
        await connection.execute(_SQL["put_marks"], {**places, "offsets": offsets})
        counts = {
            "teams": [each.seen.team for each in counted],
            "messages": [each.step.messages for each in counted],
            "seconds": [each.step.seconds for each in counted],
            "lags": [each.seen.lag for each in counted],
        }
        await connection.execute(_SQL["add"], {**places, **counts})


def _counted(marks: Mapping[Place, Mark], seen: Sequence[Seen], at: datetime) -> Iterator[_Counted]:
    for each in seen:
        before, now = marks.get((each.topic, each.reader)), Mark(each.offsets, at)
        moved = step(before, now)
        if moved is not None and each.offsets:
            yield _Counted(each, moved, following(before, now))


def _text(mark: Mark) -> str:
    return orjson.dumps(dict(mark.offsets), option=orjson.OPT_NON_STR_KEYS).decode()
