"""Runs of our own as OpenLineage events: recorded, sent, and never in the way."""

from __future__ import annotations

import asyncio

import pytest

from core.lineage.edge import FieldEdge
from core.lineage.namespace import Namespaces
from core.lineage.node import group, topic
from core.lineage.openlineage import LineageEvent
from core.lineage.told import told_by
from tests.integration.notifications.receivers import web_server
from tools.db.lineage_runs import LineageRuns
from tools.db.lineage_telling import LineageTelling
from tools.db.pool import open_pool
from tools.provenance.emitter import Emitter, Endpoint
from tools.provenance.runs import OwnRun, RunTeller, own_job

NAMES = Namespaces.of("default", "localhost:9092")


def bridge() -> OwnRun:
    carrier, target = group("default", "headwater-bridge-con-1"), topic("default", "unified")
    made = FieldEdge(
        through=carrier,
        source=topic("default", "orders"),
        source_field="id",
        target=target,
        target_field="order_id",
    )
    return OwnRun(carrier, "BRIDGE", reads=["orders"], writes=["unified"], fields=[made])


async def test_a_run_is_recorded_and_sent_as_events_that_we_would_take_ourselves(
    database_url: str,
) -> None:
    async with web_server() as hook, await open_pool(database_url) as pool:
        emitter = Emitter(Endpoint(hook.url.removesuffix("/hook"), "hook", "secret"))
        runs = RunTeller(LineageTelling(pool), NAMES.outside, emitter)
        async with runs.told(bridge()):
            pass
        with pytest.raises(ZeroDivisionError):
            async with runs.told(OwnRun(own_job("scan"), "SCAN")):
                raise ZeroDivisionError
        await asyncio.to_thread(emitter.close)
        kept = await LineageRuns(pool).list()

    events = [LineageEvent.model_validate_json(body) for _, body in hook.came]
    assert [(event.job.name, event.event_type) for event in events] == [
        ("headwater-bridge-con-1", "START"),
        ("headwater-bridge-con-1", "COMPLETE"),
        ("scan", "START"),
        ("scan", "FAIL"),
    ]
    assert {headers["authorization"] for headers, _ in hook.came} == {"Bearer secret"}
    told = told_by(events[1], NAMES, events[1].at)
    assert told.job == group("default", "headwater-bridge-con-1")
    assert [(each.source_field, each.target_field) for each in told.fields] == [("id", "order_id")]
    assert [(run.job.name, run.state) for run in kept.items] == [
        ("scan", "FAIL"),
        ("headwater-bridge-con-1", "COMPLETE"),
    ]


async def test_an_endpoint_that_is_away_disturbs_no_run_and_is_complained_of_once(
    database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    emitter = Emitter(Endpoint("http://127.0.0.1:9", "lineage"))
    async with await open_pool(database_url) as pool:
        runs = RunTeller(LineageTelling(pool), NAMES.outside, emitter)
        async with runs.told(OwnRun(own_job("analysis"), "ANALYSIS")):
            pass
        await asyncio.to_thread(emitter.close, 10)

    missed = [each for each in caplog.records if "misses events" in each.message]
    assert len(missed) == 1
    assert missed[0].name == "tools.provenance.emitter"
