"""Enums: by evidence, by name, by company; and what never is one."""

from __future__ import annotations

import pytest

from core.inference.render import ENUM_BY_NAME
from tests.unit.inference.builders import fields


def _orders(count: int, **columns: object) -> list[dict[str, object]]:
    """Records that differ by an id; a list is a column to cycle through."""
    return [
        {"id": number} | {name: _cell(column, number) for name, column in columns.items()}
        for number in range(count)
    ]


def _cell(column: object, number: int) -> object:
    return column[number % len(column)] if isinstance(column, list) else column


def test_few_symbols_in_many_records_are_an_enum() -> None:
    colour = fields(_orders(200, colour=["red", "green", "blue"]))["colour"]

    assert colour.enum == ("blue", "green", "red")
    assert ENUM_BY_NAME not in colour.tags


def test_few_different_records_however_often_repeated_prove_nothing() -> None:
    records = _orders(3, colour=["red", "green", "blue"]) * 100

    assert fields(records)["colour"].enum is None


def test_a_name_that_asks_for_an_enum_needs_less_evidence_and_says_so() -> None:
    status = fields(_orders(8, order_status=["NEW", "PAID"]))["order_status"]

    assert status.enum == ("NEW", "PAID")
    assert ENUM_BY_NAME in status.tags


def test_a_null_beside_symbols_keeps_the_enum() -> None:
    status = fields(_orders(60, status=["NEW", None, "PAID"]))["status"]

    assert status.enum == ("NEW", "PAID")
    assert status.nullable


def test_members_that_share_a_few_symbols_make_each_other_enums() -> None:
    record = {
        "permissions": {"issues": "read", "pages": "write", "checks": "read", "docs": "write"}
    }

    assert fields([record] * 4)["permissions.docs"].enum == ("read", "write")


def test_items_of_an_array_may_be_an_enum() -> None:
    records = [{"id": n, "roles": ["admin", "reader"][: n % 2 + 1]} for n in range(50)]

    assert fields(records)["roles[]"].enum == ("admin", "reader")


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("first_name", ["Ann", "Bob", "Eve"]),
        ("email", ["a@example.com", "b@example.com"]),
        ("contact_phone", ["+47 22334455", "+47 22334466"]),
        ("account_id", ["A", "B"]),
        ("card_number", ["4111111111111111", "5500005555555559"]),
        ("host", ["10.0.0.1", "10.0.0.2"]),
        ("message", ["It was good", "It was bad"]),
        ("colour", ["2026-01-01", "2026-01-02"]),
        ("status", ["https://a.example", "https://b.example"]),
        ("status", ["9e107d9d372bb6826bd81d3542a419d6", "e4d909c290d0fb1ca068ffaddf22cbd0"]),
    ],
)
def test_what_may_identify_or_is_free_text_is_no_enum(name: str, values: list[str]) -> None:
    assert fields(_orders(200, **{name: values}))[name].enum is None


def test_a_field_with_many_values_is_no_enum() -> None:
    records = _orders(200, status=[f"S{number}" for number in range(150)])

    assert fields(records)["status"].enum is None


def test_rare_values_keep_a_field_open() -> None:
    records = _orders(200, colour=["red"]) + [{"id": 900 + n, "colour": f"c{n}"} for n in range(15)]

    assert fields(records)["colour"].enum is None
