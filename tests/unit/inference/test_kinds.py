"""Kinds, optionality, nesting, maps."""

from __future__ import annotations

import pytest

from core.inference.analogy import BY_ANALOGY
from core.schema.model import Kind
from tests.unit.inference.builders import fields, inferred, the_field


@pytest.mark.parametrize(
    ("values", "kinds"),
    [
        ([1, 2], {Kind.INTEGER}),
        ([1.0, 2.0], {Kind.NUMBER}),
        ([1, 2.5], {Kind.NUMBER}),
        ([1, 1.0], {Kind.NUMBER}),
        ([True, False], {Kind.BOOLEAN}),
        ([True, 1], {Kind.BOOLEAN, Kind.INTEGER}),
        (["a", None], {Kind.STRING, Kind.NULL}),
        (["a", 1], {Kind.STRING, Kind.INTEGER}),
        ([b"\x00", b""], {Kind.BYTES}),
        ([[1], []], {Kind.ARRAY}),
    ],
)
def test_kinds_are_those_that_were_seen(values: list[object], kinds: set[Kind]) -> None:
    assert the_field(values).kinds == kinds


def test_a_field_that_was_ever_absent_is_optional() -> None:
    found = fields([{"id": 1, "note": "x"}, {"id": 2}])

    assert not found["id"].optional
    assert found["note"].optional


def test_null_is_not_absence() -> None:
    note = the_field([None, "x"], "note")

    assert note.nullable
    assert not note.optional
    assert note.evidence is not None
    assert (note.evidence.parents, note.evidence.seen, note.evidence.null) == (2, 2, 1)


def test_fields_keep_the_order_of_the_messages() -> None:
    records = [{"z": 1, "a": 1, "m": 1}] * 3

    assert [child.name for child in inferred(records).schema.root.children] == ["z", "a", "m"]


def test_nested_records_and_arrays_of_records_have_their_own_evidence() -> None:
    found = fields([
        {"buyer": {"name": "x", "vat": "1"}, "lines": [{"sku": "a", "qty": 1}, {"sku": "b"}]},
        {"buyer": {"name": "y"}, "lines": []},
    ])  # fmt: skip

    assert found["buyer"].kinds == {Kind.OBJECT}
    assert found["buyer.vat"].optional
    assert found["lines[]"].kinds == {Kind.OBJECT}
    assert not found["lines[].sku"].optional
    assert found["lines[].qty"].optional


def test_arrays_of_arrays_are_followed() -> None:
    found = fields([{"shape": [[1, 2], [None]]}, {"shape": []}])

    assert found["shape[]"].kinds == {Kind.ARRAY}
    assert found["shape[][]"].kinds == {Kind.INTEGER, Kind.NULL}


def test_an_array_never_filled_has_items_of_unknown_kind() -> None:
    assert fields([{"tags": []}] * 3)["tags[]"].kinds == frozenset()


@pytest.mark.parametrize(
    "keys",
    [
        ["1001", "1002"],
        ["2026-01-01", "2026-01-02"],
        ["de-DE", "fr-FR", "nb-NO"],
        ["6f1e3f0a-0d9b-4d0e-8f43-0a3b9d2f1c11"],
        ["EUR", "USD", "NOK"],
    ],
)
def test_keys_that_read_as_data_make_a_map(keys: list[str]) -> None:
    found = fields([{"by": dict.fromkeys(keys, 1.5)}] * 3)

    assert found["by"].kinds == {Kind.MAP}
    assert found["by.*"].kinds == {Kind.NUMBER}


def test_many_rare_keys_of_one_make_are_a_map() -> None:
    records = [{"attributes": {f"attribute_{n % 90}": "x", f"other_{n}": "y"}} for n in range(90)]

    assert fields(records)["attributes"].kinds == {Kind.MAP}


def test_a_record_with_optional_fields_stays_a_record() -> None:
    records = [{"address": {"street": "a", "city": "b"} | ({"floor": "2"} if n % 5 else {})}
               for n in range(50)]  # fmt: skip

    assert fields(records)["address"].kinds == {Kind.OBJECT}


def test_an_object_that_never_had_a_key_is_an_open_map() -> None:
    assert fields([{"labels": {}}] * 5)["labels"].kinds == {Kind.MAP}


def test_two_ways_to_write_an_amount_are_a_union_not_a_mistake() -> None:
    found = fields([{"amount": {"value": 1}}, {"amount": 12}, {"amount": "12"}])

    assert found["amount"].kinds == {Kind.OBJECT, Kind.INTEGER, Kind.STRING}
    assert found["amount.value"].kinds == {Kind.INTEGER}


def test_a_root_that_is_no_object_has_a_schema_too() -> None:
    assert fields([[{"a": 1}], [{"a": 2}]])["[].a"].kinds == {Kind.INTEGER}
    assert fields(["x", "y"])[""].kinds == {Kind.STRING}


def test_what_was_only_ever_null_is_known_from_its_twin_and_says_so() -> None:
    person = {"login": "a", "site": "https://a.example", "since": "2026-01-01", "rank": 3}
    found = fields([{"owner": person, "author": {**person, "rank": None}}] * 3)

    assert found["author.rank"].kinds == {Kind.INTEGER, Kind.NULL}
    assert BY_ANALOGY in found["author.rank"].tags
    assert BY_ANALOGY not in found["owner.rank"].tags


def test_no_messages_have_an_empty_schema() -> None:
    nothing = inferred([])

    assert list(nothing.schema.walk()) == []
    assert nothing.messages == 0
