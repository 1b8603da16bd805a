"""One schema out of several, and the messages of each into it."""

from __future__ import annotations

import pytest

from core.schema import avro_writer
from core.schema.model import Evidence, Field, Kind, Logical, Schema
from core.unify.carrying import Carrier
from core.unify.mapping import Op
from core.unify.replay import replayed
from core.unify.unified import Side, Unified, unified

TEXT, WHOLE, NUMBER = (frozenset({kind}) for kind in (Kind.STRING, Kind.INTEGER, Kind.NUMBER))
OBJECT = frozenset({Kind.OBJECT})


def schema(*fields: Field) -> Schema:
    return Schema(Field("", OBJECT, children=fields))


ORDERS = schema(
    Field("orderId", TEXT),
    Field("total", NUMBER),
    Field("status", TEXT, enum=("open", "paid")),
    Field("placedAt", TEXT, logical=Logical.DATE_TIME),
    Field("address", OBJECT, children=(Field("city", TEXT), Field("zip", TEXT, optional=True))),
    Field("tags", frozenset({Kind.ARRAY}), children=(Field("[]", TEXT),)),
)
ROWS = schema(
    Field("number", TEXT),
    Field("amount", TEXT, evidence=Evidence(100, 100, shapes=(("9999.99", 0.95),))),
    Field("state", TEXT, enum=("OPEN", "lost")),
    Field("ts", WHOLE, logical=Logical.EPOCH_SECONDS),
    Field("town", TEXT),
    Field("zip", WHOLE),
    Field("tags", TEXT),
)
MATCHES = [
    ("orderId", "number", 0.9),
    ("total", "amount", 0.9),
    ("status", "state", 0.9),
    ("placedAt", "ts", 0.9),
    ("address.city", "town", 0.9),
    ("address.zip", "zip", 0.3),
    ("tags", "tags", 0.9),
]


def made(*, promised: bool = False) -> Unified:
    sides = [Side("orders", ORDERS, promised), Side("rows", ROWS, promised)]
    return unified("Order", sides, {"rows": MATCHES})


def test_matched_fields_become_one_and_the_others_stay() -> None:
    found = {origin.path: dict(origin.sources) for origin in made().origins}

    assert found == {
        "order_id": {"orders": "orderId", "rows": "number"},
        "total": {"orders": "total", "rows": "amount"},
        "status": {"orders": "status", "rows": "state"},
        "placed_at": {"orders": "placedAt", "rows": "ts"},
        "address.city": {"orders": "address.city", "rows": "town"},
        # Not sure enough to be one with the other side's.
        "address.zip": {"orders": "address.zip"},
        "zip": {"rows": "zip"},
        # An array is no text.
        "tags": {"orders": "tags"},
        "tags_rows": {"rows": "tags"},
    }


def test_types_widen_and_what_one_side_lacks_is_optional() -> None:
    places = dict(made().schema.walk())

    assert places["total"].kinds == NUMBER
    assert (places["placed_at"].kinds, places["placed_at"].logical) == (WHOLE, Logical.EPOCH_MILLIS)
    assert [path for path, place in places.items() if not place.optional and place.kinds != OBJECT][
        :5
    ] == ["order_id", "total", "status", "placed_at", "address.city"]
    assert places["address.zip"].optional
    assert places["zip"].optional


def test_symbols_are_spelt_in_one_way_and_bind_only_where_they_were_promised() -> None:
    observed, promised = made(), made(promised=True)

    assert dict(observed.schema.walk())["status"].enum is None
    assert dict(promised.schema.walk())["status"].enum == ("open", "paid", "lost")
    (status,) = [one for one in promised.mappings[1].fields if one.to == "status"]
    assert [(step.op, step.symbols) for step in status.steps] == [(Op.SYMBOLS, {"OPEN": "open"})]


def test_messages_of_both_come_through_and_validate() -> None:
    one = made()
    avro = avro_writer.write(one.schema)
    order = {
        "orderId": "A",
        "total": 3,
        "status": "paid",
        "placedAt": "2024-05-01T10:00:00Z",
        "address": {"city": "Ulm"},
        "tags": ["x"],
    }
    row = {"number": "B", "amount": "12.50", "state": "OPEN", "ts": 1_714_557_600, "town": "Bonn"}

    carriers = [Carrier(mapping, one.schema) for mapping in one.mappings]
    assert carriers[0].carry(order).message == {
        "order_id": "A",
        "total": 3.0,
        "status": "paid",
        "placed_at": 1_714_557_600_000,
        "address": {"city": "Ulm"},
        "tags": ["x"],
    }
    assert carriers[1].carry(row).message == {
        "order_id": "B",
        "total": 12.5,
        "status": "open",
        "placed_at": 1_714_557_600_000,
        "address": {"city": "Bonn"},
    }
    proof = replayed("rows", [row, {**row, "zip": 1}], 1, 80.0, carriers[1], avro)
    assert (proof.messages, proof.passed, proof.unreadable) == (3, 2, 1)
    assert proof.share == pytest.approx(2 / 3)
    assert 0 < proof.bytes_unified < 40


def test_what_does_not_come_through_is_counted_by_reason_with_redacted_shapes() -> None:
    one = made()
    carrier = Carrier(one.mappings[1], one.schema)
    row = {"number": "B", "amount": "none", "state": "OPEN", "ts": 1_714_557_600, "town": "Bonn"}

    proof = replayed("rows", [row, {"number": "C"}, "text"], 0, 80.0, carrier, {})

    told = {(refused.to, refused.reason): refused for refused in proof.refused}
    assert proof.passed == 0
    assert told["total", "is no number"].shapes == ("a+",)
    assert told["address.city", "is required, and missing or null"].messages == 1
    assert told["", "is no object with fields"].messages == 1
    assert '"none"' not in proof.model_dump_json()


def test_names_never_clash() -> None:
    left = schema(Field("a", OBJECT, children=(Field("b", TEXT),)), Field("c", TEXT))
    right = schema(Field("a", TEXT), Field("c", WHOLE))

    found = unified("X", [Side("left", left), Side("right", right)], {})

    assert [origin.path for origin in found.origins] == ["a.b", "c", "a_right", "c_right"]
    assert avro_writer.write(found.schema)["fields"]


def test_a_source_without_a_required_field_says_so() -> None:
    one = unified("X", [Side("left", schema(Field("id", TEXT)))], {})
    lacking = one.mappings[0].model_copy(update={"fields": ()})

    (refusal,) = Carrier(lacking, one.schema).carry({}).refusals

    assert (refusal.to, refusal.reason) == ("id", "is required, and this source has none")
