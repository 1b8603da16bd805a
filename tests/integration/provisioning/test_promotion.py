"""Promotion through the API: a topic that a scan has found becomes a product, by approval."""

from __future__ import annotations

import json
import secrets
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from confluent_kafka import Producer

from core.source import SourceKind
from server.app import catalog_app
from server.embedded.stack import EmbeddedStack
from server.services import Services
from server.workers.scanning import embeddings_from, open_scan
from tests.integration.catalog.conftest import client_of, settings_of
from tools.registry.errors import SubjectNotFoundError

ASKED = {"owner": "shop-team", "product_name": "Orders of the shop"}
JOE, JANE = ({"X-Headwater-Principal": f"user:default/{name}"} for name in ("joe", "jane"))

AVRO = {
    "type": "record",
    "name": "Order",
    "fields": [
        {"name": "order_id", "type": "string"},
        {"name": "status", "type": {"type": "enum", "name": "S", "symbols": ["NEW", "PAID"]}},
    ],
}


def order(at: int) -> dict[str, Any]:
    told = {
        "order_id": f"o-{at:05d}",
        "status": ("NEW", "PAID", "SENT")[at % 3],
        "total": round(1.5 + at, 2),
        "customer": {"email": f"c{at}@example.com"},
        "created_at": f"2026-01-{at % 27 + 1:02d}T03:04:05Z",
    }
    return told | ({"note": "gift"} if at % 4 == 0 else {})


@dataclass
class Shop:
    """A catalog that sees the topics of one prefix alone."""

    prefix: str
    client: httpx.AsyncClient
    services: Services
    servers: str

    async def topic(self, name: str, values: list[bytes], **configs: str) -> str:
        """A topic with messages that a scan has seen."""
        full = f"{self.prefix}.{name}"
        await self.services.kafka.create_topic(full, partitions=1, replication=1, configs=configs)
        producer = Producer({"bootstrap.servers": self.servers})
        for value in values:
            producer.produce(
                full, value, json.loads(value)["order_id"] if value[:1] == b"{" else b""
            )
        assert producer.flush(20) == 0
        embeddings = embeddings_from(self.services.settings)
        async with open_scan(self.services.settings, self.services.pool, embeddings) as scan:
            run = await self.services.scans.queue(scan.cluster, "test")
            await scan.run(run.id)
        return full

    async def promote(self, topic: str, **more: Any) -> httpx.Response:
        return await self.client.post(
            f"/sources/{topic}/promote", json=ASKED | more, headers=dict(JOE)
        )

    async def approved(self, approval_id: str) -> dict[str, Any]:
        """Approved by somebody else, and carried out."""
        decided = await self.client.post(
            f"/approvals/{approval_id}/decision", json={"decision": "approve"}, headers=dict(JANE)
        )
        assert decided.status_code == 200, decided.text
        await self.services.flow.resume(approval_id)
        found: dict[str, Any] = (await self.client.get(f"/approvals/{approval_id}")).json()
        return found


@pytest.fixture
async def shop(stack: EmbeddedStack, database_url: str) -> AsyncIterator[Shop]:
    prefix = f"s{secrets.token_hex(4)}"
    app = catalog_app(settings_of(stack, database_url, exclude_topics=(rf"^(?!{prefix}\.)",)))
    async with client_of(app) as client:
        services: Services = app.state.services
        yield Shop(prefix, client, services, stack.bootstrap_servers)
        topics = await services.kafka.topics(settings=False)
        mine = [topic.name for topic in topics if topic.name.startswith(f"{prefix}.")]
        await services.kafka.delete_topics(mine)
        assert services.registry is not None
        for topic in mine:
            with suppress(SubjectNotFoundError):
                await services.registry.delete_subject(f"{topic}-value")


async def test_a_discovered_topic_becomes_a_product_and_stays_as_it_is(shop: Shop) -> None:
    values = [json.dumps(order(at)).encode() for at in range(60)]
    topic = await shop.topic("orders", values, **{"retention.ms": "123456789"})
    before = await shop.services.kafka.describe_topic(topic)

    answer = await shop.promote(topic)

    assert answer.status_code == 202, answer.text
    view = answer.json()
    assert answer.headers["Location"] == f"/approvals/{view['id']}"
    assert (view["status"], view["requested_by"]) == ("pending", "user:default/joe")
    assert view["impact"]["diff"]["topic"]["effect"] == "keep"
    plan = view["plan"]
    assert plan["product"]["owner"] == "group:default/shop-team"
    assert plan["schema_plan"]["event_time"] == "created_at"
    assert plan["schema_plan"]["sensitive"] == ["customer.email"]
    rules = {rule["id"]: rule for rule in plan["rules"]}
    assert "order_id-required" in rules
    assert "note-required" not in rules
    assert (rules["total-range"]["minimum"], rules["total-range"]["severity"]) == (0, "warning")
    assert set(rules["status-values"]["values"]) == {"NEW", "PAID", "SENT"}

    ended = await shop.approved(view["id"])

    assert ended["status"] == "active", ended["error"]
    assert await shop.services.kafka.describe_topic(topic) == before
    assert ended["result"]["subject"] == f"{topic}-value"
    assert shop.services.registry is not None
    registered = await shop.services.registry.version(f"{topic}-value")
    assert json.loads(registered.text)["required"] == [
        "order_id",
        "status",
        "total",
        "customer",
        "created_at",
    ]
    source = (await shop.services.sources.get(topic)).summary
    assert (source.kind, source.product_id) == (SourceKind.MANAGED, "orders-of-the-shop")
    again = await shop.promote(topic)
    assert (again.status_code, again.json()["type"].rpartition(":")[2]) == (409, "already-managed")


async def test_a_registered_schema_is_taken_as_it_is(shop: Shop) -> None:
    assert shop.services.registry is not None
    subject = f"{shop.prefix}.orders-value"
    schema_id = await shop.services.registry.register_schema(subject, json.dumps(AVRO))
    await shop.services.registry.set_compatibility("FULL", subject)
    framed = b"\x00" + schema_id.to_bytes(4, "big") + b"\x06o-1\x00"
    topic = await shop.topic("orders", [framed] * 40)

    view = (await shop.promote(topic)).json()
    assert view["plan"]["schema_plan"]["version"] == 1
    assert view["impact"]["diff"]["subject"]["effect"] == "keep"
    ended = await shop.approved(view["id"])

    assert (ended["status"], ended["result"]["schema_id"]) == ("active", schema_id)
    assert await shop.services.registry.versions(subject) == (1,)
    assert await shop.services.registry.compatibility(subject) == "FULL"


async def test_what_cannot_be_promoted_says_why(shop: Shop) -> None:
    values = [json.dumps(order(at)).encode() for at in range(40)]
    topic = await shop.topic("orders", values)
    empty = await shop.topic("nothing", [])

    missing = await shop.promote(f"{topic}x")
    assert missing.status_code == 404
    assert topic in missing.json()["near"]
    unread = await shop.promote(empty)
    assert unread.status_code == 409
    assert "No schema is known" in unread.json()["detail"]
    first = await shop.promote(topic)
    second = await shop.promote(topic)
    assert second.status_code == 409
    assert first.json()["id"] in second.json()["detail"]
    nobody = await shop.promote(topic, owner="???")
    assert nobody.status_code == 422


async def test_the_same_key_gives_the_same_approval(shop: Shop) -> None:
    topic = await shop.topic("orders", [json.dumps(order(at)).encode() for at in range(40)])

    async def ask() -> str:
        headers = {**JOE, "Idempotency-Key": "k1"}
        answer = await shop.client.post(f"/sources/{topic}/promote", json=ASKED, headers=headers)
        return str(answer.json()["id"])

    assert await ask() == await ask()


async def test_a_setting_that_the_approver_takes_out_is_the_clusters_again(shop: Shop) -> None:
    values = [json.dumps(order(at)).encode() for at in range(40)]
    topic = await shop.topic("orders", values, **{"segment.ms": "60000"})
    view = (await shop.promote(topic)).json()

    decided = await shop.client.post(
        f"/approvals/{view['id']}/decision",
        json={"decision": "modify", "changes": {"topic.settings.segment.ms": None}},
        headers=dict(JANE),
    )
    assert "segment.ms: 60000 -> the cluster's default" in decided.text
    await shop.services.flow.resume(view["id"])

    state = await shop.services.kafka.describe_topic(topic)
    assert state is not None
    assert state.own == {}


async def test_a_change_of_the_topic_is_made_where_the_approver_asks_for_it(shop: Shop) -> None:
    topic = await shop.topic("orders", [json.dumps(order(at)).encode() for at in range(40)])
    view = (await shop.promote(topic)).json()

    decided = await shop.client.post(
        f"/approvals/{view['id']}/decision",
        json={"decision": "modify", "changes": {"topic.retention_ms": 3_600_000}},
        headers=dict(JANE),
    )
    assert decided.status_code == 200, decided.text
    await shop.services.flow.resume(view["id"])

    state = await shop.services.kafka.describe_topic(topic)
    assert state is not None
    assert state.own == {"retention.ms": "3600000"}
