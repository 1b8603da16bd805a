"""What is counted of a topic is what lies on it, whatever happens to those who count."""

from __future__ import annotations

import random
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import orjson
import pytest

from core.quality.intake import Intake
from core.quality.memory.seen import LIMIT
from core.quality.rule import Metric, QualityRule
from core.quality.watch import DECODED, Count, Watch, key_of
from core.schema.model import Field, Kind, Schema
from tests.integration.watching.watching import (
    counted,
    create,
    offsets,
    produce,
    store,
    until_read,
    watcher,
)

SCHEMA = Schema(
    Field(
        "",
        frozenset({Kind.OBJECT}),
        children=(
            Field("id", frozenset({Kind.STRING})),
            Field("amount", frozenset({Kind.NUMBER})),
        ),
    )
)
REQUIRED = QualityRule(id="id-required", metric=Metric.REQUIRED, field="id", reason="a test")
RANGE = QualityRule(
    id="amount-range", metric=Metric.RANGE, field="amount", minimum=0, maximum=100, reason="a test"
)
UNIQUE = QualityRule(id="id-unique", metric=Metric.UNIQUE, field="id", reason="a test")


@pytest.fixture
def topic(bootstrap_servers: str) -> str:
    name = f"watched-{secrets.token_hex(4)}"
    create(bootstrap_servers, name)
    return name


@contextmanager
def watching(servers: str, url: str, group: str) -> Iterator[None]:
    stopped = threading.Event()
    worker = watcher(servers, url, group)
    thread = threading.Thread(target=worker.run, args=(lambda _: None, stopped.is_set))
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join(30)
        assert not thread.is_alive()


def record(rng: random.Random, number: int) -> bytes:
    value: dict[str, Any] = {"id": f"r{number}", "amount": rng.uniform(0, 100)}
    lot = rng.random()
    if lot < 0.1:
        del value["id"]
    elif lot < 0.2:
        value["amount"] = -1
    elif lot < 0.25:
        value["amount"] = "many"
    return b"{broken" if lot > 0.97 else orjson.dumps(value)


def truth(values: list[tuple[int, bytes]]) -> dict[str, int]:
    """Counted by a loop over the bytes themselves."""
    found = {"records": len(values), "bad": 0, "required": 0, "range": 0, "unread": 0, "twice": 0}
    seen: set[str] = set()
    for _, data in values:
        try:
            value = orjson.loads(data)
        except orjson.JSONDecodeError:
            found["unread"] += 1
            found["bad"] += 1
            continue
        amount = value["amount"]
        no_id = "id" not in value
        out = not isinstance(amount, int | float) or not 0 <= amount <= 100
        again = not no_id and value["id"] in seen
        if not no_id:
            seen.add(value["id"])
        found["required"] += no_id
        found["range"] += out
        found["twice"] += again
        found["bad"] += no_id or out or again
    return found


def said(url: str, topic: str) -> dict[str, int]:
    window = counted(url, topic)
    return {
        "records": window.records,
        "bad": window.bad,
        "required": window.broken[key_of(REQUIRED)],
        "range": window.broken[key_of(RANGE)],
        "unread": window.broken[DECODED],
        "twice": window.broken[key_of(UNIQUE)],
    }


def ends(values: list[tuple[int, bytes]]) -> dict[int, int]:
    found = {0: 0, 1: 0, 2: 0}
    for partition, _ in values:
        found[partition] += 1
    return found


def test_counts_are_the_truth_about_the_topic(
    bootstrap_servers: str, database_url: str, topic: str
) -> None:
    rng = random.Random(7)
    values = [(n % 3, record(rng, n)) for n in range(3_000)]
    values += values[:30]
    values += [((partition + 1) % 3, value) for partition, value in values[60:90]]
    store(database_url, topic, [REQUIRED, RANGE, UNIQUE], SCHEMA)
    produce(bootstrap_servers, topic, values)
    with watching(bootstrap_servers, database_url, f"w-{topic}"):
        until_read(database_url, topic, ends(values))

    assert said(database_url, topic) == truth(values)
    spots = counted(database_url, topic).positions[key_of(RANGE)]
    for partition, offset, _ in spots:
        lying = [value for at, value in values if at == partition][offset]
        assert not 0 <= (orjson.loads(lying)["amount"] if b"many" not in lying else -1) <= 100
    assert {excerpt for _, _, excerpt in spots} <= {'"a+"', "number -9.9"}


def test_a_rule_that_changes_holds_from_the_next_record_on(
    bootstrap_servers: str, database_url: str, topic: str
) -> None:
    sixty = (0, orjson.dumps({"id": "a", "amount": 60}))
    store(database_url, topic, [RANGE], SCHEMA)
    produce(bootstrap_servers, topic, [sixty] * 100)
    with watching(bootstrap_servers, database_url, f"w-{topic}"):
        until_read(database_url, topic, {0: 100, 1: 0, 2: 0})
        stricter = RANGE.model_copy(update={"maximum": 50})
        store(database_url, topic, [stricter])
        records = 100
        while not counted(database_url, topic).bad:
            records += 1
            assert records < 160, "it never held"
            produce(bootstrap_servers, topic, [sixty])
            until_read(database_url, topic, {0: records, 1: 0, 2: 0})
        produce(bootstrap_servers, topic, [sixty] * 100)
        until_read(database_url, topic, {0: records + 100, 1: 0, 2: 0})

    window = counted(database_url, topic)
    assert (window.records, window.bad) == (records + 100, 101)
    assert dict(window.broken) == {key_of(stricter): 101}


def test_a_topic_that_gets_rules_is_watched_from_then_on_without_a_restart(
    bootstrap_servers: str, database_url: str, topic: str
) -> None:
    other = f"{topic}-later"
    create(bootstrap_servers, other)
    store(database_url, topic, [RANGE], SCHEMA)
    with watching(bootstrap_servers, database_url, f"w-{topic}"):
        time.sleep(3)
        produce(bootstrap_servers, other, [(1, b'{"id": "a", "amount": 101}')] * 10)
        store(database_url, other, [RANGE], SCHEMA)
        until_read(database_url, other, {0: 0, 1: 10, 2: 0})

    assert counted(database_url, other).bad == 10


def _moved(url: str, topic: str) -> tuple[int, ...]:
    """The offsets once they are others, or after some seconds, for a victim may have had them."""
    before, until = offsets(url, topic), time.monotonic() + 8
    while (now := offsets(url, topic)) == before and time.monotonic() < until:
        time.sleep(0.1)
    return tuple(now.values())


@pytest.mark.timeout(600)
def test_thirty_kills_of_two_workers_under_load_lose_nothing_and_count_nothing_twice(
    bootstrap_servers: str, database_url: str, topic: str
) -> None:
    rng = random.Random(11)
    store(database_url, topic, [REQUIRED, RANGE, UNIQUE], SCHEMA)
    values: list[tuple[int, bytes]] = []
    done = threading.Event()

    def load() -> None:
        while not done.is_set():
            if len(values) < LIMIT * 3 // 4:
                new = [record(rng, len(values) + n) for n in range(500)]
            else:
                # Of more values than are remembered only a sample is looked at.
                new = [value for _, value in rng.choices(values, k=500)]
            more = [(rng.randrange(3), value) for value in new]
            again = rng.sample(values, 20) if values else []
            more += again[:10] + [(rng.randrange(3), value) for _, value in again[10:]]
            produce(bootstrap_servers, topic, more)
            values.extend(more)
            time.sleep(0.1)

    def start(number: int) -> subprocess.Popen[bytes]:
        # One keeps its name, and with it its partitions; of the other's they are taken away.
        module, name = "tests.integration.watching.watching", "named" if number else ""
        return subprocess.Popen(
            [sys.executable, "-m", module, bootstrap_servers, database_url, f"w-{topic}", name],
            stdout=subprocess.DEVNULL,
        )

    loading = threading.Thread(target=load)
    loading.start()
    workers = [start(0), start(1)]
    progressed: set[tuple[int, ...]] = set()
    try:
        for _ in range(30):
            progressed.add(_moved(database_url, topic))
            time.sleep(rng.uniform(0.0, 1.5))
            victim = int(rng.random() < 0.8)
            workers[victim].send_signal(signal.SIGKILL)
            workers[victim].wait()
            workers[victim] = start(victim)
        done.set()
        loading.join()
        until_read(database_url, topic, ends(values), 120)
    finally:
        done.set()
        loading.join()
        for worker in workers:
            worker.kill()
            worker.wait()

    assert len(progressed) > 5
    found, expected = said(database_url, topic), truth(values)
    assert found == expected


def test_a_fault_of_the_watcher_leaves_records_out_and_goes_on(
    bootstrap_servers: str, database_url: str, topic: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = Watch.count

    def faulty(self: Watch, intake: Intake, *more: Any) -> Count:
        if any(b"poison" in (value or b"") for value in intake.values):
            raise RuntimeError("a bug")
        return count(self, intake, *more)

    monkeypatch.setattr(Watch, "count", faulty)
    store(database_url, topic, [RANGE], SCHEMA)
    with watching(bootstrap_servers, database_url, f"w-{topic}"):
        produce(bootstrap_servers, topic, [(0, b'{"id": "a", "amount": 1}')] * 5)
        until_read(database_url, topic, {0: 5, 1: 0, 2: 0})
        produce(bootstrap_servers, topic, [(0, b'{"id": "poison", "amount": 1}')] * 3)
        until_read(database_url, topic, {0: 8, 1: 0, 2: 0})
        produce(bootstrap_servers, topic, [(0, b'{"id": "b", "amount": -1}')] * 2)
        until_read(database_url, topic, {0: 10, 1: 0, 2: 0})

    window = counted(database_url, topic)
    assert (window.records, window.bad, window.skipped) == (7, 2, 3)
