"""What two sources are to each other."""

import pytest

from core.inference.node import Node
from core.similarity.alignment import Alignment, Match
from core.similarity.comparable import Comparable
from core.similarity.relation import Kinship, Relation
from core.similarity.values import Values
from core.similarity.verdict import verdict
from tests.unit.similarity.made import TEXT, schema


def side(name: str, ids: range, field: str = "order_id") -> Comparable:
    """A source whose identifier was seen with these values."""
    values = Values.of(Node.of([f"ORD-{number}-X" for number in ids]))
    assert values is not None
    return Comparable.of(name, schema({field: TEXT}), values={field: values})


def aligned(similarity: float, *, left_in_right: float = 0.0) -> Alignment:
    match = Match("order_id", "order_id", 1.0, 0.97, ())
    return Alignment((match,), similarity, left_in_right or similarity, similarity)


MINE = side("orders", range(300))
SHARED = side("purchases", range(100, 400))
STRANGER = side("bookings", range(1_000, 1_300))
FEW = side("bookings", range(1_000, 1_020))


@pytest.mark.parametrize(
    ("other", "probability", "alignment", "relation"),
    [
        (SHARED, 0.9, aligned(0.8), Relation.DUPLICATE),
        (STRANGER, 0.9, aligned(0.8), Relation.SAME_FORM),
        (FEW, 0.9, aligned(0.8), Relation.DUPLICATE),
        (SHARED, 0.9, aligned(0.4), Relation.OVERLAP),
        (STRANGER, 0.9, aligned(0.4), Relation.DIFFERENT),
        (SHARED, 0.3, aligned(0.4, left_in_right=0.9), Relation.OVERLAP),
        (SHARED, 0.1, aligned(0.9), Relation.DIFFERENT),
        (FEW, 0.3, aligned(0.4, left_in_right=0.9), Relation.DIFFERENT),
    ],
)
def test_names_fields_and_identifiers_decide(
    other: Comparable, probability: float, alignment: Alignment, relation: Relation
):
    assert verdict(MINE, other, probability, alignment).relation is relation


def test_the_identifiers_are_told_with_how_many_were_seen():
    identity = verdict(MINE, SHARED, 0.9, aligned(0.8)).identity

    assert identity is not None
    assert (identity.left, identity.right) == ("order_id", "order_id")
    assert identity.left_seen == pytest.approx(300, rel=0.2)
    assert identity.shared == pytest.approx(2 / 3, abs=0.2)


def test_versions_are_kin_however_alike_they_are():
    found = verdict(side("orders.v1", range(300)), side("orders.v2", range(300)), 0.1, aligned(0.1))

    assert (found.relation, found.kinship) == (Relation.KIN, Kinship.VERSIONS)


def test_dead_letters_of_something_else_are_no_kin():
    letters = side("payments-dlq", range(300))

    assert verdict(MINE, letters, 0.1, aligned(0.1)).relation is Relation.DIFFERENT
    assert verdict(MINE, letters, 0.9, aligned(0.9)).relation is Relation.KIN
