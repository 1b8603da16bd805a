"""A comparison in a sentence or two: only what was measured."""

from __future__ import annotations

from core.comparison import Comparison, SharedIdentifiers
from core.similarity.relation import Kinship, Relation

_KIN = {
    Kinship.DEAD_LETTER: "One is for dead letters: it holds what its readers could not use.",
    Kinship.RETRY: "One is for retries: it holds messages of the other once more.",
    Kinship.CHANGELOG: "One is a changelog that a stream processor keeps.",
    Kinship.ENVIRONMENTS: "By their names they are the same topic of two environments.",
    Kinship.REGIONS: "By their names they are the same topic of two regions.",
    Kinship.VERSIONS: "By their names they are two versions of the same topic.",
}

_RELATIONS = {
    Relation.DUPLICATE: "They look like the same thing twice.",
    Relation.OVERLAP: "They overlap, and are not the same.",
    Relation.SAME_FORM: "They are alike in form, but hold other records.",
    Relation.DIFFERENT: "They are different things.",
}


def said(found: Comparison) -> str:
    """Similarity with its field counts, then what the two are to each other."""
    return f"{_measured(found)} {relation(found)}"


def relation(found: Comparison) -> str:
    if found.relation is Relation.KIN and found.kinship is not None:
        return _KIN[found.kinship]
    told = _RELATIONS[found.relation]
    shared = found.alignment.identifiers
    return told if shared is None else f"{told} {_identifiers(shared)}"


def _measured(found: Comparison) -> str:
    matched = len(found.alignment.matches)
    lefts = matched + len(found.alignment.left_only)
    rights = matched + len(found.alignment.right_only)
    return (
        f"{found.left} and {found.right} are {found.similarity:.0%} similar: {matched} of "
        f"{lefts} and {matched} of {rights} fields match, weighed by how rare they are."
    )


def _identifiers(shared: SharedIdentifiers) -> str:
    fields = (
        f"`{shared.left}`"
        if shared.left == shared.right
        else (f"`{shared.left}` and `{shared.right}`")
    )
    seen = f"of {shared.left_seen} and {shared.right_seen} seen"
    if shared.shared == 0.0:
        return f"No value of {fields} was seen in both, {seen}."
    return f"About {shared.shared:.0%} of the values of {fields} were seen in both, {seen}."
