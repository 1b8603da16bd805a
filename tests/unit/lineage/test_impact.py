"""Who breaks if something changes."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from core.lineage.edge import Certainty, Edge, FieldEdge
from core.lineage.impact import Affected, Effect, affected_by
from tests.unit.lineage.graphs import edge, edges, made, node

FLOW = edges("orders > g:etl", "g:etl > clean", "clean > g:billing", "orders > g:audit")


def affected(
    known: list[Edge], fields: list[FieldEdge] | None = None, path: str | None = None
) -> dict[str, Affected]:
    found = affected_by(node("orders"), path, known, fields or [])
    return {each.node.name: each for each in found}


def test_everything_downstream_of_a_changed_topic_is_affected_the_nearest_first() -> None:
    found = affected(FLOW)

    assert list(found) == ["audit", "etl", "clean", "billing"]
    assert {each.effect for each in found.values()} == {Effect.AFFECTED}
    assert [each.name for each in found["billing"].way] == ["orders", "etl", "clean", "billing"]


def test_a_field_reaches_what_is_made_of_it_and_nothing_else() -> None:
    fields = [made("g:etl", "orders/amount", "clean/total"), made("g:etl", "orders/id", "clean/id")]

    found = affected(FLOW, fields, "amount")

    assert found["clean"].fields == ("total",)
    assert found["clean"].effect is Effect.AFFECTED
    assert found["etl"].effect is Effect.AFFECTED
    assert found["etl"].fields == ("amount",)


def test_a_job_that_tells_that_it_does_not_read_the_field_is_left_out_with_all_behind_it() -> None:
    fields = [made("g:etl", "orders/id", "clean/id")]

    found = affected(FLOW, fields, "amount")

    assert list(found) == ["audit"]
    assert found["audit"].effect is Effect.PERHAPS


def test_a_reader_of_which_no_fields_are_known_is_affected_perhaps() -> None:
    found = affected(FLOW, path="amount")

    assert {each.effect for each in found.values()} == {Effect.PERHAPS}
    assert found["clean"].fields == ()


def test_a_field_within_a_record_is_reached_by_its_record_and_the_other_way_round() -> None:
    fields = [made("g:etl", "orders/customer.address", "clean/address")]

    assert "clean" in affected(FLOW, fields, "customer")
    assert "clean" in affected(FLOW, fields, "customer.address.city")
    assert "clean" not in affected(FLOW, fields, "customer_id")


def test_a_field_that_filters_reaches_every_field_of_the_output() -> None:
    fields = [made("g:etl", "orders/status", "clean"), made("g:etl", "orders/id", "clean/id")]
    further = [made("g:next", "clean/id", "copy/id")]
    known = [*FLOW, *edges("clean > g:next", "g:next > copy")]

    found = affected(known, [*fields, *further], "status")

    assert found["copy"].effect is Effect.AFFECTED
    assert found["copy"].fields == ("id",)


def test_a_guess_is_told_as_one_and_nothing_is_concluded_from_it() -> None:
    known = [edge("orders > lookalike", Certainty.GUESS), *edges("lookalike > g:reader")]

    found = affected(known)

    assert list(found) == ["lookalike"]
    assert found["lookalike"].effect is Effect.PERHAPS


@pytest.mark.parametrize(("path", "fields"), [("amount", ()), ("id", ("id",))])
def test_a_guess_at_fields_makes_a_declared_edge_neither_surer_nor_less_sure(
    path: str, fields: tuple[str, ...]
) -> None:
    known = [
        edge("orders > product", Certainty.DECLARED),
        edge("orders > product", Certainty.GUESS),
        edge("other > product", Certainty.GUESS),
    ]
    alike = [made(None, "orders/id", "product/id"), made(None, "other/id", "product/id")]
    guesses = [each.model_copy(update={"certainty": Certainty.GUESS}) for each in alike]

    found = affected(known, guesses, path)

    assert found["product"].effect is Effect.PERHAPS
    assert found["product"].fields == fields


def test_the_way_that_still_stands_is_told_before_one_that_is_gone() -> None:
    gone = datetime(2026, 1, 2, tzinfo=UTC)
    known = [
        edge("orders > clean", vanished_at=gone),
        *edges("orders > g:etl", "g:etl > clean"),
        edge("orders > g:old", vanished_at=gone),
    ]

    found = affected(known)

    assert not found["clean"].vanished
    assert found["clean"].distance == 2
    assert found["old"].vanished
    assert list(found)[-1] == "old"


def test_a_way_is_as_certain_as_its_weakest_edge() -> None:
    known = [*edges("orders > g:etl"), edge("g:etl > clean", Certainty.DECLARED)]

    assert affected(known)["clean"].certainty is Certainty.DECLARED


def test_a_cycle_comes_to_its_end() -> None:
    known = edges("orders > g:etl", "g:etl > clean", "clean > g:back", "g:back > orders")
    fields = [made("g:etl", "orders/a", "clean/b"), made("g:back", "clean/b", "orders/c")]

    found = affected(known, fields, "a")

    assert set(found) == {"etl", "clean", "back"}
