"""The worlds of the stories, measured from what lies on Kafka by rules written here."""

from __future__ import annotations

import asyncio
import io
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import fastavro
import pytest
from confluent_kafka import Consumer, TopicPartition

from core.decoding.decoded import SchemaRef
from tests.integration.demo.conftest import Fleet
from tools.registry.client import Registry

EMAIL = re.compile(r"[\w.+-]+@[\w-]+(\.[\w-]+)+")
MARKETS = {"DE", "FR", "NL", "IT", "ES", "PL", "CZ", "SE", "GB", "CH", "US", "CN"}
CURRENCIES = {"EUR", "PLN", "CZK", "SEK", "GBP", "CHF", "USD", "CNY"}
CATEGORIES = {
    "raw-material",
    "packaging",
    "electronics",
    "mro",
    "services",
    "logistics",
    "chemicals",
}

SAME_MEANING = {
    "supplier_id": "vendorNumber",
    "supplier_name": "vendorName",
    "country": "ctry",
    "city": "town",
    "contact_email": "mail",
    "phone": "telephone",
    "tax_id": "vatNo",
    "currency": "curr",
    "payment_terms_days": "payTerms",
    "category": "commodityGroup",
    "annual_spend": "yearlySpend",
    "status": "state",
    "updated_at": "lastChange",
}
SAME_SCORES = {
    "supplierId": "supplier_id",
    "riskScore": "risk_score",
    "riskBand": "risk_level",
    "finRisk": "financial_risk",
    "deliveryRisk": "delivery_risk",
    "ctry": "country",
    "modelVersion": "model_version",
    "scoredAt": "scored_at",
    "conf": "confidence",
}


@dataclass(frozen=True, slots=True)
class Arrived:
    value: bytes
    at: datetime


async def read(fleet: Fleet, topic: str) -> list[Arrived]:
    marks = (await fleet.admin.watermarks([topic]))[topic].offsets
    return await asyncio.to_thread(lambda: list(_consume(fleet.bootstrap_servers, topic, marks)))


def _consume(servers: str, topic: str, marks: dict[int, tuple[int, int]]) -> Iterator[Arrived]:
    settings = {"bootstrap.servers": servers, "group.id": "none", "enable.auto.commit": False}
    consumer = Consumer(settings)
    consumer.assign(
        [TopicPartition(topic, partition, low) for partition, (low, _) in marks.items()]
    )
    left = sum(high - low for low, high in marks.values())
    while left:
        batch = consumer.consume(min(left, 1_000), 10)
        assert batch, "Kafka gave no more messages"
        left -= len(batch)
        for message in batch:
            at = datetime.fromtimestamp(message.timestamp()[1] / 1000, UTC)
            yield Arrived(message.value(), at)
    consumer.close()


def timely(text: object, at: datetime) -> bool:
    try:
        event = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return False
    return event is not None and event.tzinfo is not None and _near(event, at)


def _near(event: datetime, at: datetime) -> bool:
    return at - timedelta(days=1) <= event <= at + timedelta(minutes=1)


def between(value: object, low: float, high: float) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high


def filled(record: dict[str, Any], *names: str) -> bool:
    return all(isinstance(record.get(name), str) and record[name] for name in names)


def good_event(r: dict[str, Any], at: datetime) -> bool:
    return (
        filled(r, "eventId", "eventType", "supplier_id", "supplier_name", "city", "phone", "tax_id")
        and EMAIL.fullmatch(str(r.get("contact_email"))) is not None
        and r["country"] in MARKETS
        and r["currency"] in CURRENCIES
        and r["category"] in CATEGORIES
        and r["status"] in {"active", "onboarding", "blocked"}
        and between(r.get("payment_terms_days"), 1, 120)
        and between(r.get("annual_spend"), 0, 1e9)
        and between(r.get("rating"), 1, 5)
        and timely(r.get("updated_at"), at)
    )


def good_vendor(r: dict[str, Any], at: datetime) -> bool:
    return (
        filled(r, "vendorNumber", "vendorName", "town", "telephone", "vatNo", "sourceFile", "buyer")
        and EMAIL.fullmatch(str(r.get("mail"))) is not None
        and r["ctry"] in MARKETS
        and r["curr"] in CURRENCIES
        and r["commodityGroup"] in CATEGORIES
        and r["state"] in {"ACTIVE", "ONBOARDING", "BLOCKED"}
        and between(r.get("payTerms"), 1, 120)
        and between(r.get("yearlySpend"), 0, 1e9)
        and between(r.get("rowNo"), 1, 1e6)
        and timely(r.get("lastChange"), at)
    )


def good_supplier(r: dict[str, Any], at: datetime) -> bool:
    return (
        filled(r, "supplier_id", "legal_name", "vat_id", "iban")
        and EMAIL.fullmatch(r["contact"]["email"]) is not None
        and r["address"]["country"] in MARKETS
        and r["currency"] in CURRENCIES
        and r["category"] in CATEGORIES
        and r["status"] in {"active", "onboarding", "blocked"}
        and between(r["payment_terms_days"], 1, 120)
        and between(r["credit_limit"], 0, 1e9)
        and between(r["rating"], 1, 5)
        and _near(r["updated_at"], at)
    )


def share_of_good(
    records: list[tuple[dict[str, Any] | None, datetime]],
    good: Callable[[dict[str, Any], datetime], bool],
) -> float:
    """None stands for a message that could not be read; a record seen before is not good again."""
    seen: set[str] = set()
    count = 0
    for record, at in records:
        text = repr(record)
        count += record is not None and text not in seen and good(record, at)
        seen.add(text)
    return count / len(records)


def parsed(arrived: Arrived) -> dict[str, Any] | None:
    try:
        found = json.loads(arrived.value)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


async def avro_records(fleet: Fleet, topic: str) -> list[tuple[dict[str, Any] | None, datetime]]:
    arrived = await read(fleet, topic)
    registry = Registry(fleet.schema_registry)
    readers = {}
    for number in {int.from_bytes(message.value[1:5], "big") for message in arrived}:
        found = await registry.schema_by_ref(SchemaRef(number))
        assert found is not None
        readers[number] = fastavro.parse_schema(json.loads(found.text))
    await registry.close()
    return [(_datum(message.value, readers), message.at) for message in arrived]


def _datum(value: bytes, readers: dict[int, Any]) -> dict[str, Any]:
    reader = readers[int.from_bytes(value[1:5], "big")]
    record = fastavro.schemaless_reader(io.BytesIO(value[5:]), reader, None)
    assert isinstance(record, dict)
    return record


@pytest.mark.parametrize(
    ("topic", "good", "share", "tolerance"),
    [
        ("supplier-events", good_event, 0.67, 0.03),
        ("supplier_data_raw", good_vendor, 0.55, 0.03),
    ],
)
async def test_the_teams_own_supplier_topics_are_as_bad_as_told(
    fleet: Fleet, topic: str, good: Callable[..., bool], share: float, tolerance: float
):
    records = [(parsed(message), message.at) for message in await read(fleet, topic)]
    assert share_of_good(records, good) == pytest.approx(share, abs=tolerance)


async def test_supplier_master_data_is_as_good_as_told(fleet: Fleet):
    records = await avro_records(fleet, "procurement.supplier-master.v1")
    assert len(records) >= 5_000
    assert share_of_good(records, good_supplier) == pytest.approx(0.985, abs=0.005)


async def test_every_field_of_the_bad_topics_is_mostly_right(fleet: Fleet):
    """Else the dominant shape could not be told from the defects."""
    for topic in ("supplier-events", "supplier_data_raw"):
        records = [r for r in map(parsed, await read(fleet, topic)) if r]
        for name in {name for record in records for name in record}:
            kinds = [type(record.get(name)).__name__ for record in records]
            commonest = max(map(kinds.count, {"str", "int", "float"}))
            assert commonest > 0.85 * len(kinds), (topic, name)


async def test_the_two_supplier_topics_share_four_fifths_of_their_fields(fleet: Fleet):
    ours = await fields_of(fleet, "supplier-events")
    theirs = await fields_of(fleet, "supplier_data_raw")
    assert ours.keys() >= SAME_MEANING.keys()
    assert theirs.keys() >= set(SAME_MEANING.values())
    assert not ours.keys() & theirs.keys()
    assert 2 * len(SAME_MEANING) / (len(ours) + len(theirs)) == pytest.approx(0.8, abs=0.03)
    for name, other in SAME_MEANING.items():
        if name not in {"status", "updated_at"}:
            smaller = min(ours[name], theirs[other], key=len)
            assert len(ours[name] & theirs[other]) > 0.35 * len(smaller), name


async def test_three_quarters_of_the_models_output_are_the_managed_risk_scores(fleet: Fleet):
    model = await fields_of(fleet, "ml-output-supplier-risk-v4")
    managed = {
        name
        for record, _ in await avro_records(fleet, "risk.supplier-risk-scores.v2")
        for name in record or {}
    }
    assert model.keys() >= SAME_SCORES.keys()
    assert managed >= set(SAME_SCORES.values())
    assert len(SAME_SCORES) / len(model) == pytest.approx(0.75, abs=0.03)


async def fields_of(fleet: Fleet, topic: str) -> dict[str, set[str]]:
    """The values of each field, as text."""
    found: dict[str, set[str]] = {}
    for record in map(parsed, await read(fleet, topic)):
        for name, value in (record or {}).items():
            found.setdefault(name, set()).add(str(value))
    return found
