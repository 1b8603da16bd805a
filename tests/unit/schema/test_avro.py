"""Avro in and out."""

from __future__ import annotations

from typing import Any

import fastavro
import pytest

from core.schema import avro
from core.schema.limits import SchemaUnreadableError
from core.schema.model import Bounds, Field, Kind, Logical, Schema
from tests.unit.inference.builders import inferred


def _record(*fields: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "record", "name": "Order", "fields": list(fields)} | more


def _fields(document: Any, **references: Any) -> dict[str, Field]:
    return dict(avro.read(document, references).walk())


def test_fields_kinds_and_defaults_are_read() -> None:
    schema = avro.read(_record(
        {"name": "id", "type": "long", "doc": "the key"},
        {"name": "note", "type": ["null", "string"], "default": None},
        {"name": "count", "type": "int", "default": 0},
        {"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"}},
        {"name": "tags", "type": {"type": "array", "items": "string"}},
        {"name": "by", "type": {"type": "map", "values": "double"}},
        {"name": "colour", "type": {"type": "enum", "name": "Colour", "symbols": ["RED", "BLUE"]}},
        {"name": "raw", "type": {"type": "fixed", "name": "F", "size": 4}},
        namespace="a.b", doc="An order.",
    ))  # fmt: skip
    found = dict(schema.walk())

    assert (schema.name, schema.namespace, schema.doc) == ("Order", "a.b", "An order.")
    assert (found["id"].optional, found["id"].doc) == (False, "the key")
    assert found["note"].optional
    assert found["note"].nullable
    assert found["count"].optional
    assert found["at"].logical is Logical.EPOCH_MILLIS
    assert found["tags[]"].kinds == {Kind.STRING}
    assert found["by.*"].kinds == {Kind.NUMBER}
    assert found["colour"].enum == ("RED", "BLUE")
    assert found["raw"].kinds == {Kind.BYTES}


def test_named_types_are_found_by_their_namespace() -> None:
    inner = {"type": "record", "name": "City", "namespace": "geo",
             "fields": [{"name": "name", "type": "string"}]}  # fmt: skip
    found = _fields(
        _record(
            {"name": "home", "type": inner},
            {"name": "work", "type": ["null", "geo.City"]},
            namespace="shop",
        )
    )

    assert found["work.name"].kinds == {Kind.STRING}


def test_types_of_other_documents_are_given() -> None:
    document = _record({"name": "home", "type": "geo.City"})
    city = '{"type": "enum", "name": "geo.City", "symbols": ["OSLO"]}'

    assert _fields(document, city=city)["home"].enum == ("OSLO",)
    with pytest.raises(SchemaUnreadableError, match=r"geo\.City.*defined nowhere"):
        _fields(document)


def test_a_type_that_contains_itself_is_cut_and_tagged() -> None:
    found = _fields(_record({"name": "next", "type": ["null", "Order"], "default": None}))

    assert "recursive" in found["next"].tags
    assert "next.next" not in found


@pytest.mark.parametrize(
    ("document", "said"),
    [
        ("{", "no JSON"),
        ('{"type": "record", "name": "x"}', "no list of fields"),
        (_record({"name": "a"}), "lacks its name or type"),
        (_record({"name": "a", "type": []}), "union .* is empty"),
        (_record({"name": "a", "type": {"type": "array"}}), "has no items"),
        ({"name": "x"}, "no Avro type"),
        ("42", "no Avro type"),
        (_record({"name": "a", "type": "strnig"}), "strnig"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_reason(document: Any, said: str) -> None:
    with pytest.raises(SchemaUnreadableError, match=said):
        avro.read(document)


def test_a_schema_that_unfolds_without_end_is_refused() -> None:
    fields = [_record(*({"name": f"f{n}", "type": "string"} for n in range(10)), name="T0")]
    for level in range(1, 8):
        members = [{"name": f"m{n}", "type": f"T{level - 1}"} for n in range(10)]
        fields.append(_record(*members, name=f"T{level}"))
    references = {str(place): document for place, document in enumerate(fields)}

    with pytest.raises(SchemaUnreadableError, match="more than"):
        avro.read('"T7"', references)
    with pytest.raises(SchemaUnreadableError):
        avro.read("[" * 3000 + '"null"' + "]" * 3000)


_RECORDS = [
    {"id": n, "order-no": "x", "2nd": 1.5, "status": ["NEW", "PAID"][n % 2],
     "level": ["a-b", "c-d"][n % 2], "at": "2026-01-01", "when": 1_767_225_600_000, "big": 2**70,
     "lines": [{"sku": "a", "at": "b"}, {"sku": "c"}], "by": {"1": {"v": 1}, "2": {"v": 2}},
     "empty": [], "never": None, "both": [1, "x"][n % 2], "a b": 1, "a_b": 2}
    for n in range(60)
]  # fmt: skip


def test_a_written_schema_is_legal_avro() -> None:
    written = avro.write(inferred(_RECORDS).schema)

    fastavro.parse_schema(written)


def test_names_that_avro_forbids_are_mended_and_kept() -> None:
    schema = inferred(_RECORDS).schema
    written = avro.write(schema)
    names = {field["name"]: field.get("original") for field in written["fields"]}

    assert names["order_no"] == "order-no"
    assert names["_2nd"] == "2nd"
    assert {names["a_b"], names["a_b_2"]} == {"a b", None}
    assert {path for path, _ in avro.read(written).walk()} == {path for path, _ in schema.walk()}


def test_enums_with_illegal_symbols_are_strings_that_list_them() -> None:
    written = {f["name"]: f["type"] for f in avro.write(inferred(_RECORDS).schema)["fields"]}

    assert written["status"]["symbols"] == ["NEW", "PAID"]
    assert written["level"] == {"type": "string", "symbols": ["a-b", "c-d"]}


def test_meaning_survives_writing() -> None:
    found = dict(avro.read(avro.write(inferred(_RECORDS).schema)).walk())

    assert found["at"].logical is Logical.DATE
    assert found["when"].logical is Logical.EPOCH_MILLIS
    assert found["level"].enum == ("a-b", "c-d")


@pytest.mark.parametrize("name", ["", "my-topic.v1", "1st", "Ünï", "a..b"])
def test_any_topic_name_gives_a_legal_record_name(name: str) -> None:
    root = Field("", frozenset({Kind.OBJECT}))

    fastavro.parse_schema(avro.write(Schema(root, name, "x-y..z")))


def test_a_root_that_is_no_record_is_wrapped() -> None:
    written = avro.write(inferred(["a", "b"]).schema)

    assert [field["name"] for field in written["fields"]] == ["value"]


def test_days_and_decimals_survive_writing() -> None:
    price = Field("price", frozenset({Kind.BYTES}), logical=Logical.DECIMAL,
                  bounds=Bounds(precision=12, scale=3))  # fmt: skip
    due = Field("due", frozenset({Kind.INTEGER}), optional=True, logical=Logical.DATE)
    root = Field("", frozenset({Kind.OBJECT}), children=(price, due))

    written = avro.write(Schema(root, "Invoice"))

    fastavro.parse_schema(written)
    types = {field["name"]: field["type"] for field in written["fields"]}
    assert types["price"] == {
        "type": "bytes", "logicalType": "decimal", "precision": 12, "scale": 3
    }  # fmt: skip
    assert types["due"] == ["null", {"type": "int", "logicalType": "date"}]
    found = dict(avro.read(written).walk())
    assert found["price"].bounds == price.bounds
    assert found["due"].logical is Logical.DATE


def test_a_decimal_of_a_fixed_size_keeps_its_digits() -> None:
    fixed = {"type": "fixed", "name": "F", "size": 8, "logicalType": "decimal",
             "precision": 18, "scale": 4}  # fmt: skip
    written = avro.write(avro.read(_record({"name": "rate", "type": fixed})))

    assert written["fields"][0]["type"]["scale"] == 4
