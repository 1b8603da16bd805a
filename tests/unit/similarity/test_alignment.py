"""Fields of two schemas, one to one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.inference.node import Node
from core.similarity.aligner import align
from core.similarity.comparable import Comparable
from core.similarity.values import Values
from tests.unit.similarity.made import (
    TEXT,
    WHOLE,
    Shape,
    fields_known,
    schema,
    shapes,
    source,
)


@given(shapes, shapes)
def test_an_alignment_has_no_direction(one: Shape, other: Shape):
    left, right = source("a.orders", one), source("b.orders", other)
    known = fields_known(left, right)

    there, back = align(left, right, known), align(right, left, known)
    assert [(m.left, m.right, m.likeness, m.why) for m in there.matches] == [
        (m.right, m.left, m.likeness, m.why) for m in back.matches
    ]
    assert there.similarity == back.similarity
    assert (there.left_in_right, there.right_in_left) == (back.right_in_left, back.left_in_right)


@given(shapes)
def test_a_schema_is_wholly_itself(fields: Shape):
    mine, twin = source("a.orders", fields), source("b.orders", fields)

    found = align(mine, twin, fields_known(mine, twin))

    assert found.similarity == found.left_in_right == found.right_in_left == 1.0
    assert all(match.left == match.right for match in found.matches if match.likeness == 1.0)


@given(shapes, shapes)
def test_matches_are_one_to_one_and_shares_within_bounds(one: Shape, other: Shape):
    left, right = source("a.orders", one), source("b.orders", other)

    found = align(left, right, fields_known(left, right))

    lefts, rights = [m.left for m in found.matches], [m.right for m in found.matches]
    assert len(set(lefts)) == len(lefts)
    assert len(set(rights)) == len(rights)
    shares = [found.left_in_right, found.right_in_left]
    assert 0 <= min(shares) <= found.similarity + 1e-9
    assert found.similarity - 1e-9 <= max(shares) <= 1


@given(shapes, shapes, st.randoms(use_true_random=False))
def test_the_order_of_fields_makes_no_difference(one: Shape, other: Shape, random):
    shuffled = dict(random.sample(list(one.items()), len(one)))
    left, right = source("a.orders", one), source("b.orders", other)
    known = fields_known(left, right)

    assert align(left, right, known) == align(source("a.orders", shuffled), right, known)


def test_a_part_of_a_schema_is_contained_in_it():
    part = source("a.orders", {"order_id": TEXT, "amount": WHOLE})
    whole = source("b.orders", {"order_id": TEXT, "amount": WHOLE, "city": TEXT, "colour": TEXT})

    found = align(part, whole, fields_known(part, whole))

    assert found.left_in_right == 1.0
    assert found.right_in_left == 0.5


def test_a_flattened_schema_is_as_alike_as_the_nested_one():
    nested = source("a.orders", {"address": {"city": TEXT, "street": TEXT}, "total": WHOLE})
    flat = source("b.orders", {"address_city": TEXT, "address_street": TEXT, "total": WHOLE})

    found = align(nested, flat, fields_known(nested, flat))

    assert found.similarity == 1.0
    assert {(m.left, m.right) for m in found.held} == {
        ("address.city", "address_city"),
        ("address.street", "address_street"),
        ("total", "total"),
    }


def test_rare_fields_weigh_more():
    left = source("a.orders", {"id": TEXT, "customs_tariff": TEXT})
    right = source("b.orders", {"id": TEXT, "postage": WHOLE})
    known = fields_known(left, right)

    common = align(left, right, known, rarity=lambda term: 0.1 if term == "id" else 3.0)

    assert common.similarity < 0.1 < align(left, right, known).similarity


def test_every_match_says_why():
    left = source("a.orders", {"qty": WHOLE, "vendorName": TEXT})
    right = source("b.orders", {"quantity": WHOLE, "supplier_name": TEXT})

    found = align(left, right, fields_known(left, right))

    assert {m.why for m in found.held} == {("names mean the same", "same type")}


def test_values_decide_where_the_model_cannot_read_the_names():
    times, names = ["2024-01-05 10:00", "2024-02-05 11:30"], ["Ada Byron", "Alan Kay"]
    left = _with_values({"κάτι": times, "όνομα": names})
    right = _with_values({"вещь": names, "когда": times})

    found = align(left, right, {})

    assert {(m.left, m.right) for m in found.matches} == {("κάτι", "когда"), ("όνομα", "вещь")}


def _with_values(columns: dict[str, list[str]]) -> Comparable:
    known = {path: Values.of(Node.of(column)) for path, column in columns.items()}
    values = {path: found for path, found in known.items() if found}
    return Comparable.of("t", schema(dict.fromkeys(columns, TEXT)), values=values)


@pytest.mark.parametrize("fields", [{}, {"a": {}}])
def test_schemas_without_fields_have_nothing_in_common(fields: Shape):
    empty, full = source("a", {}), source("b", {"id": TEXT})

    assert align(empty, full, fields_known(full)).similarity == 0.0
    assert align(source("c", fields), empty, {}).similarity == 0.0
