import random
from collections.abc import Iterator
from typing import Any

import pytest

from core.source import SourceChangeKind, SourceStatus
from tests.integration.discovery.conftest import Corner, Scanner
from tools.db.pool import Pool
from tools.embeddings.minilm import MiniLM

NEW = (SourceChangeKind.NEW, ())


def suppliers(count: int, seed: int = 1, **more: object) -> Iterator[dict[str, Any]]:
    rng = random.Random(seed)
    for _ in range(count):
        yield {
            "supplier_id": f"S-{rng.randrange(10**5)}",
            "risk_score": round(rng.random(), 3),
            "status": rng.choice(["active", "blocked", "new"]),
            **more,
        }


async def test_a_new_topic_is_found_read_and_described(corner: Corner, scanner: Scanner) -> None:
    topic = await corner.create("team-risk.supplier-events", partitions=2)
    corner.put(topic, suppliers(120))

    progress = await scanner()

    assert (progress.total, progress.done, progress.new, progress.failed) == (1, 1, 1, 0)
    assert progress.messages == 120
    source = await scanner.sources.get(topic)
    assert source.schema is not None
    assert [path for path, _ in source.schema.walk()] == ["supplier_id", "risk_score", "status"]
    assert (source.version, source.summary.format, source.summary.messages) == (1, "json", 120)
    assert source.partitions == 2
    assert source.summary.description is not None
    assert "JSON records" in source.summary.description.text
    assert source.summary.owner is not None
    assert source.summary.owner.ref == "group:default/team-risk"
    assert source.summary.owner.guessed_from
    assert await scanner.changes(topic) == [NEW]


async def test_a_second_scan_reads_and_changes_nothing(corner: Corner, scanner: Scanner) -> None:
    topics = [await corner.create(f"orders-{at}") for at in range(3)]
    for topic in topics[:2]:
        corner.put(topic, suppliers(50))
    await scanner()

    again = await scanner()

    assert (again.skipped, again.messages) == (3, 0)
    assert (again.new, again.changed, again.vanished, again.returned) == (0, 0, 0, 0)


async def test_a_changed_setting_is_seen_though_nothing_is_read(
    corner: Corner, scanner: Scanner
) -> None:
    topic = await corner.create("orders")
    corner.put(topic, suppliers(50))
    await scanner()
    corner.configure(topic, "retention.ms", "7654321")

    again = await scanner()

    assert again.skipped == 1
    config = (await scanner.sources.get(topic)).config
    assert (config["retention.ms"], config["cleanup.policy"]) == ("7654321", "delete")


async def test_more_of_the_same_data_is_no_change(corner: Corner, scanner: Scanner) -> None:
    topic = await corner.create("orders")
    corner.put(topic, suppliers(200, seed=1))
    await scanner()
    for seed in range(2, 5):
        corner.put(topic, suppliers(200, seed=seed))
        progress = await scanner()
        assert (progress.skipped, progress.changed) == (0, 0)

    source = await scanner.sources.get(topic)
    assert (source.version, source.summary.messages) == (1, 800)
    assert await scanner.changes(topic) == [NEW]


async def test_a_changed_schema_makes_a_version_with_a_readable_diff(
    corner: Corner, scanner: Scanner
) -> None:
    topic = await corner.create("orders")
    corner.put(topic, suppliers(100))
    await scanner()
    corner.put(topic, suppliers(100, country="DE", risk_score="high"))

    assert (await scanner()).changed == 1

    versions = (await scanner.sources.versions(topic)).items
    assert [version.version for version in versions] == [2, 1]
    kind, lines = (await scanner.changes(topic))[-1]
    assert kind is SourceChangeKind.CHANGED
    assert any(line.startswith("country: added (optional string") for line in lines)
    assert "risk_score: number became number or string" in lines


async def test_a_deleted_topic_vanishes_with_its_history_and_may_return(
    corner: Corner, scanner: Scanner
) -> None:
    topic = await corner.create("orders")
    corner.put(topic, suppliers(60))
    await scanner()
    await corner.delete(topic)

    assert (await scanner()).vanished == 1
    assert (await scanner()).vanished == 0
    gone = await scanner.sources.get(topic)
    assert gone.summary.status is SourceStatus.VANISHED
    assert gone.schema is not None
    assert (await scanner.sources.list()).items == ()

    await corner.create("orders")
    corner.put(topic, suppliers(60, seed=9))
    assert (await scanner()).returned == 1
    back = await scanner.sources.get(topic)
    assert (back.summary.status, back.vanished_at, back.version) == ("present", None, 1)
    assert [kind for kind, _ in await scanner.changes(topic)] == ["new", "vanished", "returned"]


async def test_an_empty_topic_gets_its_schema_with_its_first_messages(
    corner: Corner, scanner: Scanner
) -> None:
    topic = await corner.create("orders")
    await scanner()
    empty = await scanner.sources.get(topic)
    assert (empty.schema, empty.version, empty.summary.format) == (None, 0, "empty")

    corner.put(topic, suppliers(60))
    await scanner()

    assert (await scanner.changes(topic))[-1][1] == ("first readable messages: 3 fields",)
    filled = await scanner.sources.get(topic)
    assert (filled.version, filled.summary.format) == (1, "json")
    assert filled.summary.description is not None
    assert "no messages" not in filled.summary.description.text


async def test_broken_and_stray_messages_are_counted_and_stay_out_of_the_schema(
    corner: Corner, scanner: Scanner
) -> None:
    topic = await corner.create("orders")
    noise = [b'{"supplier_id": "S-1", "risk', {"heartbeat": 1, "host": "a", "pid": 7}, None]
    corner.put(topic, [*suppliers(100), *noise])

    await scanner()

    source = await scanner.sources.get(topic)
    assert source.schema is not None
    assert [path for path, _ in source.schema.walk()] == ["supplier_id", "risk_score", "status"]
    (failure,) = source.report.failures
    assert (failure.reason, failure.messages) == ("broken_payload", 1)
    assert [(at.partition, at.offset) for at in failure.positions] == [(0, 100)]
    assert source.report.tombstones == 1
    assert [stray.fields for stray in source.report.strays] == [("heartbeat", "host", "pid")]


async def test_consumer_groups_tell_the_consuming_teams_and_their_lag(
    corner: Corner, scanner: Scanner
) -> None:
    topic = await corner.create("orders")
    corner.put(topic, suppliers(60))
    group = f"risk-team.scorer-{corner.prefix}"
    corner.commit(group, topic, 45)

    await scanner()

    source = await scanner.sources.get(topic)
    assert source.summary.consuming_teams == ("risk-team",)
    (consumer,) = source.consumers
    assert (consumer.group, consumer.lag) == (group, 15)


async def test_the_header_that_all_messages_carry_tells_the_owner_as_a_guess(
    corner: Corner, scanner: Scanner
) -> None:
    topic = await corner.create("supplier-events")
    corner.put(topic, suppliers(30), headers=[("producer", b"team-a.erp-export")])

    await scanner()

    owner = (await scanner.sources.get(topic)).summary.owner
    assert owner is not None
    assert owner.ref == "group:default/team-a"
    assert owner.guessed_from == "the header `producer` of its messages"


async def test_an_excluded_topic_leaves_the_catalog_and_says_why(
    corner: Corner, scanner_of: Any
) -> None:
    topic = await corner.create("internal-orders")
    scanner = scanner_of()
    await scanner()
    narrowed = scanner_of(exclude=["^internal-"])

    assert (await narrowed()).vanished == 1
    assert (await scanner.changes(topic))[-1][1] == ("the topic is excluded from scans by now",)


async def test_every_written_source_can_be_found_by_search(
    corner: Corner, scanner: Scanner, pool: Pool, model: MiniLM
) -> None:
    from core.search import SearchQuery
    from tools.search.search import Search

    topic = await corner.create("supplier-events")
    corner.put(topic, suppliers(60))
    await scanner()

    result = await Search(pool, model).search(SearchQuery(text="vendor risk"))

    assert [hit.source.name for hit in result.discovered] == [topic]


@pytest.mark.parametrize("name", ["a", "x" * 200])
async def test_names_of_any_legal_length_are_kept(
    corner: Corner, scanner: Scanner, name: str
) -> None:
    topic = await corner.create(name)
    corner.put(topic, [{"\0nul\x01": 1, "": 2, "a" * 5_000: 3}] * 3)
    assert (await scanner()).failed == 0
    assert (await scanner.sources.get(topic)).version == 1
