"""How much there will be, and how many partitions that takes."""

from __future__ import annotations

import pytest

from core.drafting.reading import read
from core.drafting.sizing import partitions_of, replication_of, throughput_of


@pytest.mark.parametrize(
    ("text", "average"),
    [
        ("About 4 million scans a day", 46.3),
        ("10k events/day", 0.1157),
        ("about a hundred thousand data points each second", 100_000),
        ("expect 50 bookings a minute", 0.833),
        ("80,000 trips daily", 0.926),
        ("5000 tps", 5_000),
        ("between 500 and 800 events/s", 800),
        ("on a busy day up to 1.2 million orders", 13.9 / 3),
        ("2.5m meters, 15-minute readings per meter", 2_777.8),
        ("ca. 3000 bins report hourly", 0.833),
        ("~20 pairs, several hundred ticks per second each", 6_000),
        ("12000 sensors, one reading per sensor every ten seconds", 1_200),
    ],
)
def test_messages_a_second_are_worked_out(text: str, average: float) -> None:
    found = throughput_of(read(text))

    assert found is not None
    assert found.average == pytest.approx(average, rel=0.01)


@pytest.mark.parametrize(
    "text", ["heart rate 0 to 300 beats per minute", "speed up to 250 km/h", "6 months and a day",
             "order id and total"]
)  # fmt: skip
def test_other_rates_are_none_of_messages(text: str) -> None:
    assert throughput_of(read(text)) is None


def test_partitions_grow_with_the_peak_and_say_how() -> None:
    few = read("200 events per hour")
    many = read("20,000 events per second at peak, needed within 100 ms")

    assert partitions_of(few.promises, throughput_of(few)).value == 3
    sized = partitions_of(many.promises, throughput_of(many))
    assert sized.value == 24
    assert "2e+04 messages/s at peak / 1000 a partition = 20" in sized.because


def test_order_over_everything_takes_one_partition_and_a_given_number_holds() -> None:
    assert partitions_of(read("a total order is needed").promises, None).value == 1
    assert partitions_of(read("use 7 partitions").promises, None).value == 7


@pytest.mark.parametrize(
    ("text", "brokers", "usual", "copies"),
    [("", 1, None, 1), ("", 5, None, 3), ("", 5, 2, 2), ("replication factor 3", 1, 2, 1)],
)
def test_there_are_at_most_as_many_copies_as_brokers(
    text: str, brokers: int, usual: int | None, copies: int
) -> None:
    assert replication_of(read(f"x. {text}").promises, brokers, usual).value == copies
