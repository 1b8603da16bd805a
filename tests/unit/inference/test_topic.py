"""What a topic's messages turned out to be."""

from __future__ import annotations

from core.decoding.decoded import Format, SchemaRef
from core.inference import topic
from core.inference.render import infer
from core.inference.topic import GroupKey, TopicProfile
from tests.unit.inference.builders import batch, group


def test_the_commonest_format_is_the_topics_format() -> None:
    profile = TopicProfile.of(
        batch(group([{"a": 1}] * 9), group(["x"], Format.TEXT), group([{"a": 2}], schema_id=3))
    )

    assert profile.formats == {Format.JSON: 10, Format.TEXT: 1}
    assert profile.dominant_format is Format.JSON
    assert profile.value_profile.count == 10


def test_nothing_decoded_has_no_format() -> None:
    assert TopicProfile.of(batch(failures=4)).dominant_format is None


def test_values_are_kept_apart_by_schema() -> None:
    profile = TopicProfile.of(
        batch(group([{"a": 1}], Format.AVRO, 1), group([{"b": 1}], Format.AVRO, 2))
    )

    assert set(profile.values) == {
        GroupKey(Format.AVRO, SchemaRef(1)), GroupKey(Format.AVRO, SchemaRef(2))
    }  # fmt: skip
    assert {path for path, _ in infer(profile.value_profile).schema.walk()} == {"a", "b"}


def test_schemas_beyond_the_bound_are_put_together_in_any_order() -> None:
    batches = [batch(group([{"a": n}], schema_id=n)) for n in range(topic.MAX_GROUPS + 5)]
    profiles = [TopicProfile.of(one) for one in batches]

    forwards, backwards = sum(profiles, TopicProfile()), sum(profiles[::-1], TopicProfile())

    assert forwards == backwards
    assert set(forwards.values) == {GroupKey(Format.JSON)}
    assert forwards.merged


def test_header_names_beyond_the_bound_are_dropped_for_good() -> None:
    crowded = TopicProfile.of(batch(headers=[f"h{n}" for n in range(topic.MAX_HEADERS + 1)]))

    assert crowded.headers is None
    assert (crowded + TopicProfile.of(batch(headers=["a"]))).headers is None


def test_schemas_that_share_few_fields_are_kinds_and_versions_are_not() -> None:
    created = group([{"id": 1, "lines": 2, "total": 3}] * 3, Format.AVRO, 1)
    shipped = group([{"id": 1, "carrier": "x", "eta": "y"}], Format.AVRO, 2)
    newer = group([{"id": 1, "lines": 2, "total": 3, "coupon": "x"}], Format.AVRO, 3)

    kinds = TopicProfile.of(batch(created, shipped)).schema_kinds

    assert [(kind.name, kind.count, kind.share) for kind in kinds] == [
        ("1", 3, 0.75),
        ("2", 1, 0.25),
    ]
    assert TopicProfile.of(batch(created, newer)).schema_kinds == ()
    assert TopicProfile.of(batch(created)).schema_kinds == ()


def test_bytes_are_the_same_whether_inferred_anew_or_handed_over() -> None:
    people = [{"mail": f"p{n}@x.org", "state": ("on", "off")[n % 2]} for n in range(60)]
    profile = TopicProfile.of(
        batch(group(people), group([{"id": n} for n in range(60)], schema_id=4))
    )

    for part in profile.values.values():
        assert profile.to_bytes(infer(part.profile).tree) == profile.to_bytes()


def test_what_was_inferred_of_another_profile_seals_nothing() -> None:
    named = TopicProfile.of(batch(group([{"state": ("on", "off")[n % 2]} for n in range(60)])))
    other = TopicProfile.of(batch(group([{"state": f"s{n}"} for n in range(60)])))

    assert named.to_bytes(infer(other.value_profile).tree) == named.to_bytes()
