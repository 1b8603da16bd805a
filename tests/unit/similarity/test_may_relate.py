"""Pairs that are told apart without an alignment are told apart by one as well."""

from collections.abc import Mapping

from hypothesis import given, settings
from hypothesis import strategies as st

from core.inference.node import Node
from core.similarity.aligner import Aligner
from core.similarity.comparable import Comparable
from core.similarity.relation import Relation
from core.similarity.values import Values
from core.similarity.verdict import may_relate, verdict
from tests.unit.similarity.made import Shape, fields_known, schema, shapes

NAMES = st.sampled_from(["a.orders", "b.orders", "b.orders.v2", "c.bookings", "orders.dlq"])
PROBABILITIES = st.sampled_from([0.1, 0.2, 0.35, 0.5, 0.9])
SEEN = st.sampled_from([range(0), range(20), range(200), range(1_000, 1_200)])


@st.composite
def sides(draw: st.DrawFn) -> Comparable:
    fields: Shape = draw(shapes)
    inside: Mapping[str, Values | None] = {
        name: Values.of(Node.of([f"ORD-{number}-X" for number in draw(SEEN)])) for name in fields
    }
    values = {name: seen for name, seen in inside.items() if seen is not None}
    return Comparable.of(draw(NAMES), schema(fields), values=values)


@settings(max_examples=400)
@given(sides(), sides(), PROBABILITIES, st.dictionaries(st.text("orderid", max_size=4), st.just(1)))
def test_what_is_left_out_would_be_different(
    left: Comparable, right: Comparable, probability: float, rare: dict[str, int]
):
    def rarity(term: str) -> float:
        return 3.7 if term in rare or len(term) % 3 == 0 else 0.3

    aligner = Aligner(fields_known(left, right), rarity)
    both = aligner.fields_of(left, right)
    similarity, contained = aligner.most(both)
    found = aligner.align(left, right, both)

    assert found == aligner.align(left, right)
    assert found.similarity <= similarity
    assert max(found.left_in_right, found.right_in_left) <= contained
    if not may_relate(left, right, probability, similarity, contained):
        assert verdict(left, right, probability, found).relation is Relation.DIFFERENT
    if not may_relate(left, right, probability):
        assert not may_relate(left, right, probability, similarity, contained)


def test_strangers_are_left_out_and_twins_are_not():
    fields: Shape = {"order_id": frozenset(), "amount": frozenset()}
    mine, twin = (Comparable.of(name, schema(fields)) for name in ("a.orders", "b.purchases"))
    other = Comparable.of("c.weather", schema({"humidity": frozenset()}))

    def found(left: Comparable, right: Comparable, probability: float) -> bool:
        aligner = Aligner(fields_known(left, right))
        return may_relate(left, right, probability, *aligner.most(aligner.fields_of(left, right)))

    assert found(mine, twin, 0.9)
    assert not found(mine, twin, 0.4)
    assert not found(mine, other, 0.9)
