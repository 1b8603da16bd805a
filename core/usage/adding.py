"""A source's days added up: what was written, who read it, who looked at it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core.usage.usage import ReadDay, ReaderUsage, SourceUsage, TeamUsage, Traffic, ViewDay


@dataclass(frozen=True, slots=True)
class DayRow:
    """One day of one topic and reader as it is kept; the reader is empty for what was written."""

    topic: str
    reader: str
    team: str | None
    day: date
    messages: int
    seconds: float
    lag_first: int | None
    lag_last: int | None
    lag_most: int | None
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class ViewRow:
    name: str
    day: date
    via: str
    principal: str
    views: int


@dataclass(frozen=True, slots=True)
class Known:
    """What the catalog says of the source."""

    name: str
    cluster: str
    owner: str | None
    product_id: str | None
    product_name: str | None


def added_up(source: Known, days: Sequence[DayRow], views: Iterable[ViewRow]) -> SourceUsage:
    """`days` are the source's, in their order."""
    written = [row for row in days if not row.reader]
    consumers = _readers([row for row in days if row.reader])
    seconds = sum(row.seconds for row in written)
    view_days = _views(views)
    total = sum(row.messages for row in written)
    return SourceUsage(
        source=source.name,
        cluster=source.cluster,
        owner=source.owner,
        product_id=source.product_id,
        product_name=source.product_name,
        written=total,
        written_per_second=_rate(total, seconds),
        read=sum(each.messages for each in consumers),
        observed_seconds=seconds,
        written_days=tuple(
            Traffic(day=row.day, messages=row.messages, seconds=row.seconds) for row in written
        ),
        teams=_teams(consumers),
        consumers=consumers,
        views=sum(each.api + each.console for each in view_days),
        view_days=view_days,
    )


def _readers(days: Iterable[DayRow]) -> tuple[ReaderUsage, ...]:
    by_group: defaultdict[str, list[DayRow]] = defaultdict(list)
    for row in days:
        by_group[row.reader].append(row)
    readers = (_reader(group, rows) for group, rows in by_group.items())
    return tuple(sorted(readers, key=lambda each: (-each.messages, each.group)))


def _reader(group: str, rows: Sequence[DayRow]) -> ReaderUsage:
    messages = sum(row.messages for row in rows)
    return ReaderUsage(
        group=group,
        team=rows[-1].team,
        messages=messages,
        per_second=_rate(messages, sum(row.seconds for row in rows)),
        lag=rows[-1].lag_last,
        lag_before=rows[0].lag_first,
        first_seen=rows[0].first_at,
        last_seen=rows[-1].last_at,
        days=tuple(
            ReadDay(
                day=row.day,
                messages=row.messages,
                seconds=row.seconds,
                lag=row.lag_last,
                lag_most=row.lag_most,
            )
            for row in rows
        ),
    )


def _teams(consumers: Iterable[ReaderUsage]) -> tuple[TeamUsage, ...]:
    by_team: defaultdict[str | None, list[ReaderUsage]] = defaultdict(list)
    for each in consumers:
        by_team[each.team].append(each)
    teams = (
        TeamUsage(team=team, groups=len(groups), messages=sum(group.messages for group in groups))
        for team, groups in by_team.items()
    )
    return tuple(sorted(teams, key=lambda each: (-each.messages, each.team or "")))


def _views(rows: Iterable[ViewRow]) -> tuple[ViewDay, ...]:
    by_day: defaultdict[date, list[ViewRow]] = defaultdict(list)
    for row in rows:
        by_day[row.day].append(row)
    return tuple(_view_day(day, found) for day, found in sorted(by_day.items()))


def _view_day(day: date, rows: Sequence[ViewRow]) -> ViewDay:
    by: defaultdict[str, int] = defaultdict(int)
    for row in rows:
        by[row.principal] += row.views
    via = {name: sum(row.views for row in rows if row.via == name) for name in ("api", "console")}
    return ViewDay(day=day, api=via["api"], console=via["console"], by=dict(by))


def _rate(messages: int, seconds: float) -> float | None:
    return messages / seconds if seconds > 0 else None
