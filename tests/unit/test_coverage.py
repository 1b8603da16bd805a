"""What a source has of a wanted schema is counted by names and types."""

from __future__ import annotations

import pytest

from core.coverage import coverage
from core.schema.model import Field, Kind, Logical, Schema

TEXT, NUMBER, INTEGER = (frozenset({kind}) for kind in (Kind.STRING, Kind.NUMBER, Kind.INTEGER))


def schema_of(*places: Field) -> Schema:
    return Schema(Field("", frozenset({Kind.OBJECT}), children=places))


def inside(name: str, *places: Field) -> Field:
    return Field(name, frozenset({Kind.OBJECT}), children=places)


@pytest.mark.parametrize(
    ("wanted", "there", "has"),
    [
        (Field("card_number", TEXT), Field("cardNumber", TEXT), True),
        (Field("amount", NUMBER), inside("payment", Field("amount", INTEGER)), True),
        (inside("payment", Field("amount", NUMBER)), Field("amount", NUMBER), True),
        (Field("amount", NUMBER), Field("amount", TEXT), False),
        (Field("amount", NUMBER), Field("amount", TEXT, logical=Logical.DECIMAL), True),
        (
            Field("at", TEXT, logical=Logical.DATE_TIME),
            Field("at", INTEGER, logical=Logical.EPOCH_MILLIS),
            True,
        ),
        (Field("tag", TEXT), Field("tags", TEXT), False),
        (Field("score", NUMBER), Field("score", frozenset()), True),
    ],
)
def test_a_field_is_there_if_one_of_its_name_has_a_type_for_it(
    wanted: Field, there: Field, has: bool
) -> None:
    found = coverage(schema_of(wanted), schema_of(there))

    assert (len(found.has), found.share) == ((1, 1.0) if has else (0, 0.0))


def test_what_is_missing_is_named_by_its_path() -> None:
    items = Field("items", frozenset({Kind.ARRAY}), children=(inside("[]", Field("sku", TEXT)),))
    found = coverage(schema_of(Field("id", TEXT), items), schema_of(Field("id", TEXT)))

    assert (found.has, found.missing, found.share) == (("id",), ("items[].sku",), 0.5)


def test_nothing_wanted_is_not_covered() -> None:
    assert coverage(schema_of(), schema_of(Field("id", TEXT))).share == 0.0


def test_fields_that_nobody_asked_for_do_not_count() -> None:
    wanted = schema_of(Field("id", TEXT), Field("score", NUMBER), Field("amount", NUMBER))
    found = coverage(wanted, schema_of(Field("id", TEXT), Field("amount", NUMBER)))

    asked = found.without({"id", "amount"})
    assert (asked.has, asked.missing, asked.share) == ((), ("score",), 0.0)
    assert found.without({"id", "score", "amount"}) == found
