"""What watchers counted, read for people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from psycopg.rows import DictRow

from core.quality.implied import completed
from core.quality.rule import QualityRule, readable
from core.quality.score import Score, Slice, basis_of, dimensions, rule_scores
from core.quality.summary import Basis, LiveQuality, QualitySummary, share_good
from core.quality.window import Window, total
from core.schema.model import Schema
from tools.db.pool import Pool
from tools.db.sql import load

_SQL = load("quality")
_DAY = timedelta(hours=24)
_MINUTE, _SLICE = timedelta(minutes=1), timedelta(minutes=3)
_RECENT, _HALF_HOUR = timedelta(minutes=5), timedelta(minutes=30)


class QualityRepository:
    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def score(
        self,
        source: str,
        cluster: str,
        *,
        schema: Schema | None,
        managed: bool,
        span: timedelta = _DAY,
        until: datetime | None = None,
    ) -> Score:
        """Of the stretch that ends now, or at `until`; its ends are whole minutes, and before the
        last hours whole hours."""
        end = until or datetime.now(UTC)
        since = end - span
        rows = await self._windows(source, cluster, since, end)
        window = total(found for _, found in rows)
        before = total(
            found for _, found in await self._windows(source, cluster, since - span, since)
        )
        rules, contract = await self.rules(source, cluster, schema, managed=managed)
        latest = await self._pool.rows(_SQL["latest"], {"cluster": cluster, "topics": [source]})
        return Score(
            source=source,
            since=since,
            until=end,
            basis=basis_of(rules, contract=contract),
            score=window.score,
            records=window.records,
            bad=window.bad,
            skipped=window.skipped,
            sampled=_sampled(window.records, window.skipped),
            unread=dict(window.unread),
            tombstones=window.tombstones,
            dimensions=dimensions(window, rules),
            rules=rule_scores(window, rules),
            previous=before.score,
            history=_history(rows),
            newest=_at(window.last_ms),
            updated_at=latest[0]["updated_at"] if latest else None,
            lag=_lag(latest[0]) if latest else None,
        )

    async def window(self, source: str, cluster: str, since: datetime, until: datetime) -> Window:
        """All that was counted in the stretch."""
        return total(found for _, found in await self._windows(source, cluster, since, until))

    async def rules(
        self, source: str, cluster: str, schema: Schema | None, *, managed: bool
    ) -> tuple[tuple[QualityRule, ...], bool]:
        """The rules that records are put to, and whether a contract has some."""
        rows = await self._pool.rows(_SQL["rules"], {"cluster": cluster, "topic": source})
        found = readable(row["rule"] for row in rows)
        contract = any(row["product_id"] is not None for row in rows)
        return completed(found, schema, managed=managed), contract

    async def summaries(
        self, cluster: str, sources: Collection[str] | None = None
    ) -> dict[str, QualitySummary]:
        """Of the last 24 hours, by source; None is all that are watched."""
        now = datetime.now(UTC)
        given = {"cluster": cluster, "topics": None if sources is None else list(sources)}
        stretches = {"before": now - 2 * _DAY, "since": now - _DAY, "until": now}
        query = "sums" if sources is None else "sums_of"
        sums = await self._by_topic(query, {**given, **stretches})
        latest = await self._by_topic("latest", given)
        bases = await self._by_topic("bases", given)
        return {
            name: QualitySummary(
                source=name,
                **_counts(sums.get(name)),
                basis=_basis(bases.get(name)),
                **_state(latest.get(name)),
            )
            for name in sorted(bases.keys() | latest.keys())
        }

    async def live(self, cluster: str) -> dict[str, LiveQuality]:
        """Of the last half hour, by source: all that something was ever counted of."""
        now = datetime.now(UTC)
        current = now.replace(second=0, microsecond=0)
        given = {
            "cluster": cluster, "current": current, "seconds": _SLICE.total_seconds(),
            "since": current - _HALF_HOUR, "recent": current - _RECENT,
            "latest": current - _MINUTE,
        }  # fmt: skip
        slices: defaultdict[str, list[DictRow]] = defaultdict(list)
        for row in await self._pool.rows(_SQL["slices"], given):
            slices[row["topic"]].append(row)
        latest = await self._by_topic("latest", {"cluster": cluster, "topics": None})
        elapsed = (now - current + _MINUTE).total_seconds()
        return {
            name: _live(name, slices.get(name, ()), elapsed, latest[name])
            for name in sorted(latest)
        }

    async def _by_topic(self, query: str, given: Mapping[str, object]) -> dict[str, DictRow]:
        return {row["topic"]: row for row in await self._pool.rows(_SQL[query], given)}

    async def _windows(
        self, source: str, cluster: str, since: datetime, until: datetime
    ) -> list[tuple[tuple[datetime, int], Window]]:
        given = {"cluster": cluster, "topic": source, "since": since, "until": until}
        rows = await self._pool.rows(_SQL["windows"], given, binary=True)
        return [
            ((row["start"], row["minutes"]), Window.from_bytes(bytes(row["state"]))) for row in rows
        ]


def _history(rows: Iterable[tuple[tuple[datetime, int], Window]]) -> tuple[Slice, ...]:
    by_start: dict[tuple[datetime, int], list[Window]] = defaultdict(list)
    for start, window in rows:
        by_start[start].append(window)
    return tuple(
        Slice(
            start=start,
            minutes=minutes,
            records=sum(window.records for window in found),
            bad=sum(window.bad for window in found),
        )
        for (start, minutes), found in sorted(by_start.items())
    )


def _live(source: str, slices: Sequence[DictRow], elapsed: float, latest: DictRow) -> LiveQuality:
    """`elapsed` are the seconds in which what `arrived` came."""
    records, bad, skipped, arrived = (
        sum(row[what] for row in slices)
        for what in ("recent_records", "recent_bad", "recent_skipped", "arrived")
    )
    trend: list[float | None] = [None] * (_HALF_HOUR // _SLICE)
    for row in slices:
        # Producers' clocks may be ahead: such slices are of no time that is told here.
        if 0 <= row["back"] < len(trend):
            trend[-1 - row["back"]] = share_good(row["records"], row["bad"])
    return LiveQuality(
        source=source,
        score=share_good(records, bad),
        records=records,
        bad=bad,
        records_per_second=arrived / elapsed,
        sampled=_sampled(records, skipped),
        trend=tuple(trend),
        **_state(latest),
    )


def _counts(row: DictRow | None) -> dict[str, Any]:
    if row is None:
        return {"score": None, "previous": None, "records": 0, "bad": 0, "sampled": None}
    return {
        "score": share_good(row["records"], row["bad"]),
        "previous": share_good(row["records_before"], row["bad_before"]),
        "records": row["records"],
        "bad": row["bad"],
        "sampled": _sampled(row["records"], row["skipped"]),
    }


def _state(row: DictRow | None) -> dict[str, Any]:
    """When it was counted last, and how many records wait."""
    if row is None:
        return {"updated_at": None, "lag": None}
    return {"updated_at": row["updated_at"], "lag": _lag(row)}


def _at(milliseconds: int | None) -> datetime | None:
    return None if milliseconds is None else datetime.fromtimestamp(milliseconds / 1_000, UTC)


def _sampled(records: int, skipped: int) -> float | None:
    whole = records + skipped
    return None if not whole else records / whole


def _basis(row: DictRow | None) -> Basis:
    if row is None:
        return Basis.NONE
    if row["contract"]:
        return Basis.CONTRACT
    return Basis.STATED if row["stated"] else Basis.INFERRED


def _lag(row: DictRow) -> int | None:
    return None if row["unknown"] or row["lag"] is None else int(row["lag"])
