"""The best one-to-one assignment."""

from itertools import permutations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from core.similarity.assignment import assigned

worths = st.tuples(st.integers(1, 5), st.integers(1, 5)).flatmap(
    lambda shape: arrays(np.float64, shape, elements=st.sampled_from([0.0, 0.2, 0.5, 0.9, 1.0]))
)


@given(worths)
def test_no_other_assignment_is_worth_more(worth: np.ndarray):
    wide = worth if worth.shape[0] <= worth.shape[1] else worth.T
    best = max(
        sum(wide[row, column] for row, column in enumerate(columns))
        for columns in permutations(range(wide.shape[1]), wide.shape[0])
    )

    pairs = assigned(worth)

    assert abs(sum(worth[pair] for pair in pairs) - best) < 1e-9
    assert all(worth[pair] > 0 for pair in pairs)


@given(worths)
def test_each_row_and_column_is_taken_once(worth: np.ndarray):
    pairs = assigned(worth)

    assert len({row for row, _ in pairs}) == len({column for _, column in pairs}) == len(pairs)


def test_nothing_is_assigned_where_nothing_is_worth_anything():
    assert assigned(np.zeros((3, 0))) == assigned(np.zeros((2, 4))) == []
