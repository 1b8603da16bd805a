"""What strings and numbers mean."""

from __future__ import annotations

from uuid import uuid4

import pytest

from core.inference.form import Form, form_of, shape_of, shapes_of
from core.schema.model import Logical
from tests.unit.inference.builders import the_field


@pytest.mark.parametrize(
    ("name", "values", "logical"),
    [
        ("at", ["2026-01-02T03:04:05Z", "2026-01-02 03:04:05.123+01:00"], Logical.DATE_TIME),
        ("day", ["2026-01-02", "2025-12-31"], Logical.DATE),
        ("opens", ["08:30", "17:45:10"], Logical.TIME),
        ("length", ["PT5M", "P1DT2H"], Logical.DURATION),
        ("key", [str(uuid4()) for _ in range(5)], Logical.UUID),
        ("contact", ["a@example.com", "b.c@mail.example.org"], Logical.EMAIL),
        ("site", ["https://example.com/a?b=c", "s3://bucket/key"], Logical.URI),
        ("peer", ["10.0.0.1", "2001:db8::1"], Logical.IP),
        ("price", ["12.50", "3.99", "7"], Logical.DECIMAL),
        ("tel", ["+47 22 33 44 55", "+1 (212) 555-0100"], Logical.PHONE),
        ("digest", ["9e107d9d372bb6826bd81d3542a419d6", "e4d909c290d0fb1ca068ffaddf22cbd0"],
         Logical.HASH),
        ("currency", ["EUR", "USD"], Logical.CURRENCY),
        ("country_code", ["DE", "NO"], Logical.COUNTRY),
        ("nation_x", ["DE", "NO", "FR", "IT", "SE"], Logical.COUNTRY),
        ("lang", ["en", "nb-NO"], Logical.LANGUAGE),
        ("created_at", [1_767_225_600, 1_767_225_601], Logical.EPOCH_SECONDS),
        ("eventTime", [1_767_225_600_000, 1_767_225_600_001], Logical.EPOCH_MILLIS),
        ("ts", [1_767_225_600_000_000], Logical.EPOCH_MICROS),
        ("user_count", [1_767_225_600, 1_767_225_601], None),
        ("created_at", [5, 6], None),
        ("code", ["DE", "NO"], None),
        ("note", ["hello world", "2026-01-02"], None),
        ("seen", ["2026-13-45", "2026-99-99"], None),
    ],
)  # fmt: skip
def test_meaning_is_told_from_values_and_name(
    name: str, values: list[object], logical: Logical | None
) -> None:
    assert the_field(values, name).logical is logical


def test_a_few_values_of_another_form_do_not_hide_the_meaning() -> None:
    values = [f"2026-01-{day:02}" for day in range(1, 29)] + ["unknown"]

    assert the_field(values, "day").logical is Logical.DATE


def test_texts_beside_numbers_have_no_single_meaning() -> None:
    assert the_field(["2026-01-01", 20260101], "day").logical is None


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("AB-1234", "AA-9999"),
        ("Ωmega 7", "Aa+ 9"),
        ("6f1e3f0a-0d9b-4d0e-8f43-0a3b9d2f1c11", "hhhhhhhh-hhhh-hhhh-hhhh-hhhhhhhhhhhh"),
        ("supplier", "a+"),
        ("", ""),
    ],
)
def test_shapes_show_the_build_and_no_value(text: str, shape: str) -> None:
    assert shape_of(text, form_of(text)) == shape


@pytest.mark.parametrize(
    "texts",
    [
        [],
        ["", "ab", "Supplier 12345", "x" * 300],
        ["two\nlines", "one"],
        ["6f1e3f0a-0d9b-4d0e-8f43-0a3b9d2f1c11", "supplier"],
        ["6f1e3f0a-0d9b-4d0e-8f43-0a3b9d2f1c11", "00000000-0000-4000-8000-000000000000"],
        ["Ωmega 7", "AB-1234"],
        ["AB-" * 20, "AB-1234"],
    ],
)
def test_a_column_has_the_shapes_of_its_texts(texts: list[str]) -> None:
    forms = list(map(form_of, texts))

    assert shapes_of(texts, forms) == list(map(shape_of, texts, forms))


def test_a_long_text_is_read_in_part_and_its_shape_is_short() -> None:
    text = "word " * 100_000

    assert form_of(text) is Form.OTHER
    assert len(shape_of(text, Form.OTHER)) <= 40
