"""Several fields are unique together, in columns and in odd records alike."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.quality.columns.rows import rows_batch
from core.quality.columns.wanted import wanted
from core.quality.identity import identities
from core.quality.rule import QualityRule
from tests.unit.quality.test_checker import FIELDS


def unique(*fields: str) -> QualityRule:
    about: dict[str, Any] = {"field": fields[0]} if len(fields) == 1 else {"fields": fields}
    return QualityRule(id="u", metric="unique", reason="a test", **about)


def same(records: list[dict[str, Any]], *fields: str) -> set[tuple[int, int]]:
    """Pairs of records that are the same by the rule."""
    rule = unique(*fields)
    batch = rows_batch(list(enumerate(records)), wanted([rule], FIELDS))
    places, hashes = identities(batch, rule)
    assert places.tolist() == sorted(places.tolist())
    seen = list(zip(places.tolist(), hashes.tolist(), strict=True))
    return {(a, b) for a, one in seen for b, other in seen if a < b and one == other}


values = st.sampled_from(["a", "b", None])
record = st.fixed_dictionaries(
    {},
    optional={
        "id": values,
        "count": st.sampled_from([1, 2, None, "odd"]),
        "mixed": st.sampled_from([1, "1", 2, None]),
        "who": st.fixed_dictionaries({"mail": values}),
    },
)


@pytest.mark.parametrize(
    "fields", [("id",), ("id", "count"), ("count", "id", "who.mail"), ("mixed",), ("id", "mixed")]
)
@given(records=st.lists(record, max_size=8))
@settings(max_examples=60)
def test_records_are_the_same_where_all_their_fields_are(
    fields: tuple[str, ...], records: list[dict[str, Any]]
) -> None:
    wanted_pairs = {
        (a, b)
        for a, one in enumerate(records)
        for b, other in enumerate(records)
        if a < b and _key(one, fields) is not None and _key(one, fields) == _key(other, fields)
    }

    assert same(records, *fields) == wanted_pairs


def _key(record: dict[str, Any], fields: tuple[str, ...]) -> tuple[object, ...] | None:
    """What is of another type than its column is the same as nothing, as a null is."""
    found: list[object] = []
    for field in fields:
        value: Any = record
        for step in field.split("."):
            value = value.get(step) if isinstance(value, dict) else None
        found.append(None if field == "count" and isinstance(value, str) else value)
    return None if None in found else tuple(map(repr, found))


def test_the_order_of_the_values_matters() -> None:
    records = [{"id": "a", "who": {"mail": "b"}}, {"id": "b", "who": {"mail": "a"}}]

    assert same(records, "id", "who.mail") == set()


@pytest.mark.parametrize("about", [{}, {"fields": ("a",)}, {"fields": ("a", "a")},
                                   {"field": "a", "fields": ("a", "b")}])  # fmt: skip
def test_uniqueness_is_of_a_field_or_of_several(about: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="the unique rule u needs"):
        QualityRule(id="u", metric="unique", reason="a test", **about)
