"""Which recommendations the facts make."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.recommendations.derive import proposals
from core.recommendations.facts import FleetFacts, Mixed
from core.recommendations.recommendation import Level, Proposal, RecommendationKind
from core.similarity.relation import Relation
from tests.unit.recommendations.made import NOW, fleet, managed, pair, source

CONSOLIDATE = RecommendationKind.CONSOLIDATE
USE_MANAGED = RecommendationKind.USE_MANAGED


def kinds(facts: FleetFacts) -> dict[tuple[str, ...], set[RecommendationKind]]:
    found: dict[tuple[str, ...], set[RecommendationKind]] = {}
    for proposal in proposals(facts):
        found.setdefault(proposal.sources, set()).add(proposal.kind)
    return found


def only(facts: FleetFacts, kind: RecommendationKind) -> Proposal:
    (found,) = [proposal for proposal in proposals(facts) if proposal.kind is kind]
    return found


def test_topics_that_are_the_same_are_consolidated_as_one_group() -> None:
    facts = fleet(
        source("a", groups=("g.one",), teams=("g",)),
        source("b"),
        source("c"),
        source("alone"),
        pairs=(pair("a", "b"), pair("b", "c")),
    )

    found = only(facts, CONSOLIDATE)

    assert found.sources == ("a", "b", "c")
    assert found.title == "Consolidate a, b and c"
    assert "a and b are 78% similar: 1 of 2 and 1 of 2 fields match" in found.evidence[0]


def test_what_is_freed_is_computed_from_what_was_measured() -> None:
    facts = fleet(
        source("a", groups=("g.one",)),
        source("b", messages=2_000, sampled=100, sampled_bytes=50_000),
        pairs=(pair("a", "b"),),
    )

    storage, partitions, cost = only(facts, CONSOLIDATE).benefits

    # b goes, since a is read: 2,000 messages of 500 B on 3 replicas, and 4 x 3 partitions.
    assert (storage.value, partitions.value) == (3_000_000, 12)
    prices = facts.book.of("default")
    priced = float(prices.storage_gb_month) * 0.003 + float(prices.partition_month) * 12
    assert cost.value == pytest.approx(priced, abs=0.01)
    assert cost.inputs["price book"] == facts.book.title


def test_a_managed_product_that_has_most_of_it_is_used_instead() -> None:
    facts = fleet(
        source("copy", groups=("x.y",), teams=("x",)),
        managed("orders.v1", "Orders", teams=("a", "b")),
        pairs=(pair("copy", "orders.v1"),),
    )

    found = only(facts, USE_MANAGED)

    assert (found.sources, found.instead) == (("copy",), "orders.v1")
    assert found.evidence[0].startswith("Orders (`orders.v1`) has 1 of the 2 fields of copy, 80%")
    assert found.effort.level is Level.MEDIUM
    assert "`mine`" in found.risk.why
    assert CONSOLIDATE not in {kind for each in kinds(facts).values() for kind in each}


def test_of_several_products_the_one_that_has_most_is_used_and_the_others_are_named() -> None:
    facts = fleet(
        source("copy"),
        managed("orders.v1", "Orders"),
        managed("sales.v1", "Sales"),
        pairs=(
            pair("copy", "orders.v1", contained=0.7),
            pair("copy", "sales.v1", contained=0.9),
        ),
    )

    found = only(facts, USE_MANAGED)

    assert found.instead == "sales.v1"
    assert found.evidence[-1] == "Orders (`orders.v1`) has much of it, too."


@pytest.mark.parametrize(
    ("contained", "relation", "said"),
    [
        (0.9, Relation.OVERLAP, True),
        (0.5, Relation.DUPLICATE, False),
        (0.9, Relation.SAME_FORM, False),
        (0.9, Relation.KIN, False),
    ],
)
def test_a_product_is_proposed_only_where_it_really_has_it(
    contained: float, relation: Relation, said: bool
) -> None:
    facts = fleet(
        source("copy"),
        managed("orders.v1", "Orders"),
        pairs=(pair("copy", "orders.v1", contained=contained, relation=relation),),
    )

    assert (("copy",) in kinds(facts)) is said


def test_what_several_teams_read_well_formed_is_worth_a_product() -> None:
    read = {"teams": ("a", "b"), "groups": ("a.x", "b.y")}
    facts = fleet(
        source("good", **read),
        source("bad", unreadable=30, **read),
        source("small", fields=1, **read),
        source("good-dlq", **read),
        managed("done", "Done", **read),
    )

    found = kinds(facts)

    assert found[("good",)] == {RecommendationKind.PROMOTE}
    assert found[("bad",)] == {RecommendationKind.GOVERN, RecommendationKind.QUALITY}
    assert found[("small",)] == {RecommendationKind.GOVERN}
    assert ("good-dlq",) not in found
    assert ("done",) not in found


def test_what_somebody_reads_needs_a_schema_and_an_owner() -> None:
    read = {"teams": ("a",), "groups": ("a.x",)}
    facts = fleet(
        source("both", **read),
        source("owner", has_schema=True, owner="group:default/a", owner_guessed=True, **read),
        source("fine", has_schema=True, owner="group:default/a", **read),
        source("unread"),
        source("empty", messages=0, **read),
    )

    titles = {proposal.title for proposal in proposals(facts)}

    assert titles == {"Give both a schema and an owner", "Give owner an owner"}


def test_mixed_values_and_unreadable_messages_are_to_be_repaired() -> None:
    mixed = (Mixed("total", ("number", "string")),)
    facts = fleet(
        source("mixed", mixed=mixed),
        source("broken", unreadable=6, stray=3),
        source("broken-dlq", unreadable=200),
        source("unknown", sampled=3, unreadable=3),
    )

    found = {proposal.sources[0]: proposal for proposal in proposals(facts)}

    assert found.keys() == {"mixed", "broken"}
    assert found["mixed"].evidence == ("`total` holds number and string.",)
    assert found["mixed"].benefits == ()
    assert found["broken"].benefits[0].value == 3.0


def test_what_nobody_writes_or_reads_is_retired() -> None:
    long_ago = NOW - timedelta(days=40)
    facts = fleet(
        source("quiet", moved_at=long_ago),
        source("read", moved_at=long_ago, groups=("a.x",), has_schema=True, owner="group:d/a"),
        source("young", moved_at=NOW - timedelta(days=2)),
    )

    found = only(facts, RecommendationKind.RETIRE)

    assert found.sources == ("quiet",)
    assert "40 days" in found.evidence[0]
