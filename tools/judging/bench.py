"""The bench: takes what was counted since the last sitting, judges it, and has alerts kept of it.

Counts are taken, verdicts reached and alerts written in one transaction: whatever is killed, each
count is judged once.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Protocol

from psycopg.rows import DictRow

from core.alerts.finding import Finding
from core.quality.judging.judge import Judge, JudgementUnreadableError
from core.quality.judging.look import GroupLag, Look, unpack_arrivals
from core.quality.rule import Metric
from core.quality.window import Window
from tools.db.pool import Connection, Pool
from tools.db.sql import load
from tools.watching.rulebook import TopicRules, rulebook

_SQL = load("judging")
_WATCHING = load("watching")
_AT_ONCE = 2_000
_KEEP_SECONDS = 60.0
"""How often what judges know is written where nothing is wrong: what is lost is learnt again."""
_TO_LOSE = 0.1
"""Sooner where so large a part of it is new: history comes only once."""
_SLOW_SECONDS = 0.5
_LAG_KNOWN = timedelta(hours=2)
"""A lag that was measured longer ago says nothing of now."""


class Book(Protocol):
    """Keeps alerts of findings, within the given transaction."""

    async def active_sources(self, connection: Connection) -> frozenset[str]: ...

    async def record(
        self,
        connection: Connection,
        source: str,
        findings: Sequence[Finding],
        now: datetime,
        retired: Collection[str],
    ) -> object: ...


log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Seat:
    """A judge, and whether it knows what is not written: `written` and `since` are how many records
    it had looked at when it was written last, as far as this process knows, and since then."""

    judge: Judge
    hash: str
    dirty: bool = False
    written: int = 0
    since: int = 0
    retired: set[str] = field(default_factory=set)
    """Rules that it was put to no longer since the book was told last."""


@dataclass(slots=True)
class Tally:
    """What was judged since this process began: looks at a source, findings, and their time."""

    looks: int = 0
    findings: int = 0
    seconds: float = 0.0


class Bench:
    """Of one cluster; one process sits, the others wait until its connection ends."""

    def __init__(self, pool: Pool, cluster: str, book: Book) -> None:
        self._pool = pool
        self._cluster = cluster
        self._book = book
        self._seats: dict[str, _Seat] = {}
        self._heads: dict[str, str] = {}
        self._rules: dict[str, TopicRules] = {}
        self._version: object = None
        self._kept = 0.0
        self.tally = Tally()

    async def sit(self, seconds: float) -> None:
        """Judge until cancelled, with such pauses; not at all while another process does.

        Raises DatabaseUnreachableError; whatever is raised, the next sitting begins with what was
        written.
        """
        async with self._pool.connection() as connection:
            try:
                if not await self._held(connection):
                    return
                await self._recall(connection)
                while True:
                    await self.look(connection)
                    await asyncio.sleep(seconds)
            finally:
                # The lock is the connection's.
                await connection.close()

    async def look(self, connection: Connection, now: datetime | None = None) -> list[Finding]:
        """One sitting; gives back what was found."""
        at = now or datetime.now(UTC)
        started = time.monotonic()
        async with connection.transaction():
            await self._read_rules(connection)
            active = await self._book.active_sources(connection)
            looks = await self._looks(connection, at, active)
            found: list[Finding] = []
            for look in looks:
                found += await self._judge(connection, look, told=look.source in active)
            await self._keep(connection)
        took = time.monotonic() - started
        self.tally.looks += len(looks)
        self.tally.findings += len(found)
        self.tally.seconds += took
        if took > _SLOW_SECONDS:
            log.info("judging %s sources took %.1f s", len(looks), took)
        return found

    async def _held(self, connection: Connection) -> bool:
        name = f"headwater.judge.{self._cluster}"
        row = await (await connection.execute(_SQL["lock"], {"name": name})).fetchone()
        return row is not None and bool(row["held"])

    async def _read_rules(self, connection: Connection) -> None:
        given = {"cluster": self._cluster}
        version = await _one(connection, "rules_changed", given)
        if version == self._version:
            return
        rows = await (await connection.execute(_WATCHING["heads"], given)).fetchall()
        self._heads = {row["topic"]: row["hash"] for row in rows}
        self._version = version
        for topic in self._seats.keys() - self._heads.keys():
            del self._seats[topic]
            self._rules.pop(topic, None)
        # What speaks up without a record has its seat from the start.
        await self._learn_rules(connection, [row["topic"] for row in rows if row["timed"]])
        now_ms = round(datetime.now(UTC).timestamp() * 1_000)
        for row in rows:
            if row["timed"] and row["topic"] in self._rules:
                self._seat(self._rules[row["topic"]], now_ms)

    async def _learn_rules(self, connection: Connection, topics: Collection[str]) -> None:
        """Those that changed, or were not needed until now."""
        wanted = [
            topic
            for topic in topics
            if topic in self._heads
            and (topic not in self._rules or self._rules[topic].hash != self._heads[topic])
        ]
        if wanted:
            given = {"cluster": self._cluster, "topics": wanted}
            rows = await (await connection.execute(_WATCHING["rules"], given)).fetchall()
            self._rules |= await asyncio.to_thread(rulebook, rows)

    async def _looks(
        self, connection: Connection, now: datetime, active: Collection[str]
    ) -> list[Look]:
        """By name: of what has records, of what there is something to say without, and of what has
        an alert, which may end."""
        given = {"cluster": self._cluster, "limit": _AT_ONCE}
        rows = await (await connection.execute(_SQL["looks"], given)).fetchall()
        told = await (await connection.execute(_SQL["heard"], given)).fetchone()
        heard: datetime | None = None if told is None else told["heard"]
        counted = await asyncio.to_thread(_read, rows, heard)
        await self._learn_rules(connection, {look.source for look in counted} | set(active))
        now_ms = round(now.timestamp() * 1_000)
        seen = {look.source for look in counted}
        due = {topic for topic, seat in self._seats.items() if seat.judge.due(now_ms)}
        silent = (
            Look(topic, Window(), Counter(), now, heard=heard)
            for topic in (due | set(active)) - seen
        )
        every = [look for look in (*counted, *silent) if look.source in self._rules]
        every = await self._with_lags(connection, every, now)
        # By name: two processes that record alerts must not wait for each other.
        return sorted(every, key=lambda look: look.source)

    async def _with_lags(
        self, connection: Connection, looks: Sequence[Look], now: datetime
    ) -> list[Look]:
        """Where a rule is about lag, with that of each group."""
        topics = sorted({look.source for look in looks if self._lagging(look.source)})
        if not topics:
            return list(looks)
        given = {"cluster": self._cluster, "topics": topics, "since": now - _LAG_KNOWN}
        found: dict[str, list[GroupLag]] = {}
        for row in await (await connection.execute(_SQL["lags"], given)).fetchall():
            lag = GroupLag(row["group_id"], row["lag"], row["at"])
            found.setdefault(row["topic"], []).append(lag)
        return [replace(look, lags=tuple(found.get(look.source, ()))) for look in looks]

    def _lagging(self, topic: str) -> bool:
        return any(rule.metric is Metric.LAG for rule in self._rules[topic].rules)

    async def _judge(self, connection: Connection, look: Look, *, told: bool) -> list[Finding]:
        seat = self._seat(self._rules[look.source], look.now_ms)
        found = seat.judge.look(look)
        seat.dirty = True
        seat.since += look.counted.records
        if found or told:
            retired, seat.retired = seat.retired, set()
            await self._book.record(connection, look.source, found, look.now, retired)
        if found:
            # What was handed on and what the judge knows stand together.
            await self._write(connection, look.source, seat)
        return found

    def _seat(self, rules: TopicRules, now_ms: int) -> _Seat:
        seat = self._seats.get(rules.topic)
        if seat is None:
            judge = Judge(now_ms, rules.rules)
            seat = self._seats[rules.topic] = _Seat(judge, rules.hash)
        elif seat.hash != rules.hash:
            seat.retired |= {rule.id for rule in seat.judge.rules} - {r.id for r in rules.rules}
            seat.judge.put_to(rules.rules)
            seat.hash = rules.hash
        return seat

    async def _recall(self, connection: Connection) -> None:
        """What an earlier sitting knew."""
        self._seats.clear()
        self._version = None
        await self._read_rules(connection)
        given = {"cluster": self._cluster}
        rows = await (await connection.execute(_SQL["states"], given)).fetchall()
        await self._learn_rules(connection, [row["topic"] for row in rows])
        for row in rows:
            rules = self._rules.get(row["topic"])
            if rules is None:
                continue
            try:
                judge = Judge.decode(bytes(row["state"]), rules.rules)
            except JudgementUnreadableError as error:
                log.warning("judging %s begins anew: %s", rules.topic, error)
                continue
            self._seats[rules.topic] = _Seat(judge, rules.hash)

    async def _keep(self, connection: Connection) -> None:
        now = time.monotonic()
        over = now - self._kept >= _KEEP_SECONDS
        if over:
            self._kept = now
        for topic, seat in self._seats.items():
            if seat.dirty and (over or seat.since > _TO_LOSE * seat.written):
                await self._write(connection, topic, seat)

    async def _write(self, connection: Connection, topic: str, seat: _Seat) -> None:
        given = {"cluster": self._cluster, "topic": topic, "state": seat.judge.encode()}
        await connection.execute(_SQL["put_state"], given)
        seat.dirty, seat.written, seat.since = False, seat.written + seat.since, 0


async def _one(connection: Connection, query: str, given: Mapping[str, object]) -> object:
    row = await (await connection.execute(_WATCHING[query], given)).fetchone()
    return None if row is None else tuple(row.values())


def _read(rows: Sequence[DictRow], heard: datetime | None) -> list[Look]:
    """In the order in which they were counted."""
    return [
        Look(
            row["topic"],
            Window.from_bytes(bytes(row["counted"])),
            unpack_arrivals(bytes(row["arrivals"])),
            row["at"],
            heard=heard,
        )
        for row in sorted(rows, key=lambda row: row["id"])
    ]
