"""A comparison in words."""

from core.comparison import Comparison, FieldAlignment, FieldMatch, SharedIdentifiers
from core.comparison_words import said
from core.similarity.relation import Kinship, Relation


def comparison(relation: Relation, **more: object) -> Comparison:
    facts = {
        "left": "a",
        "right": "b",
        "relation": relation,
        "kinship": None,
        "similarity": 0.774,
        "probability": 0.9,
        "left_in_right": 0.8,
        "right_in_left": 0.7,
        "alignment": FieldAlignment(
            matches=(FieldMatch(left="id", right="no", sureness=0.9, why=()),),
            left_only=("x",),
            right_only=("y", "z"),
            identifiers=SharedIdentifiers(
                left="id", right="no", left_seen=300, right_seen=250, shared=0.16
            ),
        ),
    }
    return Comparison.model_validate({**facts, **more})


def test_the_fields_are_counted_and_the_identifiers_told():
    assert said(comparison(Relation.DUPLICATE)) == (
        "a and b are 77% similar: 1 of 2 and 1 of 3 fields match, weighed by how rare they are. "
        "They look like the same thing twice. About 16% of the values of `id` and `no` were seen "
        "in both, of 300 and 250 seen."
    )


def test_kin_is_told_by_how_it_is_kin():
    told = said(comparison(Relation.KIN, kinship=Kinship.VERSIONS))

    assert told.endswith("By their names they are two versions of the same topic.")


def test_turned_round_it_says_the_same_of_the_other_side():
    turned = comparison(Relation.OVERLAP).turned

    assert (turned.left, turned.left_in_right) == ("b", 0.7)
    assert turned.alignment.left_only == ("y", "z")
    assert turned.turned == comparison(Relation.OVERLAP)
