"""Seeding the fleet into real servers."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import defaultdict

import pytest

from server.demo.consumers import GROUPS
from server.demo.domains import DOMAINS
from server.demo.faults.account import Phase, Planted
from server.demo.faults.fault import Fault
from server.demo.faults.order import FaultOrder
from server.demo.fleet import TOPICS, Outcome, seed
from server.demo.live import live
from tests.integration.demo.conftest import Fleet, count, counts, until_more_than
from tools.db.pool import open_pool
from tools.db.products import ProductRepository
from tools.registry.client import Registry


async def test_a_seeding_that_was_killed_is_completed_without_doubles(fleet: Fleet):
    outcomes = {topic.outcome for topic in fleet.report.topics}
    assert Outcome.COMPLETED in outcomes
    assert 0 < fleet.left_by_the_kill < sum(topic.count for topic in TOPICS)
    assert await counts(fleet.admin) == {topic.name: topic.count for topic in TOPICS}
    assert fleet.report.groups == len(GROUPS)


async def test_topics_have_their_partitions_and_retention(fleet: Fleet):
    found = {topic.name: topic for topic in await fleet.admin.topics([t.name for t in TOPICS])}
    for topic in TOPICS:
        assert len(found[topic.name].partitions) == topic.partitions
        for name in ("retention.ms", "cleanup.policy"):
            if name in topic.config:
                assert found[topic.name].configs[name] == topic.config[name]


@pytest.mark.parametrize(
    ("topic", "teams"),
    [("procurement.supplier-master.v1", 12), ("risk.supplier-risk-scores.v2", 8)],
)
async def test_teams_consume_by_kafkas_own_listing(fleet: Fleet, topic: str, teams: int):
    groups = {o.group for o in (await fleet.admin.consumer_groups()).offsets if o.topic == topic}
    assert len({group.split(".")[0] for group in groups}) == teams


async def test_groups_lag_by_little_or_by_much(fleet: Fleet):
    marks = await fleet.admin.watermarks([topic.name for topic in TOPICS])
    lags: dict[str, list[float]] = defaultdict(list)
    for offset in (await fleet.admin.consumer_groups()).offsets:
        if offset.topic in marks:
            low, high = marks[offset.topic].offsets[offset.partition]
            assert low <= offset.committed <= high
            lags[offset.group].append((high - offset.committed) / max(1, high - low))
    shares = [sum(found) / len(found) for found in lags.values()]
    assert min(shares) == 0
    assert max(shares) > 0.8


async def test_schemas_lie_under_all_three_kinds_of_subjects(fleet: Fleet):
    registry = Registry(fleet.schema_registry)
    try:
        subjects = set(await registry.subjects())
        assert "procurement.supplier-master.v1-value" in subjects
        assert "com.halden.orders.OrderShipped" in subjects
        assert "crm.customer-addresses.v2-com.halden.crm.CustomerAddress" in subjects
        assert await registry.versions("procurement.supplier-master.v1-value") == (1, 2, 3)
        profile = await registry.version("crm.customer-profile.v2-value")
        assert [reference.subject for reference in profile.references] == [
            "com.halden.common.Address"
        ]
    finally:
        await registry.close()


async def test_products_are_stored_with_owners_and_their_52_topics(fleet: Fleet):
    pool = await open_pool(fleet.database_url, max_size=1)
    try:
        page = await ProductRepository(pool).list(limit=100)
    finally:
        await pool.close()
    assert len(page.items) == sum(len(domain.products) for domain in DOMAINS)
    assert len({port.topic for product in page.items for port in product.ports}) == 52
    assert all(product.owner.startswith("group:default/") for product in page.items)


async def test_seeding_again_changes_nothing_of_what_is_there(fleet: Fleet):
    before = await counts(fleet.admin)
    pool = await open_pool(fleet.database_url, max_size=1)
    try:
        products = ProductRepository(pool)
        edited = (await products.get("orders")).model_copy(update={"owner": "group:default/new"})
        await products.put(edited)
        again = await seed(fleet.bootstrap_servers, fleet.schema_registry, fleet.database_url)
        assert (await products.get("orders")).owner == "group:default/new"
    finally:
        await pool.close()
    assert {topic.outcome for topic in again.topics} == {Outcome.KEPT}
    assert again.produced == 0
    assert await counts(fleet.admin) == before


async def test_topics_without_their_schemas_are_filled_anew(fleet: Fleet):
    registry = Registry(fleet.schema_registry)
    await registry.delete_subject("hr.time-tracking.v1-value")
    await registry.close()
    again = await seed(fleet.bootstrap_servers, fleet.schema_registry, fleet.database_url)
    assert [t.name for t in again.topics if t.outcome is Outcome.REFILLED] == [
        "hr.time-tracking.v1"
    ]
    assert (await counts(fleet.admin))["hr.time-tracking.v1"] == 1_800


async def test_live_keeps_to_its_rate_and_reaches_most_topics(fleet: Fleet):
    before = await counts(fleet.admin)
    running = asyncio.create_task(live(fleet.bootstrap_servers, fleet.schema_registry, 400))
    await until_more_than(sum(before.values()), fleet.admin)
    began = time.monotonic()
    started = await count(fleet.admin)
    await asyncio.sleep(2)
    produced = await count(fleet.admin) - started
    most = 600 * (time.monotonic() - began)  # counting takes its time, too
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running
    assert 500 < produced < most
    after = await counts(fleet.admin)
    assert sum(after[name] > before[name] for name in after) > 60


async def test_a_fault_goes_to_one_topic_at_its_own_rate_while_the_others_go_on(fleet: Fleet):
    said: list[Planted] = []
    before = await counts(fleet.admin)
    order = FaultOrder(Fault.NULL_BURST, said.append, after=1, lasts=2, rate=200)
    running = asyncio.create_task(
        live(fleet.bootstrap_servers, fleet.schema_registry, 300, fault=order)
    )
    while len(said) < 3 and not running.done():  # noqa: ASYNC110 (it is said from a callback)
        await asyncio.sleep(0.05)
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running
    planted = said[-1]
    assert planted.phase is Phase.ENDED
    assert 250 < planted.messages < 450
    assert 0.35 < planted.hit / planted.messages < 0.65
    after = await counts(fleet.admin)
    assert after[planted.topic] - before[planted.topic] >= planted.messages
    others = [name for name in after if name != planted.topic]
    assert sum(after[name] > before[name] for name in others) > 60
