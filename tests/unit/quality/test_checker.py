"""Rules on columns say what they say record by record, however the record was written."""

from __future__ import annotations

import io
import json
from typing import Any

import fastavro
import numpy as np
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.decoding.avro import reader_of
from core.decoding.decoded import SchemaRef
from core.decoding.registered import RegisteredSchema, SchemaKind
from core.quality.checker import ALONE, Checker
from core.quality.columns.avro_block import NoColumnsError
from core.quality.columns.avro_columns import AvroColumns
from core.quality.columns.batch import Batch
from core.quality.columns.epochs import put_epochs
from core.quality.columns.rows import rows_batch
from core.quality.columns.typed_json import JsonColumns
from core.quality.record import record_holds
from core.quality.rule import Metric, QualityRule
from core.schema import avro as avro_reader
from core.schema.model import Field, Kind, Logical, Schema

ARRIVED = 1_790_000_000_000


def rule(number: int, metric: Metric, field: str | None = None, **more: Any) -> QualityRule:
    return QualityRule(id=f"r{number}", metric=metric, field=field, reason="a test", **more)


def field(name: str, *kinds: Kind, children: tuple[Field, ...] = ()) -> Field:
    return Field(name, frozenset(kinds), children=children)


SCHEMA = Schema(
    field(
        "",
        Kind.OBJECT,
        children=(
            field("id", Kind.STRING),
            field("amount", Kind.NUMBER),
            field("count", Kind.INTEGER),
            field("open", Kind.BOOLEAN),
            field("at", Kind.STRING),
            field("mixed", Kind.STRING, Kind.INTEGER),
            field("who", Kind.OBJECT, children=(field("mail", Kind.STRING, Kind.NULL),)),
            field("items", Kind.ARRAY, children=(field("[]", Kind.OBJECT),)),
        ),
    )
)
FIELDS = dict(SCHEMA.walk())

KINDS: list[tuple[Metric, str | None, dict[str, Any]]] = [
    (Metric.REQUIRED, "id", {}),
    (Metric.REQUIRED, "who.mail", {}),
    (Metric.REQUIRED, "items[].sku", {}),
    (Metric.MISSING, "id", {"values": ("", "n/a")}),
    (Metric.MISSING, "id", {"values": ("", 7), "or_null": True}),
    (Metric.MISSING, "who.mail", {"or_null": True}),
    (Metric.MISSING, "items[].sku", {"values": ("a",), "or_null": True}),
    (Metric.TYPE, "amount", {"kinds": (Kind.NUMBER,)}),
    (Metric.TYPE, "count", {"kinds": (Kind.INTEGER,)}),
    (Metric.TYPE, "mixed", {"kinds": (Kind.STRING,)}),
    (Metric.RANGE, "amount", {"minimum": 0, "maximum": 100, "exclusive_maximum": True}),
    (Metric.RANGE, "count", {"minimum": -3}),
    (Metric.RANGE, "id", {"maximum": 5}),
    (Metric.RANGE, "items[].price", {"minimum": 0}),
    (Metric.ENUM, "id", {"values": ("a", "b", 1)}),
    (Metric.ENUM, "count", {"values": (1, 2, "3")}),
    (Metric.ENUM, "open", {"values": (1,)}),
    (Metric.ENUM, "open", {"values": (True, "a")}),
    (Metric.ENUM, "amount", {"values": (0.5, 7, 2.0)}),
    (Metric.ENUM, "count", {"values": (1.0, 2.5, 3, 10**30)}),
    (Metric.ENUM, "mixed", {"values": ("a", 1.0, False)}),
    (Metric.PATTERN, "id", {"pattern": "[a-c]+|\\d"}),
    (Metric.PATTERN, "id", {"pattern": "(?=a)a.*"}),
    (Metric.PATTERN, "items[].sku", {"pattern": "[a-c]*"}),
    (Metric.PATTERN, "mixed", {"pattern": ".*[0-9]"}),
    (Metric.FORMAT, "who.mail", {"format": Logical.EMAIL}),
    (Metric.FORMAT, "at", {"format": Logical.DATE_TIME}),
    (Metric.FORMAT, "count", {"format": Logical.EPOCH_SECONDS}),
    (Metric.COMPARE, None, {"expression": "count <= amount or not present(id)"}),
    (Metric.TIMELINESS, "at", {"max_delay_ms": 60_000, "max_ahead_ms": 1_000}),
    (Metric.TIMELINESS, "count", {"max_delay_ms": 60_000}),
]
RULES = [rule(number, metric, path, **more) for number, (metric, path, more) in enumerate(KINDS)]

numbers = st.one_of(
    st.integers(-5, 120),
    st.floats(-5, 120).map(lambda n: round(n, 2)),
    st.sampled_from([2**63, -(2**70), ARRIVED // 1000, ARRIVED]),
)
texts = st.sampled_from(
    ["", "n/a", "a", "b", "abc", "7", "-3.5", "1e3", "x@y.example", "x@y", "x\n",
     "2026-09-21T14:13:20Z", "2026-09-21T14:13:20.5+00:00", "2026-09-21 14:13:19",
     "2026-09-21", "1999-01-01T00:00:00Z", "2031-09-21T14:13:21Z"]
)  # fmt: skip
anything = st.one_of(
    st.none(), st.booleans(), numbers, texts, st.just([]), st.just({}), st.just([1])
)
items = st.lists(
    st.one_of(st.fixed_dictionaries({}, optional={"sku": anything, "price": anything}), anything),
    max_size=3,
)
usual = st.fixed_dictionaries(
    {},
    optional={
        "id": st.one_of(texts, st.none()),
        "amount": numbers,
        "count": st.integers(-5, 5),
        "open": st.booleans(),
        "at": texts,
        "mixed": st.one_of(texts, numbers),
        "who": st.fixed_dictionaries({}, optional={"mail": st.one_of(texts, st.none())}),
        "items": items,
    },
)
unusual = st.fixed_dictionaries(
    {},
    optional=dict.fromkeys(("id", "amount", "count", "open", "at", "mixed", "who"), anything)
    | {"items": st.one_of(items, anything)},
)
records = st.lists(st.one_of(usual, usual, unusual), min_size=1, max_size=12)


def broken(checker: Checker, batch: Batch, count: int) -> set[tuple[str, int]]:
    arrived = np.full(count, ARRIVED, np.int64)
    return {
        (found.rule.id, place)
        for found in checker.check(batch, arrived)
        for place in found.places.tolist()
    }


def expected(values: list[Any], rules: list[QualityRule]) -> set[tuple[str, int]]:
    return {
        (each.id, place)
        for place, value in enumerate(values)
        for each in rules
        if each.metric in ALONE and not record_holds(value, each, ARRIVED)
    }


@given(records, st.sets(st.sampled_from(range(len(RULES))), min_size=1))
@settings(max_examples=400)
def test_rules_on_columns_of_json_say_what_they_say_of_each_record(
    values: list[Any], chosen: set[int]
) -> None:
    rules = [RULES[number] for number in sorted(chosen)]
    checker = Checker(rules, FIELDS)
    written = [_dumps(value) for value in values]
    read = [orjson.loads(data) for data in written]
    batch, other = JsonColumns(checker.wanted).read(range(len(written)), written)

    assert other == []
    assert broken(checker, batch, len(values)) == expected(read, rules)


@pytest.mark.parametrize("name", ["^id$", "^.*$", "$", "^", "id ", "ï"])
def test_a_field_is_itself_whatever_it_is_called(name: str) -> None:
    values = [{name: None, "id": "a"}, {name: "a", "id": None}, {"id": "b"}, {name: "2"}]
    rules = [
        rule(0, Metric.REQUIRED, name),
        rule(1, Metric.ENUM, name, values=("a",)),
        rule(2, Metric.TIMELINESS, name, max_delay_ms=1),
        rule(3, Metric.REQUIRED, "id"),
    ]
    text = Field(name, frozenset({Kind.STRING}))
    checker = Checker(rules, {**FIELDS, name: text})
    batch, _ = JsonColumns(checker.wanted).read(range(4), [_dumps(value) for value in values])

    assert broken(checker, batch, 4) == expected(values, rules)


@given(records, st.sets(st.sampled_from(range(len(RULES))), min_size=1))
@settings(max_examples=200)
def test_rules_on_columns_of_decoded_rows_say_what_they_say_of_each_record(
    values: list[Any], chosen: set[int]
) -> None:
    rules = [RULES[number] for number in sorted(chosen)]
    checker = Checker(rules, FIELDS)
    batch = rows_batch(list(enumerate(values)), checker.wanted)

    assert broken(checker, batch, len(values)) == expected(values, rules)


def test_what_is_no_json_object_is_handed_back() -> None:
    checker = Checker([RULES[0]], FIELDS)
    values = [b'{"id": "a"}', b"[1]", b'{"id": "a"', b"", b'{"id": null}']
    batch, other = JsonColumns(checker.wanted).read([0, 1, 2, 3, 4], values)

    assert other == [1, 2, 3]
    assert broken(checker, batch, 5) == {("r0", 4)}


AVRO: dict[str, Any] = {
    "type": "record",
    "name": "Order",
    "namespace": "com.example",
    "fields": [
        {"name": "id", "type": ["null", "string"]},
        {"name": "amount", "type": "double"},
        {"name": "count", "type": ["long", "null"]},
        {"name": "state", "type": {"type": "enum", "name": "State", "symbols": ["NEW", "DONE"]}},
        {"name": "before", "type": ["null", "State"]},
        {"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"}},
        {
            "name": "who",
            "type": [
                "null",
                {
                    "type": "record",
                    "name": "Who",
                    "fields": [
                        {"name": "mail", "type": ["null", "string"]},
                        {"name": "age", "type": "int"},
                    ],
                },
            ],
        },
        {"name": "raw", "type": "bytes"},
        {"name": "open", "type": "boolean"},
        {"name": "weight", "type": ["null", "float"]},
    ],
}
AVRO_RULES = [
    rule(0, Metric.REQUIRED, "id"),
    rule(1, Metric.RANGE, "amount", minimum=0, maximum=100),
    rule(2, Metric.RANGE, "count", maximum=10),
    rule(3, Metric.ENUM, "state", values=("NEW",)),
    rule(4, Metric.REQUIRED, "before"),
    rule(5, Metric.TIMELINESS, "at", max_delay_ms=1_000, max_ahead_ms=1_000),
    rule(6, Metric.REQUIRED, "who.mail"),
    rule(7, Metric.RANGE, "who.age", minimum=18),
    rule(8, Metric.FORMAT, "at", format=Logical.EPOCH_MILLIS),
    rule(9, Metric.RANGE, "weight", minimum=0),
    rule(10, Metric.COMPARE, expression="amount >= weight"),
]
avro_rows = st.fixed_dictionaries(
    {
        "id": st.one_of(st.none(), st.text(max_size=200)),
        "amount": st.floats(-10, 200),
        "count": st.one_of(st.none(), st.integers(-(2**63), 2**63 - 1), st.integers(-70, 70)),
        "state": st.sampled_from(["NEW", "DONE"]),
        "before": st.sampled_from(["NEW", "DONE", None]),
        "at": st.integers(ARRIVED - 2_000, ARRIVED + 2_000),
        "who": st.one_of(
            st.none(),
            st.fixed_dictionaries(
                {
                    "mail": st.one_of(st.none(), st.text(max_size=5)),
                    "age": st.integers(-(2**31), 2**31 - 1),
                }
            ),
        ),
        "raw": st.binary(max_size=70),
        "open": st.booleans(),
        "weight": st.one_of(st.none(), st.floats(-1, 1, width=32)),
    }
)


def registered(definition: dict[str, Any]) -> RegisteredSchema:
    text = orjson.dumps(definition).decode()
    return RegisteredSchema(SchemaRef(id=1), SchemaKind.AVRO, text)


def datum(row: dict[str, Any], definition: dict[str, Any] = AVRO) -> bytes:
    out = io.BytesIO()
    fastavro.schemaless_writer(
        out, fastavro.parse_schema(orjson.loads(orjson.dumps(definition))), row
    )
    return out.getvalue()


@given(st.lists(avro_rows, min_size=1, max_size=10))
@settings(max_examples=200)
def test_rules_on_columns_of_avro_say_what_they_say_of_each_datum(rows: list[Any]) -> None:
    fields = dict(avro_reader.read(AVRO).walk())
    checker = Checker(AVRO_RULES, fields)
    schema = registered(AVRO)
    data = [datum(row) for row in rows]
    batch = AvroColumns(schema, checker.wanted).read(range(len(data)), data)
    decode = reader_of(schema.text)
    values: list[Any] = [decode(one) for one in data]
    for value in values:
        put_epochs(value, checker.wanted.epochs)

    assert broken(checker, batch, len(rows)) == expected(values, AVRO_RULES)


@given(st.lists(avro_rows, min_size=2, max_size=6), st.data())
@settings(max_examples=200)
def test_a_batch_with_a_broken_datum_is_never_read_as_columns(
    rows: list[Any], draw: st.DataObject
) -> None:
    checker = Checker(AVRO_RULES, dict(avro_reader.read(AVRO).walk()))
    data = [datum(row) for row in rows]
    at = draw.draw(st.integers(0, len(data) - 1))
    cut = draw.draw(st.integers(0, len(data[at]) - 1))
    data[at] = data[at][:cut]

    with pytest.raises(NoColumnsError):
        AvroColumns(registered(AVRO), checker.wanted).read(range(len(data)), data)


@pytest.mark.parametrize(
    "kind",
    [
        {"type": "array", "items": "int"},
        {"type": "map", "values": "int"},
        ["int", "string"],
        {"type": "fixed", "name": "F", "size": 3},
        "Order",
    ],
)
def test_schemas_that_fit_no_columns_say_so(kind: Any) -> None:
    definition = {"type": "record", "name": "Order", "fields": [{"name": "a", "type": kind}]}
    with pytest.raises(NoColumnsError):
        AvroColumns(registered(definition), Checker([RULES[0]], {}).wanted)


def _dumps(value: Any) -> bytes:
    return json.dumps(value).encode()
