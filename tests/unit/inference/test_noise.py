"""Strays are told apart; optional fields and rare kinds stay in."""

from __future__ import annotations

import pytest

from core.schema.model import Kind
from tests.unit.inference.builders import fields, inferred

_ORDERS: list[object] = [
    {"order_id": n, "customer": f"c{n}", "total": n * 1.5, "placed_at": "2026-01-01T00:00:00Z"}
    for n in range(97)
]
_STRAY = {"vehicle": "x", "rpm": 900, "id": 3}


def test_a_message_of_another_topic_is_not_in_the_schema_and_is_told_beside_it() -> None:
    found = inferred([*_ORDERS, _STRAY, _STRAY, {"celsius": 2, "sensor": "s"}])

    assert {path for path, _ in found.schema.walk()} == {
        "order_id", "customer", "total", "placed_at"
    }  # fmt: skip
    assert {(stray.fields, stray.count) for stray in found.strays} == {
        (("id", "rpm", "vehicle"), 2), (("celsius", "sensor"), 1)
    }  # fmt: skip
    assert found.stray_share == pytest.approx(0.03)


def test_strays_do_not_make_fields_optional() -> None:
    assert not any(field.optional for field in fields([*_ORDERS, _STRAY]).values())


def test_a_stray_of_everyday_names_alone_is_still_a_stray() -> None:
    items = [
        {"id": n, "name": f"n{n}", "region": "west", "pct": 3, "group": "g"} for n in range(99)
    ]

    found = inferred([*items, {"id": 1, "name": "x"}])

    assert [stray.fields for stray in found.strays] == [("id", "name")]


def test_one_shared_name_of_another_kind_does_not_make_kin() -> None:
    found = inferred([*_ORDERS, {"customer": {"name": "x"}, "pump": 1}])

    assert len(found.strays) == 1


def test_a_rare_optional_field_stays_in() -> None:
    order = {**dict(_ORDERS[0]), "coupon": "SAVE5"}  # type: ignore[call-overload]
    found = inferred([*_ORDERS, order])

    assert not found.strays
    assert dict(found.schema.walk())["coupon"].optional


def test_a_rare_kind_of_event_with_the_same_envelope_stays_in() -> None:
    envelope = {"event_id": "e", "event_type": "created", "occurred_at": "t", "source": "s"}
    common = [{**envelope, "sku": "a", "price": 1, "stock": 2, "width": 3} for _ in range(98)]
    rare = {**envelope, "event_type": "recalled", "reason": "r", "batch": 1, "by": "x"}

    found = inferred([*common, rare])

    assert not found.strays
    assert "batch" in dict(found.schema.walk())


def test_many_kinds_of_few_messages_each_are_variety_not_noise() -> None:
    records = [
        {f"a{kind}": n, f"b{kind}": n, f"c{kind}": n} for kind in range(20) for n in range(5)
    ]

    assert inferred(records).stray_share <= 0.15


def test_a_handful_of_messages_has_no_strays() -> None:
    assert not inferred([{"a": 1}, {"a": 2}, {"b": 1, "c": 2}]).strays


def test_a_stray_that_is_no_object_is_told_apart() -> None:
    found = inferred([*_ORDERS, "hello", 5])

    assert found.schema.root.kinds == {Kind.OBJECT}
    assert sum(stray.count for stray in found.strays) == 2


def test_too_many_shapes_to_keep_apart_still_leave_strays_out() -> None:
    letters = "abcdefghijkl"
    records: list[object] = [
        {"order_id": n, "customer": "c", "total": 1.5, "placed_at": "t"}
        | {f"extra_{c}": 1 for i, c in enumerate(letters) if n >> i & 1}
        for n in range(0, 4000, 13)
    ]
    found = inferred([*records, {"vehicle": "x", "rpm": 1}, {"sensor": 2, "celsius": 3}])

    assert "rpm" not in dict(found.schema.walk())
    assert len(found.schema.root.children) == 4 + len(letters)
