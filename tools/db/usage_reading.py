"""Reads of what is used: by source, what is unused, and what was searched for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.usage.adding import DayRow, Known, ViewRow, added_up
from core.usage.period import Period
from core.usage.team import names_of, owner_named
from core.usage.unused import SearchCount, Unused, UnusedKind
from core.usage.usage import SourceUsage
from tools.db.cursor import Page, read_cursor, write_cursor
from tools.db.pool import Pool
from tools.db.sql import load
from tools.usage.tally import Kind

_SQL = load("usage_reading")

_DaysOf = defaultdict[str, list[DayRow]]
_ViewsOf = defaultdict[str, list[ViewRow]]


@dataclass(frozen=True, slots=True)
class UsageFilter:
    """Each that is given holds. `team` owns the source or reads it; `mine` are the owners that the
    asker is, None where everything may be seen."""

    source: str | None = None
    product: str | None = None
    team: str | None = None
    mine: tuple[str, ...] | None = None


class UsageRepository:
    """Of one cluster at a time. All lists are keyset pages."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def list(
        self,
        cluster: str,
        period: Period,
        asked: UsageFilter,
        *,
        limit: int = 50,
        cursor: str | None = None,
    ) -> Page[SourceUsage]:
        """Sources by name. Of what is another team's, only what the asker's own teams read."""
        (after,) = read_cursor(cursor, str)
        given = {
            "cluster": cluster,
            "source": asked.source,
            "product": asked.product,
            **_narrowed(asked),
            **period.model_dump(),
            "after": after,
            "limit": limit + 1,
        }
        rows = await self._pool.rows(_SQL["sources"], given)
        known = [Known(**row) for row in rows[:limit]]
        items = await self._added_up(cluster, period, known, asked.mine)
        more = len(rows) > limit
        return Page(items, write_cursor(items[-1].source) if more else None)

    async def unused(
        self,
        cluster: str,
        period: Period,
        asked: UsageFilter,
        *,
        kind: UnusedKind | None = None,
        limit: int = 50,
        cursor: str | None = None,
    ) -> Page[Unused]:
        """By kind and name."""
        after_kind, after_name = read_cursor(cursor, str, str)
        given = {
            "cluster": cluster,
            "kind": kind,
            **_narrowed(asked),
            **period.model_dump(),
            "after_kind": after_kind,
            "after_name": after_name,
            "limit": limit + 1,
        }
        rows = await self._pool.rows(_SQL["unused"], given)
        items = tuple(
            Unused(**{**row, "topics": tuple(row["topics"])}, why=_why(row["kind"], period))
            for row in rows[:limit]
        )
        more = len(rows) > limit
        return Page(items, write_cursor(items[-1].kind, items[-1].name) if more else None)

    async def searches(
        self,
        cluster: str,
        period: Period,
        *,
        only_nothing: bool = False,
        limit: int = 50,
        cursor: str | None = None,
    ) -> Page[SearchCount]:
        """The most searched for first; with `only_nothing` those that found nothing most often."""
        after_count, after_query = read_cursor(cursor, int, str)
        given = {
            "cluster": cluster,
            **period.model_dump(),
            "only_nothing": only_nothing,
            "after_count": after_count,
            "after_query": after_query,
            "limit": limit + 1,
        }
        rows = await self._pool.rows(_SQL["searches"], given)
        items = tuple(
            SearchCount(**{**row, "last_day": row["last_day"].isoformat()}) for row in rows[:limit]
        )
        if len(rows) <= limit:
            return Page(items, None)
        last = items[-1]
        count = last.nothing_found if only_nothing else last.searches
        return Page(items, write_cursor(count, last.query))

    async def _added_up(
        self,
        cluster: str,
        period: Period,
        known: Sequence[Known],
        mine: tuple[str, ...] | None,
    ) -> tuple[SourceUsage, ...]:
        names = [each.name for each in known]
        days = await self._days(cluster, period, names)
        views = await self._views(cluster, period, names)
        return tuple(
            added_up(each, list(_visible(each, days[each.name], mine)), views[each.name])
            for each in known
        )

    async def _days(self, cluster: str, period: Period, topics: Sequence[str]) -> _DaysOf:
        given = {"cluster": cluster, "topics": list(topics), **period.model_dump()}
        found: _DaysOf = defaultdict(list)
        for row in await self._pool.rows(_SQL["days"], given):
            found[row["topic"]].append(DayRow(**row))
        return found

    async def _views(self, cluster: str, period: Period, names: Sequence[str]) -> _ViewsOf:
        given = {"cluster": cluster, "kind": Kind.SOURCE, "names": list(names)}
        found: _ViewsOf = defaultdict(list)
        for row in await self._pool.rows(_SQL["views"], {**given, **period.model_dump()}):
            found[row["name"]].append(ViewRow(**row))
        return found


def _narrowed(asked: UsageFilter) -> dict[str, object]:
    owner = None if asked.team is None else owner_named(asked.team)
    mine = None if asked.mine is None else [each.lower() for each in asked.mine]
    return {
        "owner": owner,
        "team_names": [] if owner is None else names_of([owner]),
        "mine": mine,
        "mine_names": names_of(mine or ()),
    }


def _visible(
    source: Known, days: Iterable[DayRow], mine: tuple[str, ...] | None
) -> Iterable[DayRow]:
    """All of what the asker owns, or may see anyway; else what is written, and his own groups."""
    if mine is None or (source.owner or "").lower() in {each.lower() for each in mine}:
        return days
    own = names_of(mine)
    return (row for row in days if not row.reader or (row.team or "").lower() in own)


def _why(kind: str, period: Period) -> str:
    of = f"from {period.words}, by the offsets that were looked at all the while"
    match UnusedKind(kind):
        case UnusedKind.PRODUCT:
            return f"No consumer group read any of its topics {of}."
        case UnusedKind.UNREAD:
            return f"It was written to, and no consumer group read on, {of}."
        case UnusedKind.SILENT:
            return f"Nothing was written to it {of}."
