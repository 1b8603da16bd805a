"""Probabilities from few signals."""

import numpy as np

from core.similarity.logistic import fitted


def labelled(count: int = 4_000) -> tuple[np.ndarray, np.ndarray]:
    """Truth: log odds 2 x - y - .5; the third signal is noise."""
    draw = np.random.default_rng(7)
    signals = draw.normal(size=(count, 3))
    odds = signals @ np.array([2.0, -1.0, 0.0]) - 0.5
    return signals, (draw.random(count) < 1 / (1 + np.exp(-odds))).astype(float)


def test_the_weights_that_made_the_labels_are_found():
    found = fitted(*labelled(), signs=(1, -1, 1), ridge=0.1)

    assert np.allclose(found.weights, (2.0, -1.0, 0.0), atol=0.15)
    assert abs(found.bias + 0.5) < 0.15


def test_a_weight_of_the_wrong_sign_is_none():
    assert fitted(*labelled(), signs=(1, 1, 1)).weights[1] == 0.0


def test_a_signal_that_never_varies_weighs_nothing():
    signals, same = labelled()
    signals[:, 2] = 3.0

    assert fitted(signals, same, signs=(1, -1, 1)).weights[2] == 0.0
