from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tools.kafka.ranges import Range, plan

OFFSETS = st.dictionaries(
    st.integers(0, 50),
    st.tuples(st.integers(0, 1_000), st.integers(0, 5_000)).map(lambda p: (p[0], p[0] + p[1])),
    max_size=20,
)


def test_a_small_partition_is_read_whole():
    assert plan({0: (5, 15)}, 300) == {0: (Range(5, 15, 10),)}


def test_a_large_partition_gives_its_head_middle_and_tail():
    head, middle, tail = plan({0: (0, 10_000)}, 300)[0]

    assert (head.start, middle.start, tail.start) == (0, 4_950, 9_900)
    assert (head.count, middle.count, tail.count) == (100, 100, 100)


def test_what_a_small_partition_lacks_comes_from_the_large_ones():
    ranges = plan({0: (0, 10), 1: (0, 10_000)}, 300)

    assert sum(part.count for part in ranges[1]) == 290


def test_empty_partitions_are_left_out():
    assert plan({0: (7, 7)}, 300) == {}


def test_more_partitions_than_messages_are_spread_evenly():
    assert sorted(plan(dict.fromkeys(range(100), (0, 100)), 4)) == [0, 25, 50, 75]


@given(OFFSETS, st.integers(1, 500))
def test_ranges_lie_within_the_partition_without_overlap_and_fill_the_sample(offsets, messages):
    ranges = plan(offsets, messages)

    for partition, parts in ranges.items():
        low, high = offsets[partition]
        ends = [low, *(part.limit for part in parts)]
        assert all(end <= part.start < part.limit for end, part in zip(ends, parts, strict=False))
        assert ends[-1] == high
    planned = sum(part.count for parts in ranges.values() for part in parts)
    assert planned == min(messages, sum(high - low for low, high in offsets.values()))
