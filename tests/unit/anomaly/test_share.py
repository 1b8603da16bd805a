"""A share that rises is told of soon, one that does not is not, however often it is looked at."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.quality.anomaly.share import Share, ShareUnreadableError, chance

_RATE = 1000


def _looks(share: Share, random, level: float, looks: int, lump: int = 1):
    for _ in range(looks):
        bad = min(_RATE, int(random.poisson(_RATE * level / lump)) * lump)
        yield share.observe(bad, _RATE)


@pytest.mark.parametrize("level", [0.0, 0.001, 0.02, 0.4])
@pytest.mark.parametrize("lump", [1, 20])
def test_ten_thousand_looks_at_an_even_share_raise_no_alarm(level, lump):
    found = _looks(Share(), np.random.default_rng(1), level, 10_000, lump)
    assert not any(verdict.alarm for verdict in found)


@pytest.mark.parametrize(
    ("before", "after"), [(0, 0.01), (0, 0.3), (0.001, 0.02), (0.02, 0.1), (0.3, 0.5)]
)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_rise_is_told_within_ten_looks_and_its_end_within_a_minute(before, after, seed):
    random, share = np.random.default_rng(seed), Share()
    list(_looks(share, random, before, 300))
    risen = list(_looks(share, random, after, 30))
    assert any(verdict.alarm for verdict in risen[:10])
    assert risen[-1].open
    again = list(_looks(share, random, before, 60))
    assert not again[-1].open
    assert not any(verdict.alarm for verdict in again)


def test_a_rise_is_told_of_once_while_it_lasts():
    random, share = np.random.default_rng(4), Share()
    list(_looks(share, random, 0.01, 300))
    risen = list(_looks(share, random, 0.3, 500))
    assert sum(verdict.alarm for verdict in risen) == 1
    assert all(verdict.open for verdict in risen[10:])
    assert share._level() < 0.02


def test_a_single_burst_of_bad_records_is_no_rise():
    random, share = np.random.default_rng(5), Share()
    list(_looks(share, random, 0.001, 300))
    assert not share.observe(200, _RATE).alarm
    assert not any(verdict.alarm for verdict in _looks(share, random, 0.001, 300))


def test_nothing_is_told_of_before_enough_is_known():
    share = Share()
    assert not any(share.observe(20, 20).alarm for _ in range(40))
    assert share.observe(0, 0).now is None


def test_of_a_slow_topic_a_rise_is_told_within_thirty_records():
    share = Share()
    for _ in range(24):
        share.observe(0, 14)
    found = [share.observe(number % 2, 1) for number in range(30)]
    assert any(verdict.alarm for verdict in found)


@pytest.mark.parametrize("known", [300, 3_000, 1_000_000])
def test_however_long_it_was_clean_an_episode_ends_with_some_two_hundred_sound_records(known):
    share = Share()
    for _ in range(60):
        share.observe(0, known // 60)
    alarms = [share.observe(number % 2, 1).alarm for number in range(60)]
    assert sum(alarms) == 1
    assert any(not share.observe(0, 1).open for _ in range(200))


def test_an_episode_that_has_not_gone_to_what_was_stays_open():
    random, share = np.random.default_rng(7), Share()
    list(_looks(share, random, 0.0001, 300))
    list(_looks(share, random, 0.5, 30))
    assert all(verdict.open for verdict in _looks(share, random, 0.05, 300))


@pytest.mark.parametrize("level", [0.002, 0.02, 0.4])
def test_a_slow_topic_of_which_little_is_known_raises_no_alarm(level):
    random, share = np.random.default_rng(6), Share()
    for _ in range(24):
        share.observe(int(random.binomial(13, level)), 13)
    assert not any(share.observe(int(bad), 1).alarm for bad in random.random(5_000) < level)


def test_the_chance_of_a_single_look_is_exact_for_what_is_known():
    assert chance(0, 100, 5, 1000) == 1.0
    assert chance(30, 100, 5, 1000) < 1e-20
    assert 0.2 < chance(1, 100, 5, 1000) < 0.6
    assert chance(3, 3, 0, 0) == pytest.approx(0.3125)


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), max_size=60), st.integers(0, 60))
def test_a_share_goes_on_after_a_restart_as_if_there_had_been_none(looks, at):
    looks = [(min(pair), max(pair)) for pair in looks]
    whole, before = Share(), Share()
    expected = [whole.observe(*look) for look in looks]
    found = [before.observe(*look) for look in looks[:at]]
    after = Share.decode(before.encode())
    assert found + [after.observe(*look) for look in looks[at:]] == expected


@pytest.mark.parametrize("data", [b"", b"\x00", b"\x01nonsense"])
def test_bytes_that_are_no_share_are_refused(data):
    with pytest.raises(ShareUnreadableError):
        Share.decode(data)
