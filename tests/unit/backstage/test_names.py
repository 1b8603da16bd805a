"""Names for Backstage: valid by its rules, stable, and never the same for two things."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.backstage.names import namespace_of, object_name, tags_of, team_reference

# As @backstage/catalog-model has them; one of its own tests checks entities by its own code.
NAME = re.compile(r"([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]")
LABEL = re.compile(r"[a-z0-9]+(?:-+[a-z0-9]+)*")
TAG = re.compile(r"[a-z0-9+#]+(-[a-z0-9+#]+)*")

topics = st.from_regex(r"[a-zA-Z0-9._-]{1,249}", fullmatch=True)


@given(st.text())
@example("")
@example("-" * 70)
@example("İ" * 80)
def test_any_text_gets_a_valid_name_and_namespace(text: str) -> None:
    name, namespace = object_name(text), namespace_of(text)

    assert NAME.fullmatch(name)
    assert name == name.lower()
    assert LABEL.fullmatch(namespace)
    assert max(len(name), len(namespace)) <= 63


@given(topics, topics)
def test_two_topics_never_share_a_name(left: str, right: str) -> None:
    assert left == right or object_name(left) != object_name(right)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Orders", "orders"),
        ("orders_", "orders"),
        ("a" * 63 + "b", "a" * 63 + "c"),
        ("Orders", object_name("Orders")),
        (object_name("Orders"), object_name(object_name("Orders"))),
    ],
)
def test_names_that_nearly_agree_stay_apart(left: str, right: str) -> None:
    assert object_name(left) != object_name(right)


def test_a_name_is_kept_where_it_is_valid_and_else_is_the_same_for_ever() -> None:
    assert object_name("risk.fraud-scores.v1") == "risk.fraud-scores.v1"
    assert object_name("Orders") == "orders-b7e8acdd522e"
    assert namespace_of("default") == "default"
    assert namespace_of("eu.prod") != namespace_of("eu-prod") == "eu-prod"


@given(st.lists(st.text()))
def test_tags_are_valid_and_each_is_there_once(tags: list[str]) -> None:
    made = tags_of(tags)

    assert all(TAG.fullmatch(tag) and len(tag) <= 63 for tag in made)
    assert len(set(made)) == len(made)


def test_case_tells_no_two_teams_apart() -> None:
    assert team_reference("group:default/Fraud-Team") == ("group", "default", "fraud-team")
    assert team_reference("fraud-team") is None
