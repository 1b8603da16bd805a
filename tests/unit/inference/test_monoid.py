"""Profiles merge: order, split and merge change nothing."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.inference import node as node_module
from core.inference import profile as profile_module
from core.inference.profile import Profile
from core.inference.render import infer
from core.inference.topic import TopicProfile
from core.schema.fingerprint import fingerprint
from tests.unit.inference.builders import batch, group

_scalars: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=12),
    st.binary(max_size=6),
    st.sampled_from(["NEW", "PAID", "2026-01-01", 7, 7.0, "7"]),
)
_names = st.sampled_from(["id", "type", "a", "b", "c", "d", "[]", "*", ""])
_values = st.recursive(
    _scalars,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(_names, inner, max_size=5)
    ),
    max_leaves=8,
)
_messages = st.lists(_values, max_size=24)


@settings(max_examples=120)
@given(_messages, _messages)
def test_the_profile_of_both_is_the_sum_of_the_profiles(
    left: list[object], right: list[object]
) -> None:
    assert Profile.of(left + right) == Profile.of(left) + Profile.of(right)


@settings(max_examples=80)
@given(_messages, st.randoms(use_true_random=False))
def test_order_and_grouping_change_nothing(messages: list[object], draw: random.Random) -> None:
    shuffled = draw.sample(messages, len(messages))
    cut, other = sorted((draw.randint(0, len(messages)), draw.randint(0, len(messages))))
    parts = [Profile.of(part) for part in (shuffled[:cut], shuffled[cut:other], shuffled[other:])]

    assert (parts[2] + parts[0]) + parts[1] == Profile.of(messages)
    assert parts[2] + (parts[0] + parts[1]) == Profile.of(messages)


@settings(max_examples=60)
@given(_messages, _messages)
def test_growing_is_adding(left: list[object], right: list[object]) -> None:
    assert Profile.of(left).grown(right) == Profile.of(left) + Profile.of(right)


@settings(max_examples=60)
@given(_messages, st.randoms(use_true_random=False))
def test_the_schema_does_not_depend_on_the_order(
    messages: list[object], draw: random.Random
) -> None:
    shuffled = draw.sample(messages, len(messages))

    assert infer(Profile.of(messages)) == infer(Profile.of(shuffled))


@settings(max_examples=60)
@given(_messages, _messages)
def test_stored_profiles_merge_to_the_same_counts_and_structure(
    left: list[object], right: list[object]
) -> None:
    stored = [Profile.from_bytes(Profile.of(part).to_bytes()) for part in (left, right)]

    assert (stored[0] + stored[1]).count == len(left) + len(right)
    assert _unsealed(stored[0] + stored[1]) == _unsealed(Profile.of(left + right))


def test_equally_rare_messages_without_fields_stray_whatever_the_order() -> None:
    left, right = [None, None, []], [*[None] * 7, 0, "a"]

    assert infer(Profile.of(left) + Profile.of(right)) == infer(Profile.of(left + right))
    assert infer(Profile.of(right) + Profile.of(left)) == infer(Profile.of(left + right))


def _unsealed(profile: Profile) -> object:
    """The schema without enums: the one thing that sealing may take away."""
    return [(path, f.kinds, f.bounds, f.logical, f.evidence)
            for path, f in infer(profile).schema.walk()]  # fmt: skip


@pytest.fixture
def small_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bounds so small that every test overflows them."""
    monkeypatch.setattr(profile_module, "MAX_SHAPES", 3)
    monkeypatch.setattr(profile_module, "MAX_RECORDS", 5)
    monkeypatch.setattr(node_module, "MAX_FIELDS", 6)
    monkeypatch.setattr(profile_module, "MAX_FIELDS", 6)


@pytest.mark.usefixtures("small_bounds")
@pytest.mark.parametrize("seed", range(12))
def test_overflowing_a_bound_absorbs_whatever_the_order(seed: int) -> None:
    draw = random.Random(seed)
    messages = [
        {name: draw.choice([1, "x", {"k": 1}, {str(draw.randrange(40)): 2}])
         for name in draw.sample("abcdefghij", draw.randrange(6))}
        for _ in range(60)
    ]  # fmt: skip
    whole = Profile.of(messages)
    draw.shuffle(messages)
    parts = [Profile.of(messages[start : start + 7]) for start in range(0, 60, 7)]
    draw.shuffle(parts)

    assert whole.level > 0
    assert sum(parts, Profile()) == whole


@pytest.mark.parametrize("count", [300, 5_000])
def test_more_values_than_a_sample_holds_still_merge_exactly(count: int) -> None:
    draw = random.Random(1)
    messages = [{"t": str(draw.random()), "i": draw.getrandbits(70), "f": draw.random()}
                for _ in range(count)]  # fmt: skip
    whole = Profile.of(messages)
    halves = Profile.of(messages[: count // 3]) + Profile.of(messages[count // 3 :])

    assert whole == halves
    evidence = dict(infer(whole).schema.walk())["t"].evidence
    assert evidence is not None
    assert evidence.distinct == pytest.approx(count, rel=0.25)


def test_another_sample_of_the_same_data_has_the_same_fingerprint() -> None:
    draw = random.Random(2)

    def sample() -> Profile:
        return Profile.of([
            {"id": draw.getrandbits(40), "status": draw.choice(["NEW", "PAID"]), "n": draw.random()}
            for _ in range(200)
        ])  # fmt: skip

    assert fingerprint(infer(sample()).schema) == fingerprint(infer(sample()).schema)


def test_topic_profiles_add_as_their_batches_do() -> None:
    first = batch(group([{"a": 1}]), group([{"b": "x"}], schema_id=1), failures=2, headers=["h"])
    second = batch(group([{"a": 2.5}]), group(["text"] * 3), headers=["h", "i"])

    both = TopicProfile.of(first) + TopicProfile.of(second)

    assert both == TopicProfile.of(second) + TopicProfile.of(first)
    assert both == TopicProfile.of(first).grown(second)
    assert both.messages == first.messages + second.messages
    assert both.headers == {"h": 2, "i": 1}
    assert sum(both.failures.values()) == 2
