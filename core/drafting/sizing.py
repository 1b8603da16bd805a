"""How large a topic is made: partitions by throughput and latency, replication by the brokers."""

from __future__ import annotations

import math
from dataclasses import dataclass

from core.drafting.promises import Promises
from core.drafting.rates import PEAK_FACTOR, Population, Rate, is_each
from core.drafting.reading import Reading

PER_PARTITION = 1_000.0
"""Messages a second that one consumer of a partition is counted on to keep up with."""
USUAL = 3
SPEEDY = 6
"""Partitions from which on a consumer group can share work that must be done at once."""
AT_ONCE_MS = 1_000
MOST = 1_000
MOST_COPIES = 3
_STEPS = (
    1,
    2,
    3,
    6,
    12,
    18,
    24,
    30,
    36,
    48,
    60,
    72,
    96,
    120,
    144,
    192,
    240,
    300,
    400,
    500,
    600,
    800,
    1_000,
)


@dataclass(frozen=True, slots=True)
class Sized:
    """A number with the formula it came by."""

    value: int
    because: str
    given: bool = False


@dataclass(frozen=True, slots=True)
class Throughput:
    """Messages a second on average; `peak` is what the topic is built for."""

    average: float
    peak: float
    because: str


def throughput_of(reading: Reading) -> Throughput | None:
    """By a stated rate, or by how many things report how often; None where neither is said."""
    if reading.rates:
        rate = max(reading.rates, key=_size)
        many = _many(reading, rate)
        average = rate.per_second * many
        times = f"{many:g} x " if many > 1 else ""
        usual = [r for r in reading.rates if not r.peak]
        if rate.peak and usual:
            lower = max(usual, key=_size)
            return Throughput(
                lower.per_second, average, f'"{lower.says}" on average and "{rate.says}" at peak'
            )
        if rate.peak:
            return Throughput(average / PEAK_FACTOR, average, f'{times}"{rate.says}" at peak')
        return Throughput(
            average,
            average * PEAK_FACTOR,
            f'{times}"{rate.says}", a peak taken for {PEAK_FACTOR:g} times that',
        )
    seconds = (
        reading.promises.rhythm.value / 1_000
        if reading.promises.rhythm
        else (reading.rhythm.value if reading.rhythm else None)
    )
    population = max(reading.populations, key=lambda p: p.number, default=None)
    if seconds and population:
        return Throughput(
            population.number / seconds,
            population.number / seconds * PEAK_FACTOR,
            f"{population.number:g} {population.noun} every {seconds:g} s, a peak "
            f"taken for {PEAK_FACTOR:g} times that",
        )
    return None


def _size(rate: Rate) -> float:
    return rate.per_second


def _many(reading: Reading, rate: Rate) -> float:
    """How many things the rate is one of each of."""
    if not is_each(rate) or not reading.populations:
        return 1.0
    noun = rate.says.lower().split()[-1].rstrip("s")
    called: list[Population] = [
        p for p in reading.populations if p.noun.rstrip("s").startswith(noun)
    ]
    return max((called or reading.populations), key=lambda p: p.number).number


def partitions_of(promises: Promises, throughput: Throughput | None) -> Sized:
    """max(a start, peak / what a partition takes), rounded up to a number that divides well."""
    if promises.partitions is not None:
        return Sized(
            max(1, int(promises.partitions.value)), f'"{promises.partitions.says}"', given=True
        )
    if promises.total_order:
        return Sized(
            1, f'"{promises.total_order}": order over all messages holds in one partition only'
        )
    start, why = USUAL, f"{USUAL} to begin with"
    if promises.latency is not None and promises.latency.value <= AT_ONCE_MS:
        start, why = (
            SPEEDY,
            f"{SPEEDY}, so that consumers can share what must be done within "
            f"{promises.latency.value:g} ms",
        )
    if throughput is None:
        return Sized(start, f"{why}; no throughput is given")
    needed = math.ceil(throughput.peak / PER_PARTITION)
    size = next((step for step in _STEPS if step >= max(start, needed)), MOST)
    return Sized(
        size,
        f"max({why}, {throughput.peak:.4g} messages/s at peak / {PER_PARTITION:g} a "
        f"partition = {needed}), "
        f"rounded up to {size}; {throughput.because}",
    )


def replication_of(promises: Promises, brokers: int, usual: int | None) -> Sized:
    """What is asked for, else the cluster's default, else three; at most one a broker."""
    if promises.replication is not None:
        asked = int(promises.replication.value)
        return Sized(
            max(1, min(asked, max(brokers, 1))),
            f'"{promises.replication.says}" and {brokers} brokers',
            given=True,
        )
    if usual is not None:
        return Sized(max(1, usual), "the cluster's default")
    copies = max(1, min(MOST_COPIES, brokers))
    return Sized(copies, f"min({MOST_COPIES}, {brokers} broker{'s' if brokers != 1 else ''})")
