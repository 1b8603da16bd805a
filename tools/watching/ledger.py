"""Offsets and windows in Postgres, written together: what is in here was counted exactly once.

A worker advances a partition only from the offset at which its own counts begin. One that lost the
partition to another, or was killed after it wrote, finds another offset there, and its counts are
not written.

Values that are to be unique on a topic are the first of theirs only until another worker wrote them
of another partition: what was written meanwhile is read before anything is written, with all
partitions of the topic held.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import psycopg
from psycopg.rows import DictRow, dict_row

from core.quality.judging.look import pack_arrivals
from core.quality.memory.chunk import Chunk
from core.quality.memory.firsts import Firsts, Settled
from core.quality.watch import Count
from core.quality.window import Cell, Window, total
from tools.db.errors import translated
from tools.db.sql import load
from tools.watching.rulebook import TopicRules, rulebook

_SQL = load("watching")
_CONNECT_SECONDS = 5
_STATEMENT_SECONDS = 30
_TOGETHER_MS = 120_000
"""Of so much time, what is written at once is looked at as one."""

Place = tuple[str, int]
"""Topic and partition."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a partition goes on, and the hash of the rules that it was put to last."""

    next: int
    rules: str | None


@dataclass(slots=True)
class Counted:
    """What was counted of one partition since `start`, up to before `next`."""

    start: int
    next: int
    rules: str
    high: int | None = None
    adopted: int | None = None
    """The first offset that was put to these rules, where they are new."""
    windows: dict[Cell, Window] = field(default_factory=dict)
    chunks: list[Chunk] = field(default_factory=list)
    firsts: list[Firsts] = field(default_factory=list)
    arrivals: Counter[int] = field(default_factory=Counter)
    """Records by the five seconds in which the broker got them."""

    def add(self, count: Count, partition: int) -> None:
        for cell, window in count.windows.items():
            if cell.partition == partition:
                known = self.windows.get(cell)
                if known is None:
                    self.windows[cell] = window
                else:
                    known.add(window)
        self.firsts += [each for each in count.firsts if each.partition == partition]

    def settled(self, others: Mapping[str, Sequence[Chunk]]) -> Counted:
        """The same where others had these chunks first, by rule; this one is not changed."""
        settled = Settled.of(self.firsts, others)
        windows = dict(self.windows)
        for cell, more in settled.more.items():
            windows[cell] = total([windows[cell], more])
        chunks = [*self.chunks, *settled.chunks]
        return replace(self, windows=windows, chunks=chunks, firsts=[])


@dataclass(frozen=True, slots=True)
class Values:
    """What a rule on a topic remembers, or what came to it; `seen` is up to where it was read."""

    chunks: Sequence[Chunk]
    seen: int


@dataclass(frozen=True, slots=True)
class Written:
    """The others are not this worker's. `learnt` is what others wrote, by topic and rule."""

    places: Set[Place] = frozenset()
    learnt: Mapping[tuple[str, str], Values] = field(default_factory=dict)


class Ledger:
    """One connection, used by one thread; reconnects by itself. Every method raises
    DatabaseUnreachableError where Postgres is away, and has then done nothing."""

    def __init__(self, url: str, cluster: str) -> None:
        self._url = url
        self._cluster = cluster
        self._connection: psycopg.Connection[DictRow] | None = None

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def version(self) -> tuple[Any, ...]:
        """Another one when the rules, or the schemas, may have changed."""
        row = self._rows("rules_changed", {})[0]
        return row["at"], row["active"]

    def heads(self) -> dict[str, str]:
        """Topics that have rules, each with a hash of all that its counts depend on."""
        return {row["topic"]: row["hash"] for row in self._rows("heads", {})}

    def rules(self, topics: Sequence[str]) -> Mapping[str, TopicRules]:
        """Of those that have some."""
        return rulebook(self._rows("rules", {"topics": list(topics)}))

    def offsets(self, places: Sequence[Place]) -> dict[Place, Standing]:
        """Where each goes on; those that nobody has begun are missing."""
        rows = self._rows("offsets", _columns(places))
        return {
            (row["topic"], row["partition"]): Standing(row["next_offset"], row["rules"])
            for row in rows
        }

    def begin(self, starts: Mapping[Place, int]) -> dict[Place, Standing]:
        """Note where watching begins; gives back where it did."""
        if starts:
            self._rows("begin", {**_columns(starts), "starts": list(starts.values())})
        return self.offsets(list(starts))

    def alive(self, watcher: str, partitions: int, heard_ago: float | None) -> None:
        """Give a sign of life. So many seconds ago there was nothing that is not written now; None
        where that has never been so."""
        given = {"watcher": watcher, "partitions": partitions, "heard_ago": heard_ago}
        self._rows("alive", given)

    def gone(self, watcher: str) -> None:
        self._rows("gone", {"watcher": watcher})

    def order(self, place: Place, rule: str) -> list[Chunk]:
        """What a rule remembers of one partition."""
        topic, partition = place
        rows = self._rows("order", {"topic": topic, "partition": partition, "rule": rule})
        return [Chunk(r["rule"], r["bucket"], bytes(r["hashes"]), bytes(r["times"])) for r in rows]

    def values(self, topic: str, rule: str, partition: int | None = None) -> Values:
        """What a rule remembers of a topic, or of one partition of it."""
        given = {"topic": topic, "partition": partition, "rule": rule}
        return _values(self._rows("values", given))

    def write(
        self, counted: Mapping[Place, Counted], seen: Mapping[tuple[str, str], int]
    ) -> Written:
        """In one transaction. `seen`, by topic and rule: up to where memories of values know what
        is written."""
        if not counted:
            return Written()
        with self._transaction() as connection:
            self._hold(connection, counted)
            mine = self._advanced(connection, counted)
            learnt = self._meanwhile(connection, counted, seen)
            others: dict[str, dict[str, Sequence[Chunk]]] = defaultdict(dict)
            for (topic, rule), found in learnt.items():
                others[topic][rule] = found.chunks
            held = {
                place: one.settled(others.get(place[0], {}))
                for place, one in counted.items()
                if place in mine
            }
            if held:
                self._put_windows(connection, held)
                self._put_looks(connection, held)
                learnt = self._remember(connection, held, learnt)
                for (topic, partition), one in held.items():
                    if one.adopted is not None:
                        given = {
                            "topic": topic, "partition": partition, "rules": one.rules,
                            "from_offset": one.adopted, "cluster": self._cluster,
                        }  # fmt: skip
                        connection.execute(_SQL["adopt"], given)
            return Written(mine, learnt)

    def _hold(
        self, connection: psycopg.Connection[DictRow], counted: Mapping[Place, Counted]
    ) -> None:
        """Topics as a whole where values are the first of theirs, until another worker wrote."""
        whole = {topic for (topic, _), one in counted.items() if one.firsts}
        places: list[tuple[str, int | None]] = [(topic, None) for topic in whole]
        places += [place for place in counted if place[0] not in whole]
        connection.execute(_SQL["hold"], {**_columns(places), "cluster": self._cluster})

    def _meanwhile(
        self,
        connection: psycopg.Connection[DictRow],
        counted: Mapping[Place, Counted],
        seen: Mapping[tuple[str, str], int],
    ) -> dict[tuple[str, str], Values]:
        """What others wrote of rules of which anything is a first."""
        asked = {(topic, f.rule) for (topic, _), one in counted.items() for f in one.firsts}
        if not asked:
            return {}
        ordered = sorted(asked)
        given = {
            "cluster": self._cluster,
            "topics": [topic for topic, _ in ordered],
            "rules": [rule for _, rule in ordered],
            "seen": [seen.get(key, 0) for key in ordered],
        }
        rows: dict[tuple[str, str], list[DictRow]] = defaultdict(list)
        for row in connection.execute(_SQL["meanwhile"], given):
            rows[row["topic"], row["rule"]].append(row)
        return {key: _values(found) for key, found in rows.items()}

    def _advanced(
        self, connection: psycopg.Connection[DictRow], counted: Mapping[Place, Counted]
    ) -> set[Place]:
        ordered = sorted(counted)
        given = {
            **_columns(ordered),
            "cluster": self._cluster,
            "expected": [counted[place].start for place in ordered],
            "next": [counted[place].next for place in ordered],
            "high": [counted[place].high for place in ordered],
            "rules": [counted[place].rules for place in ordered],
        }
        rows = connection.execute(_SQL["advance"], given).fetchall()
        return {(row["topic"], row["partition"]) for row in rows}

    def _put_windows(
        self, connection: psycopg.Connection[DictRow], counted: Mapping[Place, Counted]
    ) -> None:
        new = {
            (topic, cell): window
            for (topic, _), one in counted.items()
            for cell, window in one.windows.items()
        }
        ordered = sorted(new, key=_order)
        given = {
            "cluster": self._cluster,
            "topics": [topic for topic, _ in ordered],
            "partitions": [cell.partition for _, cell in ordered],
            "minutes": [cell.minutes for _, cell in ordered],
            "starts": [_moment(cell) for _, cell in ordered],
        }
        known = connection.execute(_SQL["windows"], given).fetchall()
        whole = dict(new)
        for row in known:
            start = round(row["start"].timestamp() * 1_000)
            key = (row["topic"], Cell(row["partition"], start, row["minutes"]))
            before = Window.from_bytes(bytes(row["state"]))
            before.add(whole[key])
            whole[key] = before
        given |= {
            "records": [whole[key].records for key in ordered],
            "bad": [whole[key].bad for key in ordered],
            "skipped": [whole[key].skipped for key in ordered],
            "states": [whole[key].to_bytes() for key in ordered],
        }
        connection.execute(_SQL["put_windows"], given)

    def _put_looks(
        self, connection: psycopg.Connection[DictRow], counted: Mapping[Place, Counted]
    ) -> None:
        """What the judge has not seen: a row for each topic, and of older times for each window,
        since he learns what is usual from many looks and not from one."""
        looks = [
            look
            for topic in sorted({topic for topic, _ in counted})
            for look in _looks(topic, [one for (of, _), one in counted.items() if of == topic])
        ]
        given = {
            "cluster": self._cluster,
            "topics": [topic for topic, _, _ in looks],
            "counted": [window.to_bytes() for _, window, _ in looks],
            "arrivals": [pack_arrivals(arrivals) for _, _, arrivals in looks],
        }
        connection.execute(_SQL["look"], given)

    def _remember(
        self,
        connection: psycopg.Connection[DictRow],
        counted: Mapping[Place, Counted],
        learnt: Mapping[tuple[str, str], Values],
    ) -> dict[tuple[str, str], Values]:
        """Gives back what was `learnt`, seen up to what is written here."""
        known = dict(learnt)
        rows = [
            (topic, partition, chunk)
            for (topic, partition), one in counted.items()
            for chunk in one.chunks
        ]
        if not rows:
            return known
        given = {
            "cluster": self._cluster,
            "topics": [topic for topic, _, _ in rows],
            "partitions": [partition for _, partition, _ in rows],
            "rules": [chunk.rule for _, _, chunk in rows],
            "buckets": [chunk.bucket for _, _, chunk in rows],
            "hashes": [chunk.hashes for _, _, chunk in rows],
            "times": [chunk.times for _, _, chunk in rows],
        }
        for row in connection.execute(_SQL["remember"], given).fetchall():
            key = (row["topic"], row["rule"])
            before = known.get(key, Values((), 0))
            known[key] = replace(before, seen=max(before.seen, row["id"]))
        connection.execute(_SQL["forget"], {**given, "hashes": None, "times": None})
        return known

    def _rows(self, query: str, given: Mapping[str, Any]) -> list[DictRow]:
        with self._transaction() as connection:
            cursor = connection.execute(_SQL[query], {"cluster": self._cluster, **given})
            return cursor.fetchall() if cursor.description else []

    @contextmanager
    def _transaction(self) -> Iterator[psycopg.Connection[DictRow]]:
        """A connection that failed is left for a new one: what it was about to do is undone."""
        with translated():
            connection = self._connected()
            try:
                with connection.transaction():
                    yield connection
            except psycopg.Error:
                self.close()
                raise

    def _connected(self) -> psycopg.Connection[DictRow]:
        if self._connection is None or self._connection.closed:
            self._connection = psycopg.connect(
                self._url,
                autocommit=True,
                row_factory=dict_row,
                connect_timeout=_CONNECT_SECONDS,
                options=f"-c statement_timeout={_STATEMENT_SECONDS * 1_000}",
            )
        return self._connection


def _looks(topic: str, parts: Sequence[Counted]) -> list[tuple[str, Window, Counter[int]]]:
    """Oldest first; those of the last minutes are one."""
    cells: dict[tuple[int, int], Window] = {}
    for part in parts:
        for cell, window in part.windows.items():
            cells.setdefault((cell.start_ms, cell.minutes), Window()).add(window)
    ordered = [cells[key] for key in sorted(cells)]
    latest = max((window.last_ms or 0 for window in ordered), default=0)
    now = Window()
    looks: list[tuple[str, Window, Counter[int]]] = []
    for window in ordered:
        if (window.last_ms or 0) < latest - _TOGETHER_MS:
            looks.append((topic, window, Counter()))
        else:
            now.add(window)
    arrivals: Counter[int] = Counter()
    for part in parts:
        arrivals.update(part.arrivals)
    return [*looks, (topic, now, arrivals)]


def _values(rows: Sequence[DictRow]) -> Values:
    chunks = [Chunk(row["rule"], row["bucket"], bytes(row["hashes"])) for row in rows]
    return Values(chunks, max((row["id"] for row in rows), default=0))


def _columns(places: Iterable[tuple[str, int | None]]) -> dict[str, list[Any]]:
    given = list(places)
    return {"topics": [topic for topic, _ in given], "partitions": [part for _, part in given]}


def _order(key: tuple[str, Cell]) -> tuple[str, int, int, int]:
    topic, cell = key
    return topic, cell.start_ms, cell.minutes, cell.partition


def _moment(cell: Cell) -> datetime:
    return datetime.fromtimestamp(cell.start_ms / 1_000, UTC)
