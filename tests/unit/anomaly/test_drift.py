"""Drift of numbers, by both kinds of sketches, and of categories."""

from __future__ import annotations

import numpy as np
import pytest
from datasketches import kll_doubles_sketch
from hypothesis import given
from hypothesis import strategies as st

from core.inference.numeric import Numeric
from core.quality.anomaly.distribution import Distribution
from core.quality.anomaly.drift import NONE, Change, categorical_drift, numeric_drift


def _kll(values) -> Distribution:
    sketch = kll_doubles_sketch(200)
    sketch.update(np.asarray(values, dtype=np.float64))
    return Distribution.of_kll(sketch)


def _histogram(values) -> Distribution:
    return Distribution.of_histogram(Numeric.of([float(value) for value in values]).histogram)


SKETCHES = pytest.mark.parametrize("sketch", [_kll, _histogram])


@SKETCHES
@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("number", [120, 1000, 20_000])
def test_values_of_one_distribution_do_not_drift(sketch, seed, number):
    random = np.random.default_rng(seed)
    before, now = random.lognormal(3, 1, 20_000), random.lognormal(3, 1, number)
    assert numeric_drift(sketch(before), sketch(now)).change is None


@SKETCHES
@pytest.mark.parametrize("factor", [1000.0, 0.001, 60.0])
def test_a_change_of_unit_is_told_with_its_factor(sketch, factor):
    random = np.random.default_rng(1)
    before, now = random.lognormal(3, 1, 20_000), random.lognormal(3, 1, 2000) * factor
    found = numeric_drift(sketch(before), sketch(now))
    assert found.change is Change.UNIT
    assert found.factor == pytest.approx(factor, rel=0.2)


def test_a_stuck_sensor_is_told_of_even_where_its_range_is_narrow():
    random = np.random.default_rng(2)
    found = numeric_drift(_kll(random.uniform(20, 22, 5000)), _kll([21.2] * 500))
    assert found.change is Change.STUCK
    assert found.share == 1.0


@SKETCHES
def test_another_shape_is_told_of(sketch):
    random = np.random.default_rng(3)
    found = numeric_drift(sketch(random.lognormal(3, 1, 5000)), sketch(random.lognormal(4, 1, 500)))
    assert found.change is Change.SHAPE


def test_few_values_and_slight_differences_are_no_drift():
    random = np.random.default_rng(4)
    before = _kll(random.normal(0, 1, 100_000))
    assert numeric_drift(before, _kll(random.normal(9, 1, 20))) == NONE
    assert numeric_drift(before, _kll(random.normal(0.1, 1, 100_000))).change is None
    assert numeric_drift(_kll([]), before) == NONE


@pytest.mark.parametrize(
    ("shares", "change"),
    [
        ([0.5, 0.3, 0.2, 0.0], None),
        ([0.45, 0.33, 0.22, 0.0], None),
        ([0.5, 0.3, 0.1, 0.1], Change.NEW_VALUES),
        ([0.1, 0.3, 0.6, 0.0], Change.SHAPE),
    ],
)
def test_categories_drift_by_new_values_or_by_other_shares(shares, change):
    random = np.random.default_rng(5)

    def counted(of, number):
        drawn = zip("abcd", random.multinomial(number, of).tolist(), strict=True)
        return {name: count for name, count in drawn if count}

    before = counted([0.5, 0.3, 0.2, 0.0], 5000)
    assert categorical_drift(before, counted(shares, 1000)).change is change
    assert categorical_drift(before, {"z": 20}) == NONE


def test_new_values_are_no_news_where_values_are_always_new():
    names = {f"id-{number}": 1 for number in range(2000)}
    others = {f"id-{number}": 1 for number in range(2000, 3000)}
    assert categorical_drift(names, others).change is not Change.NEW_VALUES


@given(st.lists(st.floats(-1e9, 1e9), min_size=100, max_size=300))
def test_nothing_drifts_from_itself(values):
    for side in (_kll(values), Distribution.of_counts({v: values.count(v) for v in values})):
        found = numeric_drift(side, side)
        assert found.psi == pytest.approx(0, abs=1e-9)
        assert found.ks == 0
        assert found.change is None
