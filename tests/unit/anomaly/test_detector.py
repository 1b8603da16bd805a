"""What a detector sees in a series, and what it does not."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.quality.anomaly.detector import Detector, StateUnreadableError
from core.quality.anomaly.settings import SERIES, VALUES, VOLUME
from core.quality.anomaly.verdict import Kind
from tests.unit.anomaly.series import (
    PLANTED,
    POINTS,
    START,
    alarms,
    counts,
    heavy,
    noise,
    rhythm,
    times,
    verdicts,
)

MADE = {"noise": noise, "rhythm": rhythm, "heavy tail": heavy, "counts": counts}


@pytest.mark.parametrize("name", MADE)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_series_that_goes_on_as_before_is_quiet(name, seed):
    series = MADE[name](seed)
    found = verdicts([series(place) for place in range(POINTS)])
    assert len(alarms(found)) <= 5
    strict = verdicts([series(place) for place in range(POINTS)], VALUES)
    assert alarms(strict) == []


@pytest.mark.parametrize(
    ("make", "change", "kinds"),
    [
        (noise, lambda value, after: value + 60 if after == 0 else value, {Kind.SPIKE, Kind.RISE}),
        (noise, lambda value, after: value - 45 if after == 0 else value, {Kind.DROP, Kind.FALL}),
        (noise, lambda value, after: value + 16, {Kind.SPIKE, Kind.RISE}),
        (rhythm, lambda value, after: value - 30, {Kind.DROP, Kind.FALL}),
        (noise, lambda value, after: 51.5, {Kind.FLAT}),
        (rhythm, lambda value, after: value + min(after, 60), {Kind.SPIKE, Kind.RISE}),
        (noise, lambda value, after: 50 + (value - 50) * 8, set(Kind) - {Kind.FLAT}),
        (counts, lambda value, after: 0.0, {Kind.DROP, Kind.FALL, Kind.FLAT}),
        (heavy, lambda value, after: 400.0 if after == 0 else value, {Kind.SPIKE, Kind.RISE}),
    ],
    ids=[
        "spike",
        "drop",
        "shift",
        "lower rhythm",
        "flat",
        "ramp",
        "variance",
        "silence",
        "outlier",
    ],
)
@pytest.mark.parametrize("seed", [4, 5])
def test_a_departure_is_told_soon_and_by_its_kind(make, change, kinds, seed):
    series = make(seed)
    values = [series(place) for place in range(PLANTED)]
    values += [change(series(PLANTED + after), after) for after in range(100)]
    found = verdicts(values)
    after = [place for place in alarms(found) if place >= PLANTED]
    assert after
    assert after[0] - PLANTED < 40
    assert found[after[0]].kind in kinds


def test_a_value_usual_at_one_time_of_day_is_unusual_at_another():
    series = rhythm(6)
    values = [series(place) for place in range(POINTS)]
    noon = next(place for place in range(PLANTED, POINTS) if values[place] > 98)
    night = min(values)
    values[noon : noon + 12] = [night] * 12
    found = alarms(verdicts(values))
    assert any(noon <= place < noon + 12 for place in found)


def test_one_episode_stays_open_until_it_was_quiet_for_long_enough():
    series = noise(7)
    values = [series(place) for place in range(POINTS)]
    values[PLANTED] = values[PLANTED + 8] = 200.0
    found = verdicts(values)
    still_open = [place for place in range(PLANTED, POINTS) if found[place].open]
    last = max(place for place in alarms(found) if place < PLANTED + 40)
    assert last >= PLANTED + 8
    assert still_open[: last - PLANTED + SERIES.hold + 1] == list(
        range(PLANTED, last + SERIES.hold + 1)
    )
    assert not found[last + SERIES.hold + 1].open


def test_the_expected_range_holds_nearly_all_of_a_quiet_series():
    series = rhythm(8)
    values = [series(place) for place in range(POINTS)]
    found = verdicts(values)
    judged = [(v, x) for v, x in zip(found, values, strict=True) if v.low is not None][500:]
    inside = [x for v, x in judged if v.low <= x <= (v.high or math.inf)]
    assert len(inside) >= 0.99 * len(judged)
    widths = [v.high - v.low for v, _ in judged if v.high is not None]
    assert sum(widths) / len(widths) < 60


def test_a_topic_that_is_idle_each_night_is_told_of_only_at_first():
    source = counts(9)
    day = [source(0) if 6 <= minute / 60 < 22 else 0.0 for minute in range(1440)]
    found = verdicts(day * 8, VOLUME, minutes=1)
    assert [place for place in alarms(found) if place >= 3 * 1440] == []


def test_a_volume_that_stops_is_told_of_at_once():
    source = counts(10)
    values = [source(0) for _ in range(1000)] + [0.0] * 3
    assert 1000 in alarms(verdicts(values, VOLUME, minutes=1 / 60))


def test_volume_that_rises_is_not_told_of():
    source = counts(11)
    values = [source(0) for _ in range(500)] + [5000.0 + 7 * place for place in range(20)]
    assert alarms(verdicts(values, VOLUME)) == []
    assert alarms(verdicts(values, replace(VOLUME, side=SERIES.side)))


def test_nothing_is_told_in_burn_in():
    values = [1.0, 2.0] * 60 + [1e9] * 20
    assert alarms(verdicts(values)) == []


@pytest.mark.parametrize("share", [0.1, 0.5])
def test_missing_points_raise_no_alarm(share):
    series, source = rhythm(12), noise(12)
    detector, found = Detector(), []
    for at in times(POINTS):
        value = series(int((at - START).total_seconds() // 300))
        if source(0) > 50 + 4 * (0.7 if share < 0.5 else 0):
            found.append(detector.observe(at, value))
    assert len(alarms(found)) <= 3


def test_points_out_of_order_and_what_is_no_number_change_nothing():
    series = noise(13)
    values = [series(place) for place in range(400)]
    plain, disturbed = Detector(), Detector()
    for at, value in zip(times(400), values, strict=True):
        assert plain.observe(at, value) == disturbed.observe(at, value)
        disturbed.observe(at, 1e9)
        disturbed.observe(at - timedelta(minutes=1), -1e9)
        disturbed.observe(at + timedelta(minutes=1), math.nan)
    assert plain.encode() == disturbed.encode()


@given(st.lists(st.floats(-1e6, 1e6), min_size=0, max_size=260), st.integers(0, 260))
def test_a_detector_goes_on_after_a_restart_as_if_there_had_been_none(values, at):
    whole, before = Detector(), Detector()
    points = list(zip(times(len(values)), values, strict=True))
    expected = [whole.observe(*point) for point in points]
    found = [before.observe(*point) for point in points[:at]]
    after = Detector.decode(before.encode())
    found += [after.observe(*point) for point in points[at:]]
    assert found == expected
    assert after.encode() == whole.encode()


@given(st.floats(1e-6, 1e6), st.integers(0, 20))
def test_the_unit_of_a_series_does_not_matter(factor, seed):
    series = noise(seed)
    values = [series(place) for place in range(300)]
    values[250] = 90.0
    plain = verdicts(values)
    scaled = verdicts([value * factor for value in values])
    for one, other in zip(plain, scaled, strict=True):
        assert other.p == pytest.approx(one.p, rel=1e-2, abs=1e-300)


@pytest.mark.parametrize("data", [b"", b"\x00", b"\x01nonsense", b"\x01\x91\x01"])
def test_bytes_that_are_no_state_are_refused(data):
    with pytest.raises(StateUnreadableError):
        Detector.decode(data)


def test_the_state_stays_small():
    detector, series = Detector(VALUES), noise(14)
    sizes = []
    for place, at in enumerate(times(30_000)):
        detector.observe(at, series(place))
        if place in (5_000, 29_999):
            sizes.append(len(detector.encode()))
    assert sizes[1] < 16_000
    assert sizes[1] < 1.5 * sizes[0]
