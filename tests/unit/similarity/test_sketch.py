"""What two sketches have in common, against counting it out."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from core.inference.sample import SIZE, Entry, Sample
from core.similarity.sketch import Sketch

_LARGEST = 2**64 - 1
hashes = st.integers(0, _LARGEST)


def _sketch(digests: set[int]) -> Sketch:
    return Sketch.of(Sample({one: Entry(1) for one in sorted(digests)[:SIZE]}))


def _counted_out(one: set[int], other: set[int]) -> float:
    """Jaccard of the smallest hashes of the union, by sets."""
    least = set(sorted(one | other)[:SIZE])
    return len(one & other & least) / len(least) if least else 0.0


@given(st.sets(hashes, max_size=40), st.sets(hashes, max_size=40), st.sets(hashes, max_size=40))
def test_a_few_values_are_compared_exactly(one: set[int], other: set[int], both: set[int]) -> None:
    assert _sketch(one | both).overlap(_sketch(other | both)) == _counted_out(
        one | both, other | both
    )


@given(st.integers(0, 700), st.integers(1, 700), st.integers(0, 700))
def test_of_many_values_the_smallest_hashes_of_both_decide(start: int, size: int, begin: int):
    step = _LARGEST // 1_500
    one = {number * step for number in range(start, start + size)}
    other = {number * step for number in range(begin, begin + 300)}
    mine, theirs = set(sorted(one)[:SIZE]), set(sorted(other)[:SIZE])

    assert _sketch(one).overlap(_sketch(other)) == _counted_out(mine, theirs)


def test_a_sketch_is_packed_and_says_how_many_there_are() -> None:
    sketch = _sketch(set(range(100)))

    assert len(sketch.packed) == 8 * 100
    assert sketch.distinct == 100
