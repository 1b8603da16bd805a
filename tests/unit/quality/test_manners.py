"""What a sample teaches about records and not about values."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.quality.manners import manners
from core.quality.rule import Metric


def _once(topic: str, *paths: str) -> list[str | None]:
    """The fields that are held to be unique, of 400 records in which all of these are."""
    records = [{path: f"{path}-{number}" for path in paths} for number in range(400)]
    rules = manners(topic, records, [1_000 * number for number in range(400)])
    return [rule.field for rule in rules if rule.metric is Metric.UNIQUE]


@pytest.mark.parametrize(
    ("topic", "field"),
    [
        ("inventory.stock-movements.v2", "movement_id"), ("orders.orders.v4", "orderId"),
        ("supplier_data_raw", "supplier_id"), ("payments", "id"), ("anything", "event_id"),
        ("crm.categories", "categoryId"),
    ],
)  # fmt: skip
def test_a_record_comes_once_by_its_own_identifier(topic: str, field: str) -> None:
    assert _once(topic, field) == [field]


@pytest.mark.parametrize(
    ("topic", "field"),
    [
        ("orders.order-events.v1", "order_id"), ("orders.order-lines.v4", "orderId"),
        ("finance.supplier-invoices.v2", "purchaseOrderId"),
        ("payments.transactions", "payment_id"),
    ],
)  # fmt: skip
def test_another_thing_may_be_spoken_of_again_however_seldom_it_was(topic: str, field: str) -> None:
    assert _once(topic, field) == []


def test_of_two_the_one_of_the_message_is_taken_where_the_other_is_of_something_else() -> None:
    assert _once("orders.order-events.v1", "order_id", "event_id") == ["event_id"]


BEGAN = datetime(2026, 3, 2, 8, tzinfo=UTC)


def _told_at(places: list[int], spec: str, **more: str) -> list[tuple[str | None, tuple[str, ...]]]:
    """Rules on uniqueness of records, sent one after the other, of the things at these places."""
    records: list[dict[str, Any]] = []
    arrived = []
    for number, place in enumerate(places):
        at = BEGAN + timedelta(milliseconds=1_377 * place)
        told = at.isoformat(timespec=spec).replace("+00:00", "Z")
        records.append({"vendorNumber": f"V-{place % 40}", "changed": told, "name": "x", **more})
        arrived.append(round(BEGAN.timestamp() * 1_000) + 1_377 * number)
    rules = manners("supplier_data_raw", records, arrived)
    return [(rule.field, rule.fields) for rule in rules if rule.metric is Metric.UNIQUE]


def test_without_an_identifier_of_its_own_a_record_comes_once_of_a_thing_at_an_instant() -> None:
    once = [*range(380), *range(360, 380)]

    assert _told_at(once, "milliseconds") == [(None, ("vendorNumber", "changed"))]


@pytest.mark.parametrize(
    ("places", "spec"),
    [(list(range(400)), "seconds"), ([n % 200 for n in range(400)], "milliseconds")],
    ids=["in a second much may happen to one thing", "told twice by its way"],
)
def test_where_a_thing_may_be_told_of_twice_at_an_instant_nothing_is_held(
    places: list[int], spec: str
) -> None:
    assert _told_at(places, spec) == []


def test_fields_without_letters_are_no_identifiers() -> None:
    assert _told_at(list(range(400)), "milliseconds", **{"***": "1"}) == [
        (None, ("vendorNumber", "changed"))
    ]


def test_of_several_things_a_record_comes_once_of_all_together() -> None:
    lines = [
        {"orderId": f"O-{number // 2}", "lineNumber": number % 2, "at": f"{moment}.{number:03}Z"}
        for number, moment in ((n, "2026-03-02T08:00:00") for n in range(400))
    ]
    pairs = [line | {"at": lines[place // 2 * 2]["at"]} for place, line in enumerate(lines)]
    began = round(BEGAN.timestamp() * 1_000)

    rules = manners("order-lines", pairs, [began + 2 * number for number in range(400)])

    assert [r.fields for r in rules if r.metric is Metric.UNIQUE] == [
        ("orderId", "lineNumber", "at")
    ]


def test_how_late_a_message_may_be_is_said_in_whole_minutes() -> None:
    late_ms = 47_123
    records = [{"at": (BEGAN + timedelta(seconds=number)).isoformat()} for number in range(400)]
    arrived = [round(BEGAN.timestamp() * 1_000) + 1_000 * n + late_ms for n in range(400)]

    (rule,) = manners("readings", records, arrived)

    assert (rule.max_delay_ms, rule.max_ahead_ms) == (8 * 60_000, 60_000)
