"""Examples of every kind of field obey JSON Schema and survive Avro."""

from __future__ import annotations

import jsonschema_rs
import pytest

from core.schema import avro_writer, json_schema
from core.schema.example import Examples, Limit
from core.schema.model import Bounds, Field, Kind, Logical, Schema
from core.schema.round_trip import RoundTripError, round_trip

INTEGER, NUMBER, TEXT = (frozenset({kind}) for kind in (Kind.INTEGER, Kind.NUMBER, Kind.STRING))
BYTES = frozenset({Kind.BYTES})

PLACES = [
    *(Field("f", TEXT, logical=logical) for logical in Logical if logical.value[:5] != "epoch"),
    *(
        Field("f", INTEGER, logical=logical)
        for logical in (Logical.EPOCH_SECONDS, Logical.EPOCH_MILLIS, Logical.EPOCH_MICROS)
    ),
    Field("f", INTEGER, logical=Logical.DATE),
    Field("f", BYTES),
    Field("f", BYTES, logical=Logical.DECIMAL, bounds=Bounds(0, 99, precision=9, scale=2)),
    Field("f", TEXT, bounds=Bounds(min_length=40, max_length=50)),
    Field("f", TEXT, bounds=Bounds(pattern=r"ORD-\d{6}")),
    Field("f", TEXT, enum=("in store", "web")),
    Field("f", TEXT | {Kind.NULL}, True),
    Field("f", INTEGER, bounds=Bounds(-5, -5)),
    Field("f", NUMBER, bounds=Bounds(maximum=-3.5)),
    Field("f", NUMBER | TEXT),
    Field("f", frozenset({Kind.BOOLEAN})),
    Field("f", frozenset({Kind.MAP}), children=(Field("*", NUMBER),)),
    Field("f", frozenset({Kind.ARRAY}), children=(Field("[]", TEXT, enum=("a", "b")),)),
    Field(
        "f",
        frozenset({Kind.ARRAY}),
        children=(Field("[]", frozenset({Kind.OBJECT}), children=(Field("x-y", NUMBER),)),),
    ),
    Field("f", frozenset({Kind.OBJECT}), True, (Field("g", INTEGER, True), Field("h", TEXT))),
]


def schema_of(*places: Field) -> Schema:
    return Schema(Field("", frozenset({Kind.OBJECT}), children=places), name="Thing")


@pytest.mark.parametrize("place", PLACES, ids=lambda place: f"{sorted(place.kinds)}{place.logical}")
def test_each_kind_of_field_has_examples_that_pass_both_ways(place: Field) -> None:
    schema = schema_of(place)
    examples = Examples(schema)
    validator = jsonschema_rs.validator_for(json_schema.write(schema), validate_formats=True)

    for message in (*map(examples.whole, range(5)), examples.sparse()):
        validator.validate(message)
        assert round_trip(avro_writer.write(schema), message) >= 1


def test_a_field_that_a_limit_wants_is_there_with_all_above_it() -> None:
    schema = schema_of(Field("f", frozenset({Kind.OBJECT}), True, (Field("g", INTEGER, True),)))

    assert Examples(schema).sparse() == {}
    assert "g" in Examples(schema, {"f.g": Limit(present=True)}).sparse()["f"]


@pytest.mark.parametrize(
    "message", [{"f": "no number"}, {"f": None}, {"f": 1, "unknown": 2}, {"f": 2**70}]
)
def test_what_avro_does_not_give_back_is_an_error(message: dict[str, object]) -> None:
    with pytest.raises(RoundTripError):
        round_trip(avro_writer.write(schema_of(Field("f", INTEGER))), message)
