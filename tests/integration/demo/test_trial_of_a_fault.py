"""A fault from its order to its account: by the command, and by the eval that times its alert."""

from __future__ import annotations

import asyncio
import json
import signal
import sys

from evals.planted import Course, tried
from server.cli.client import catalog_of
from server.demo.faults.account import Phase, Planted
from server.demo.faults.fault import Fault
from server.demo.faults.order import OWNED
from server.demo.faults.target import target_of
from server.demo.fleet import TOPICS
from server.settings import Settings
from tests.integration.demo.conftest import Fleet
from tests.integration.demo.watching_catalog import WatchingCatalog


async def run_command(fleet: Fleet, *more: str) -> tuple[asyncio.subprocess.Process, list[str]]:
    """`headwater demo --live --fault null-burst` until the fault is over, then Ctrl-C."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "server.cli.main", "demo", "--live", "--fault", "null-burst"),
        *("--bootstrap-servers", fleet.bootstrap_servers),
        *("--schema-registry", fleet.schema_registry),
        *("--fault-after", "1", "--fault-for", "2", "--topic-rate", "100", *more),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert process.stdout
    try:
        lines = [(await process.stdout.readline()).decode().strip() for _ in range(3)]
        process.send_signal(signal.SIGINT)
        assert await asyncio.wait_for(process.wait(), 30) == 130
    finally:
        if process.returncode is None:
            process.kill()
    return process, lines


async def test_the_command_says_when_a_fault_begins_and_ends_and_what_it_hit(fleet: Fleet):
    _, lines = await run_command(fleet)
    planned, begun, ended = lines
    assert planned.startswith("Planned: null-burst on orders.order-lines.v4, field lineTotal")
    assert begun.endswith("null-burst on orders.order-lines.v4, field lineTotal begins.")
    assert "messages were hit (offsets by partition 0:" in ended
    assert ended.endswith("Sound data goes on.")


async def test_the_command_tells_evals_what_it_planted(fleet: Fleet):
    _, lines = await run_command(fleet, "--json", "--topic", "fraud-alerts", "--share", "0.25")
    said = [Planted(**json.loads(line)) for line in lines]
    assert [planted.phase for planted in said] == [Phase.PLANNED, Phase.BEGUN, Phase.ENDED]
    ended = said[-1]
    assert (ended.topic, ended.fault, ended.share) == ("fraud-alerts", Fault.NULL_BURST, 0.25)
    assert (ended.ends - ended.begins).total_seconds() == 2
    assert 0.1 < ended.hit / ended.messages < 0.45
    assert sum(span.count for span in ended.offsets.values()) == ended.hit


async def test_the_eval_times_a_faults_alert_and_its_end(fleet: Fleet):
    target = target_of(Fault.NULL_BURST, TOPICS, OWNED)
    name, field = target.topic.name, str(target.field)
    with WatchingCatalog(fleet.bootstrap_servers, name, target.topic.partitions, field) as catalog:
        settings = Settings(
            bootstrap_servers=fleet.bootstrap_servers,
            schema_registry=fleet.schema_registry,
            catalog_port=catalog.port,
        )
        course = Course(rate=200, others=50, after=1.5, lasts=4)
        outcome = await tried(Fault.NULL_BURST, name, course, settings, catalog_of(settings, 10))
    assert outcome.sighting is not None
    assert outcome.seconds is not None
    assert outcome.messages is not None
    assert 0 <= outcome.seconds < 3
    assert outcome.messages < 200 * 3.5
    assert outcome.names_field
    assert outcome.recovered is not None
    assert 0.5 < outcome.recovered < 8
