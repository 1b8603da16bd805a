"""JSON Schema in and out."""

from __future__ import annotations

from typing import Any

import jsonschema_rs
import pytest

from core.schema import json_schema
from core.schema.fingerprint import fingerprint
from core.schema.limits import MAX_TEXT, SchemaUnreadableError
from core.schema.model import Bounds, Field, Kind, Logical, Schema
from tests.unit.inference.builders import inferred


def _fields(document: dict[str, Any], **references: Any) -> dict[str, Field]:
    schema = json_schema.read(document, references)
    return {"": schema.root, **dict(schema.walk())}


def test_members_kinds_and_requirements_are_read() -> None:
    found = _fields({
        "type": "object",
        "required": ["id"],
        "properties": {
            "id": {"type": "integer", "minimum": 1, "description": "the key"},
            "at": {"type": ["string", "null"], "format": "date-time"},
            "tags": {"type": "array", "items": {"type": "string", "maxLength": 5}},
            "by": {"type": "object", "additionalProperties": {"type": "number"}},
        },
    })  # fmt: skip

    assert (found["id"].optional, found["at"].optional) == (False, True)
    assert (found["id"].bounds, found["id"].doc) == (Bounds(minimum=1), "the key")
    assert found["at"].nullable
    assert found["at"].logical is Logical.DATE_TIME
    assert found["tags[]"].bounds.max_length == 5
    assert found["by"].kinds == {Kind.MAP}
    assert found["by.*"].kinds == {Kind.NUMBER}


def test_enums_and_constants_give_symbols_and_kinds() -> None:
    found = _fields({"properties": {"a": {"enum": ["x", "y", None]}, "b": {"const": 3}}})

    assert (found["a"].enum, found["a"].kinds) == (("x", "y"), {Kind.STRING, Kind.NULL})
    assert (found["b"].enum, found["b"].kinds) == ((3,), {Kind.INTEGER})


@pytest.mark.parametrize("defs", ["$defs", "definitions"])
def test_local_references_are_followed(defs: str) -> None:
    found = _fields({
        defs: {"a/b": {"type": "object", "properties": {"c": {"type": "string"}}}},
        "properties": {"x": {"$ref": f"#/{defs}/a~1b"}},
    })  # fmt: skip

    assert found["x.c"].kinds == {Kind.STRING}


def test_references_to_other_documents_are_given_never_fetched() -> None:
    document = {"properties": {"x": {"$ref": "address.json#/$defs/city"}}}
    other = '{"$defs": {"city": {"type": "string", "title": "City"}}}'

    assert _fields(document, **{"address.json": other})["x"].doc == "City"
    with pytest.raises(SchemaUnreadableError, match=r"address\.json"):
        _fields(document)


def test_all_of_requires_what_any_part_requires() -> None:
    found = _fields({
        "allOf": [
            {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]},
            {"properties": {"a": {"enum": ["x"]}, "b": {"type": "integer"}}},
        ]
    })  # fmt: skip

    assert not found["a"].optional
    assert found["a"].enum == ("x",)
    assert found["b"].optional


def test_one_of_unites_and_what_one_lacks_is_optional() -> None:
    found = _fields({
        "oneOf": [
            {"type": "object", "properties": {"k": {"const": "a"}, "x": {"type": "integer"}},
             "required": ["k", "x"]},
            {"type": "object", "properties": {"k": {"const": "b"}, "x": {"type": "number"},
             "y": {"type": "string"}}, "required": ["k", "y"]},
        ]
    })  # fmt: skip

    assert (found["k"].optional, found["x"].optional, found["y"].optional) == (False, True, True)
    assert found["k"].enum == ("a", "b")
    assert found["x"].kinds == {Kind.NUMBER}


def test_a_nullable_choice_keeps_meaning_and_symbols() -> None:
    found = _fields({"properties": {
        "at": {"anyOf": [{"type": "null"}, {"type": "string", "format": "date"}]},
        "s": {"anyOf": [{"enum": ["a"]}, {"type": "null"}]},
    }})  # fmt: skip

    assert found["at"].logical is Logical.DATE
    assert (found["s"].enum, found["s"].nullable) == (("a",), True)


def test_a_part_that_contains_itself_is_cut_and_tagged() -> None:
    found = _fields({
        "$defs": {"node": {"type": "object", "properties": {"next": {"$ref": "#/$defs/node"}}}},
        "$ref": "#/$defs/node",
    })  # fmt: skip

    assert "recursive" in found["next"].tags
    assert "next.next" not in found
    assert "recursive" in _fields({"properties": {"self": {"$ref": "#"}}})["self"].tags


def _exploding() -> dict[str, Any]:
    """Each definition holds the next one ten times."""
    defs: dict[str, Any] = {"d0": {"type": "string"}}
    for level in range(1, 12):
        ref = {"$ref": f"#/$defs/d{level - 1}"}
        defs[f"d{level}"] = {"properties": {f"p{n}": ref for n in range(10)}}
    return {"$defs": defs, "$ref": "#/$defs/d11"}


def _deep(depth: int) -> dict[str, Any]:
    document: dict[str, Any] = {"type": "string"}
    for _ in range(depth):
        document = {"properties": {"a": document}}
    return document


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (_exploding(), "more than 20000 fields"),
        (_deep(100), "nested deeper"),
        ("{not json", "no JSON"),
        ("[]", "object or a boolean"),
        ("[" * 100_000, "no JSON"),
        (" " * (MAX_TEXT + 1), "characters"),
        ({"$ref": "#/nowhere"}, "leads nowhere"),
        ({"$ref": "#anchor"}, "leads nowhere"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_reason(document: Any, said: str) -> None:
    with pytest.raises(SchemaUnreadableError, match=said):
        json_schema.read(document)


@pytest.mark.parametrize(
    "document",
    [
        True,
        {},
        {"type": 5, "properties": [], "required": "x", "items": 3, "enum": {}, "allOf": 1},
        {"properties": {"a": None, "b": 3, "c": False}},
        {"type": ["string", {}, None], "minimum": "x", "format": 3, "x-logical": []},
        {"patternProperties": 5, "additionalProperties": [], "$ref": 7},
    ],
)
def test_nonsense_in_a_schema_says_nothing_and_breaks_nothing(document: Any) -> None:
    assert json_schema.read(document).root.name == ""


def test_an_inferred_schema_reads_back_the_same_and_accepts_its_messages() -> None:
    records = [
        {"id": n, "status": ["NEW", None][n % 2], "at": "2026-01-01T00:00:00Z", "f": 1.5,
         "lines": [{"sku": "a"}], "by": {"1": 2}, "when": 1_767_225_600_000,
         **({"note": "x"} if n % 3 else {})}
        for n in range(60)
    ]  # fmt: skip
    schema = inferred(records).schema
    written = json_schema.write(schema)

    assert fingerprint(json_schema.read(written)) == fingerprint(schema)
    validator = jsonschema_rs.Draft202012Validator(written)
    assert all(validator.is_valid(record) for record in records)
    assert not validator.is_valid({"id": "x"})


def test_what_was_observed_is_no_limit() -> None:
    written = json_schema.write(inferred([{"n": 5}, {"n": 7}]).schema)["properties"]["n"]

    assert "minimum" not in written
    assert written["x-observed"]["minimum"] == 5


def test_limits_of_a_written_schema_are_limits_and_come_back() -> None:
    price = Field("price", frozenset({Kind.BYTES}), logical=Logical.DECIMAL,
                  bounds=Bounds(minimum=0, precision=12, scale=2))  # fmt: skip
    code = Field("code", frozenset({Kind.STRING}), bounds=Bounds(pattern="[A-Z]{2}|x"))
    due = Field("due", frozenset({Kind.INTEGER}), logical=Logical.DATE)
    root = Field("", frozenset({Kind.OBJECT}), children=(price, code, due))

    written = json_schema.write(Schema(root, "Invoice"))

    valid = jsonschema_rs.Draft202012Validator(written, validate_formats=True)
    assert valid.is_valid({"price": 1.5, "code": "AB", "due": "2026-02-28"})
    assert not valid.is_valid({"price": -1, "code": "AB", "due": "2026-02-28"})
    assert not valid.is_valid({"price": 1, "code": "ABC", "due": "2026-02-28"})
    assert not valid.is_valid({"price": 1, "code": "x", "due": "2026-02-30"})
    found = dict(json_schema.read(written).walk())
    assert found["price"].bounds == price.bounds
    assert found["code"].bounds == code.bounds
