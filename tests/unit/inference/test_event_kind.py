"""Several kinds of event on one topic."""

from __future__ import annotations

from tests.unit.inference.builders import inferred


def _events(discriminator: str) -> list[dict[str, object]]:
    created = [
        {discriminator: "OrderCreated", "id": n, "lines": 2, "total": 1.5} for n in range(30)
    ]
    shipped = [{discriminator: "OrderShipped", "id": n, "carrier": "x", "eta": "y"}
               for n in range(10)]  # fmt: skip
    return [*created, *shipped]


def test_a_field_that_says_which_shape_a_message_has_names_the_kinds() -> None:
    kinds = inferred(_events("eventType")).kinds

    assert [(kind.name, kind.discriminator, kind.count) for kind in kinds] == [
        ("OrderCreated", "eventType", 30), ("OrderShipped", "eventType", 10)
    ]  # fmt: skip
    assert kinds[0].share == 0.75
    assert set(kinds[1].fields) == {"eventType", "id", "carrier", "eta"}


def test_a_discriminator_may_have_an_odd_name() -> None:
    assert {kind.name for kind in inferred(_events("@type")).kinds} == {
        "OrderCreated", "OrderShipped"
    }  # fmt: skip


def test_one_shape_is_one_kind_whatever_its_type_field_says() -> None:
    records = [{"type": ["a", "b"][n % 2], "id": n} for n in range(40)]

    assert inferred(records).kinds == ()


def test_an_optional_field_makes_no_kinds() -> None:
    records = [{"type": ["a", "b"][n % 2], "id": n} | ({"x": 1} if n % 3 else {})
               for n in range(60)]  # fmt: skip

    assert inferred(records).kinds == ()
