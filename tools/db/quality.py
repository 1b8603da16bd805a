"""What watchers counted, read for people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime, timedelta

from psycopg.rows import DictRow
from pydantic import BaseModel, ConfigDict, ValidationError

from core.quality.implied import completed
from core.quality.rule import QualityRule
from core.quality.score import Basis, Score, Slice, basis_of, dimensions, rule_scores
from core.quality.window import Window, total
from core.schema.model import Schema
from tools.db.pool import Pool
from tools.db.sql import load

_SQL = load("quality")
_DAY = timedelta(hours=24)


class QualitySummary(BaseModel):
    """One line of a list: the score of the last 24 hours and what it rests on."""

    model_config = ConfigDict(frozen=True)
    source: str
    score: float | None
    previous: float | None
    records: int
    bad: int
    sampled: float | None
    basis: Basis
    updated_at: datetime | None
    lag: int | None


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
        found = tuple(rule for row in rows if (rule := _rule(row["rule"])) is not None)
        contract = any(row["product_id"] is not None for row in rows)
        return completed(found, schema, managed=managed), contract

    async def summaries(
        self, cluster: str, sources: Collection[str] | None = None
    ) -> dict[str, QualitySummary]:
        """Of the last 24 hours, by source; None is all that are watched."""
        now = datetime.now(UTC)
        given = {"cluster": cluster, "topics": None if sources is None else list(sources)}
        sums = await self._sums(given, now - _DAY, now)
        before = await self._sums(given, now - 2 * _DAY, now - _DAY)
        latest = {row["topic"]: row for row in await self._pool.rows(_SQL["latest"], given)}
        bases = {row["topic"]: row for row in await self._pool.rows(_SQL["bases"], given)}
        return {
            name: QualitySummary(
                source=name,
                score=_score(sums.get(name)),
                previous=_score(before.get(name)),
                records=sums[name]["records"] if name in sums else 0,
                bad=sums[name]["bad"] if name in sums else 0,
                sampled=_sampled(sums[name]["records"], sums[name]["skipped"])
                if name in sums
                else None,
                basis=_basis(bases.get(name)),
                updated_at=latest[name]["updated_at"] if name in latest else None,
                lag=_lag(latest[name]) if name in latest else None,
            )
            for name in sorted(bases.keys() | latest.keys())
        }

    async def _windows(
        self, source: str, cluster: str, since: datetime, until: datetime
    ) -> list[tuple[tuple[datetime, int], Window]]:
        given = {"cluster": cluster, "topic": source, "since": since, "until": until}
        rows = await self._pool.rows(_SQL["windows"], given, binary=True)
        return [
            ((row["start"], row["minutes"]), Window.from_bytes(bytes(row["state"]))) for row in rows
        ]

    async def _sums(
        self, given: Mapping[str, object], since: datetime, until: datetime
    ) -> dict[str, DictRow]:
        rows = await self._pool.rows(_SQL["sums"], {**given, "since": since, "until": until})
        return {row["topic"]: row for row in rows}


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


def _rule(told: object) -> QualityRule | None:
    try:
        return QualityRule.model_validate(told)
    except ValidationError:
        return None


def _score(row: DictRow | None) -> float | None:
    return None if row is None or not row["records"] else 1 - row["bad"] / row["records"]


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
