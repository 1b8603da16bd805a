"""Stored profiles: compact, versioned, and without raw values."""

from __future__ import annotations

import pytest

from core.inference.codec import ProfileUnreadableError, encode_profile
from core.inference.profile import Profile
from core.inference.render import infer
from core.inference.seal import sealed
from core.inference.topic import TopicProfile
from tests.unit.inference.builders import batch, group


def _people(count: int) -> list[dict[str, object]]:
    return [
        {"id": n, "first_name": ["Annabel", "Bartholomew"][n % 2], "status": ["NEW", "PAID"][n % 2],
         "email": f"private{n % 3}@example.com", "note": "secret note"}
        for n in range(count)
    ]  # fmt: skip


def _unzipped(data: bytes) -> bytes:
    import zlib

    return zlib.decompress(data[1:])


def test_no_value_is_stored_but_the_symbols_of_enums() -> None:
    stored = _unzipped(Profile.of(_people(60)).to_bytes())

    assert b"PAID" in stored
    for secret in (b"Annabel", b"private1", b"secret", b"note note"):
        assert secret not in stored


def test_strays_store_no_values_at_all() -> None:
    stray = {"status": "HIDDEN", "celsius": 2, "sensor": "s"}

    assert b"HIDDEN" not in _unzipped(Profile.of([*_people(60), stray]).to_bytes())


def test_a_stored_profile_gives_the_same_schema() -> None:
    profile = Profile.of([*_people(60), {"tags": {"1": [True, None, 1.5, b"x"]}, "id": 2**80}])

    assert infer(Profile.from_bytes(profile.to_bytes())) == infer(profile)


def test_sealing_twice_changes_nothing_more() -> None:
    once = sealed(Profile.of(_people(60)))

    assert sealed(once) == once


def test_a_symbol_dropped_by_sealing_is_known_again_once_it_is_seen() -> None:
    early = Profile.from_bytes(Profile.of(_people(5)).to_bytes())
    colours = [{"id": n, "colour": ["red", "blue"][n % 2]} for n in range(200)]
    first, second = (Profile.of(part) for part in (colours[:10], colours[10:]))
    stored = Profile.from_bytes(first.to_bytes())

    assert early.count == 5
    assert dict(infer(stored).schema.walk())["colour"].enum is None
    assert dict(infer(stored + second).schema.walk())["colour"].enum == ("blue", "red")


@pytest.mark.parametrize("data", [b"", b"\x63abc", b"\x01", b"\x01garbage", b"{}"])
def test_bytes_that_are_no_profile_are_refused(data: bytes) -> None:
    with pytest.raises(ProfileUnreadableError):
        Profile.from_bytes(data)
    with pytest.raises(ProfileUnreadableError):
        TopicProfile.from_bytes(data)


def test_a_profile_is_not_mistaken_for_a_topic_profile() -> None:
    with pytest.raises(ProfileUnreadableError):
        TopicProfile.from_bytes(encode_profile(Profile.of([{"a": 1}])))


def test_a_stored_profile_is_small() -> None:
    assert len(Profile.of(_people(300)).to_bytes()) < 8_000


def test_a_topic_profile_survives_storing() -> None:
    profile = TopicProfile.of(
        batch(group(_people(50)), group([{"a": 1}], schema_id=7), failures=3, headers=["trace"])
    )
    back = TopicProfile.from_bytes(profile.to_bytes())

    assert back.to_bytes() == profile.to_bytes()
    assert (back.failures, back.headers, back.formats) == (
        profile.failures, profile.headers, profile.formats
    )  # fmt: skip
    assert back.values.keys() == profile.values.keys()
