"""From a sentence to a product: how long the offline draft takes, and approval to active.

    python -m benchmarks.provisioning [--rounds 40] [--bootstrap-servers HOST:PORT
        --schema-registry URL --database-url URL]

Starts the embedded servers in a temporary folder unless all addresses are given. The floor, in the
same run, is what no provisioning can do without: creating the topic, registering the schema and
inserting one row, by the bare clients. Deletes the topics, subjects and the database that it made.
"""

from __future__ import annotations

import argparse
import asyncio
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median, quantiles

import httpx
import orjson
import psycopg
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

from core.approval import Approval, ApprovalStatus, Verdict
from core.generation import GenerationRequest
from core.schema import avro_writer
from server.principal import Principal, Role
from server.scratch_servers import scratch_servers
from server.services import Services, open_services
from server.settings import Settings

DRAFT_SECONDS = 1.0
ACTIVE_SECONDS = 2.0
"""What 95 of 100 may take at most."""

ASKER = "user:default/asker"
APPROVER = Principal("user:default/approver", authenticated=True, roles=frozenset({Role.STEWARD}))

DESCRIPTIONS = (
    "A fraud score between 0 and 1 for every card payment, within 100 ms, kept for 7 years.",
    "Temperature and humidity of each cold room every ten seconds, with the sensor's serial.",
    "Orders of the web shop with their items, the customer's e-mail address and the total in EUR.",
    "Every parcel's way through the sorting centres: scan time, place, and who scanned it.",
    "Stock of each article per warehouse, the latest value only, about 10k changes a day.",
    "Machine downtimes with their cause (planned, failure, material) and how long they took.",
    "Salary changes of employees, confidential, at most one a month each, retained ten years.",
    "Clicks on advertisements with campaign, device and country, 5,000 per second at peak.",
)


@dataclass
class Figures:
    """Seconds."""

    drafts: list[float] = field(default_factory=list)
    pickups: list[float] = field(default_factory=list)
    actives: list[float] = field(default_factory=list)
    floors: list[float] = field(default_factory=list)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--bootstrap-servers")
    parser.add_argument("--schema-registry")
    parser.add_argument("--database-url")
    given = parser.parse_args()
    figures = asyncio.run(_run(given))
    _tell("floor (topic, schema, row)", figures.floors)
    draft = _tell("offline draft", figures.drafts)
    _tell("decision to first step", figures.pickups)
    active = _tell("decision to active", figures.actives)
    print(f"ratio to the floor         {median(figures.actives) / median(figures.floors):7.2f}")
    raise SystemExit(int(draft > DRAFT_SECONDS or active > ACTIVE_SECONDS))


def _tell(what: str, seconds: Sequence[float]) -> float:
    """Prints the figures; returns the 95th percentile."""
    p95 = quantiles(seconds, n=20)[-1]
    print(f"{what:27}p50 {median(seconds) * 1_000:6.0f} ms   p95 {p95 * 1_000:6.0f} ms")
    return p95


async def _run(given: argparse.Namespace) -> Figures:
    async with scratch_servers(_settings(given)) as settings:
        figures = Figures()
        async with open_services(settings) as services, asyncio.TaskGroup() as group:
            beside = [
                group.create_task(services.provisioning.run()),
                group.create_task(services.generations.work()),
            ]
            await services.warm_up()
            await asyncio.sleep(1.0)
            made = [await _round(services, settings, figures, at) for at in range(given.rounds)]
            for task in beside:
                task.cancel()
            await _clean(services, made)
        return figures


def _settings(given: argparse.Namespace) -> Settings:
    """With no address unless all are given."""
    addresses = (given.bootstrap_servers, given.schema_registry, given.database_url)
    servers, registry, database_url = addresses if all(addresses) else (None, None, None)
    return Settings(
        bootstrap_servers=servers,
        schema_registry=registry,
        database_url=database_url,
        scan_after_provisioning=False,
    )


async def _round(services: Services, settings: Settings, figures: Figures, at: int) -> Approval:
    """One sentence on its way, then the floor for what came of it."""
    name = f"bench {secrets.token_hex(3)} {at}"
    description = DESCRIPTIONS[at % len(DESCRIPTIONS)]
    began = time.perf_counter()
    asked = GenerationRequest(product_name=name, owner="bench-team", description=description)
    generation = await services.generations.start(asked, ASKER)
    drafted = await services.generations.drafted(generation.id, 30.0)
    figures.drafts.append(time.perf_counter() - began)
    assert drafted.approval_id, drafted
    await services.desk.gate.decide(drafted.approval_id, APPROVER, Verdict.APPROVE)
    ended = await _ended(services, drafted.approval_id)
    assert ended.status is ApprovalStatus.ACTIVE, ended.error
    assert ended.seconds is not None
    assert ended.decision is not None
    assert ended.steps[0].started_at is not None
    figures.actives.append(ended.seconds)
    figures.pickups.append((ended.steps[0].started_at - ended.decision.at).total_seconds())
    figures.floors.append(await asyncio.to_thread(_floor, settings, ended))
    return ended


async def _ended(services: Services, approval_id: str) -> Approval:
    while True:
        found = await services.desk.approvals.get(approval_id)
        if found.status.ended:
            return found
        await asyncio.sleep(0.02)


def _floor(settings: Settings, made: Approval) -> float:
    """The same topic and schema under another name, and one row, by clients that are connected."""
    plan, name = made.plan, _floor_name(made)
    admin = AdminClient({"bootstrap.servers": str(settings.bootstrap_servers)})
    admin.list_topics(timeout=10)
    body = {"schema": orjson.dumps(avro_writer.write(plan.schema_plan.value)).decode()}
    with (
        httpx.Client() as registry,
        psycopg.connect(str(settings.database_url), autocommit=True) as database,
    ):
        registry.get(f"{settings.schema_registry}/config").raise_for_status()
        database.execute("create table if not exists floor (name text)")
        began = time.perf_counter()
        topic = NewTopic(name, plan.topic.partitions, plan.topic.replication)
        admin.create_topics([topic])[name].result(20)
        url = f"{settings.schema_registry}/subjects/{name}-value/versions"
        registry.post(url, json=body).raise_for_status()
        database.execute("insert into floor values (%s)", (name,))
        return time.perf_counter() - began


def _floor_name(made: Approval) -> str:
    return f"{made.plan.topic.name}.floor"


async def _clean(services: Services, made: Sequence[Approval]) -> None:
    names = [name for each in made for name in (each.plan.topic.name, _floor_name(each))]
    await services.kafka.delete_topics(names)
    assert services.registry is not None
    for name in names:
        await services.registry.delete_subject(f"{name}-value")


if __name__ == "__main__":
    main()
