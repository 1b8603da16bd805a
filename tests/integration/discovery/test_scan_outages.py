import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from core.scan import ScanStatus
from tests.integration.discovery.conftest import Corner, Scanner
from tests.integration.gate import Gate
from tools.db.pool import open_pool
from tools.discovery.scan import Scan, ScanClients, ScanFailedError, ScanOptions
from tools.kafka.admin import KafkaAdmin
from tools.kafka.connection import KafkaConnection
from tools.kafka.sampler import Sampler, TopicSample


class Interrupted(Sampler):
    """The real sampler; calls `meanwhile` after the first sample."""

    def __init__(self, corner: Corner, meanwhile: Any) -> None:
        super().__init__(KafkaConnection(corner.servers), corner.admin)
        self._meanwhile = meanwhile

    async def sample(
        self, topics: Sequence[str], *, known_offsets: Any = None
    ) -> AsyncIterator[TopicSample]:
        first = True
        async for sample in super().sample(topics, known_offsets=known_offsets):
            yield sample
            if first:
                await self._meanwhile()
            first = False


class Broken(Sampler):
    """The real sampler, but one topic cannot be read."""

    def __init__(self, corner: Corner, broken: str) -> None:
        super().__init__(KafkaConnection(corner.servers), corner.admin)
        self._broken = broken

    async def sample(
        self, topics: Sequence[str], *, known_offsets: Mapping[str, Any] | None = None
    ) -> AsyncIterator[TopicSample]:
        async for sample in super().sample(topics, known_offsets=known_offsets):
            if sample.topic == self._broken:
                yield TopicSample(sample.topic, (), sample.offsets, error="no leader")
            else:
                yield sample


class Leaderless(Sampler):
    """The real sampler, but for so many readings nobody leads a topic's second partition."""

    def __init__(self, corner: Corner, readings: int) -> None:
        super().__init__(KafkaConnection(corner.servers), corner.admin)
        self._readings = readings

    async def sample(
        self, topics: Sequence[str], *, known_offsets: Mapping[str, Any] | None = None
    ) -> AsyncIterator[TopicSample]:
        self._readings -= 1
        async for sample in super().sample(topics, known_offsets=known_offsets):
            if self._readings < 0:
                yield sample
                continue
            yield replace(
                sample,
                messages=tuple(m for m in sample.messages if m.partition != 1),
                offsets={place: sample.offsets[place] for place in sample.offsets if place != 1},
                error="partition 1 has no leader",
            )


async def two_partitions(corner: Corner) -> str:
    topic = await corner.create("orders", partitions=2)
    corner.put(topic, [{"order_id": f"o{at}", "total": at * 1.5} for at in range(60)])
    return topic


async def test_a_topic_whose_leaders_are_elected_meanwhile_is_read_whole(
    corner: Corner, scanner_of: Any
) -> None:
    topic = await two_partitions(corner)
    scanner = scanner_of(sampler=Leaderless(corner, 1))

    progress = await scanner()

    assert (progress.done, progress.failed) == (1, 0)
    source = await scanner.sources.get(topic)
    assert (source.summary.messages, source.report.error) == (60, None)


async def test_what_a_partition_without_leader_held_stays_known(
    corner: Corner, scanner_of: Any
) -> None:
    topic = await two_partitions(corner)
    await scanner_of()()
    corner.put(topic, [{"order_id": "o60", "total": 1.5}] * 40)

    scanner = scanner_of(sampler=Leaderless(corner, 2))
    await scanner()
    source = await scanner.sources.get(topic)
    assert source.report.error == "partition 1 has no leader"
    assert 60 <= source.summary.messages <= 100

    healed = scanner_of()
    await healed()
    source = await healed.sources.get(topic)
    assert (source.summary.messages, source.report.error) == (100, None)


async def fleet(corner: Corner, count: int) -> list[str]:
    topics = [await corner.create(f"orders-{at}") for at in range(count)]
    for topic in topics:
        corner.put(topic, [{"order_id": f"o{at}", "total": at * 1.5} for at in range(30)])
    return topics


async def test_a_topic_that_cannot_be_read_is_recorded_and_the_others_go_on(
    corner: Corner, scanner_of: Any
) -> None:
    good, bad = await fleet(corner, 2)
    scanner = scanner_of(sampler=Broken(corner, bad))

    progress = await scanner()

    assert (progress.done, progress.new, progress.failed) == (2, 2, 1)
    assert progress.failures == (f"{bad}: no leader",)
    assert (await scanner.sources.get(good)).version == 1
    assert (await scanner.sources.get(bad)).report.error == "no leader"

    healed = scanner_of()
    assert (await healed()).failed == 0
    source = await healed.sources.get(bad)
    assert (source.version, source.report.error) == (1, None)


async def test_a_scan_waits_for_a_postgres_that_is_away_for_a_moment(
    corner: Corner, database_url: str, scanner_of: Any
) -> None:
    topics = await fleet(corner, 4)
    async with Gate.before(database_url) as gate:
        pool = await open_pool(gate.url(database_url), timeout=2.0)

        async def restart() -> None:
            await gate.close()
            await asyncio.sleep(1.5)
            await gate.open()

        scanner: Scanner = scanner_of(pool=pool, sampler=Interrupted(corner, restart))
        progress = await scanner()
        assert (progress.new, progress.failed) == (4, 0)
        for topic in topics:
            assert (await scanner.sources.get(topic)).version == 1
            assert [kind for kind, _ in await scanner.changes(topic)] == ["new"]
        assert (await scanner()).skipped == 4
        await pool.close()


async def test_a_scan_that_lost_postgres_fails_and_the_next_one_finishes_the_work(
    corner: Corner, database_url: str, scanner_of: Any
) -> None:
    topics = await fleet(corner, 3)
    async with Gate.before(database_url) as gate:
        pool = await open_pool(gate.url(database_url), timeout=0.5)
        scanner: Scanner = scanner_of(pool=pool, sampler=Interrupted(corner, gate.close))
        impatient = Scan(scanner.clients, ScanOptions(exclude=scanner.options.exclude, patience=0))
        with pytest.raises(ScanFailedError, match="Postgres did not answer"):
            await scanner.run(impatient)
        await gate.open()

        healed: Scanner = scanner_of(pool=pool)
        await healed()
        for topic in topics:
            assert (await healed.sources.get(topic)).version == 1
            assert [kind for kind, _ in await healed.changes(topic)] == ["new"]
        await pool.close()


async def test_an_unreachable_kafka_fails_the_scan_with_its_address(
    corner: Corner, scanner: Scanner
) -> None:
    connection = KafkaConnection("127.0.0.1:1")
    admin = KafkaAdmin(connection, timeout=1.0)
    clients = ScanClients(
        pool=scanner.clients.pool,
        admin=admin,
        sampler=Sampler(connection, admin),
        registry=None,
        index=scanner.clients.index,
    )
    queued = await scanner.scans.queue("default", "test")

    with pytest.raises(ScanFailedError, match=r"127\.0\.0\.1:1"):
        await Scan(clients, ScanOptions()).run(queued.id)

    run = await scanner.scans.get(queued.id)
    assert run.status is ScanStatus.FAILED
    assert run.error is not None
    assert "Kafka at 127.0.0.1:1 does not answer" in run.error


async def test_a_source_that_was_written_but_not_indexed_is_indexed_next_time(
    corner: Corner, scanner: Scanner
) -> None:
    (topic,) = await fleet(corner, 1)
    await scanner()
    async with scanner.clients.pool.connection() as conn:
        await conn.execute("delete from search_documents")
        await conn.execute("update sources set indexed = false")

    await scanner()

    async with scanner.clients.pool.connection() as conn:
        found = await conn.execute(
            "select indexed, exists (select from search_documents where source_id = id) as there "
            "from sources where name = %s",
            (topic,),
        )
        assert await found.fetchone() == {"indexed": True, "there": True}
