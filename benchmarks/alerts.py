"""Simulated topics: false alerts of a clean fleet in a day, and how soon planted faults are told.

    python -m benchmarks.alerts [--topics 50] [--days 3] [--skip-fleet]

Each clean topic has one series of volume and 20 shares of bad records, looked at every 5 s, and 9
medians of numeric fields with as many drift judgements, looked at every minute. Topics differ in
rate, rhythm and noise; some are idle at night, some arrive in bursts. Learning starts cold. Faults
come after 10 minutes of 1,000 messages/s with a look each second.
"""

from __future__ import annotations

import argparse
import statistics
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
import numpy.typing as npt
from datasketches import kll_doubles_sketch

from core.arrays import Numbers
from core.quality.anomaly.detector import Detector
from core.quality.anomaly.distribution import Distribution
from core.quality.anomaly.drift import categorical_drift, numeric_drift
from core.quality.anomaly.settings import VALUES, VOLUME
from core.quality.anomaly.share import Share

_START = datetime(2026, 1, 5, 7, tzinfo=UTC)
_LOOK = 5
_DAY = 86400
_SHARES = (0.0,) * 10 + (1e-3,) * 6 + (2e-2,) * 4
_FIELDS = 9
_RATE = 1000
_WARM = 600
_TRIES = 10

Random = np.random.Generator
Fault = Callable[[Random, int, bool], bool]


@dataclass(frozen=True)
class Clean:
    """A topic without faults: records per look, and what its noise is like."""

    counts: npt.NDArray[np.int64]
    lump: int
    """Bad records come this many at a time."""

    @staticmethod
    def drawn(random: Random, days: int) -> Clean:
        seconds = np.arange(0, days * _DAY, _LOOK)
        rate = float(np.exp(random.uniform(np.log(0.5), np.log(2000))))
        hours = (_START.hour + seconds / 3600) % 24
        rhythm = 1 + random.uniform(0, 0.9) * np.sin(
            (hours - random.uniform(0, 24)) / 24 * 2 * np.pi
        )
        if random.random() < 0.15:
            rhythm = rhythm * ((hours > 6) & (hours < 22))
        wobble = _wandering(random, len(seconds), random.uniform(0.99, 0.9999))
        mean = rate * _LOOK * rhythm * np.exp(random.uniform(0, 0.3) * wobble)
        if random.random() < 0.2:
            mean = mean * random.gamma(2.0, 0.5, len(seconds))
        return Clean(random.poisson(mean), int(random.choice([1, 1, 5, 20])))


def _wandering(random: Random, length: int, stays: float) -> Numbers:
    from scipy.signal import lfilter

    noise = random.normal(0, np.sqrt(1 - stays**2), length)
    return np.asarray(lfilter([1.0], [1.0, -stays], noise))


def false_alerts(topics: int, days: int) -> Iterator[tuple[str, int]]:
    """The series and the day of each false alert."""
    for number in range(topics):
        random = np.random.default_rng(number)
        topic = Clean.drawn(random, days)
        yield from _volume_alerts(topic)
        for share in _SHARES:
            yield from _share_alerts(random, topic, share)
        for _ in range(_FIELDS):
            yield from _value_alerts(random, days)


def _volume_alerts(topic: Clean) -> Iterator[tuple[str, int]]:
    detector, was_open = Detector(VOLUME), False
    for place, count in enumerate(topic.counts.tolist()):
        verdict = detector.observe(_START + timedelta(seconds=_LOOK * place), count)
        if verdict.open and not was_open:
            yield "volume", place * _LOOK // _DAY
        was_open = verdict.open


def _share_alerts(random: Random, topic: Clean, level: float) -> Iterator[tuple[str, int]]:
    lumps = random.poisson(topic.counts * level / topic.lump) * topic.lump
    bad = np.minimum(lumps, topic.counts)
    share = Share()
    for place, (some, count) in enumerate(zip(bad.tolist(), topic.counts.tolist(), strict=True)):
        if share.observe(some, count).alarm:
            yield f"share {level}", place * _LOOK // _DAY


def _value_alerts(random: Random, days: int) -> Iterator[tuple[str, int]]:
    """A median and the distribution that it is of, which moves with it by some of its spread."""
    minutes = days * _DAY // 60
    moved = random.uniform(0, 0.5) * np.sin(np.arange(minutes) / 1440 * 2 * np.pi)
    moved = moved + random.uniform(0, 0.2) * _wandering(random, minutes, 0.98)
    level, spread = random.uniform(10, 1000), random.uniform(0.1, 0.5)
    detector, was_open = Detector(VALUES), False
    for minute, move in enumerate(moved):
        values = level * np.exp(spread * (move + random.normal(0, 1, 200)))
        at = _START + timedelta(minutes=minute)
        verdict = detector.observe(at, float(np.median(values)))
        if verdict.open and not was_open:
            yield "median", minute // 1440
        was_open = verdict.open
        if minute % 60 == 0:
            before = Distribution.of_kll(_kll(values))
        elif numeric_drift(before, Distribution.of_kll(_kll(values))).change:
            yield "drift", minute // 1440


def _kll(values: Numbers) -> kll_doubles_sketch:
    sketch = kll_doubles_sketch(200)
    sketch.update(values)
    return sketch


def _share_fault(before: float, after: float) -> Callable[[], Fault]:
    def watched() -> Fault:
        share = Share()
        return lambda random, _, faulty: (
            share.observe(int(random.binomial(_RATE, after if faulty else before)), _RATE).alarm
        )

    return watched


def _volume_fault() -> Fault:
    detector = Detector(VOLUME)
    return lambda random, second, faulty: (
        detector.observe(
            _START + timedelta(seconds=second), int(random.poisson(_RATE * (0.05 if faulty else 1)))
        ).alarm
    )


def _numeric_fault(change: Callable[[Numbers], Numbers]) -> Callable[[], Fault]:
    """All that came before against the last five seconds."""

    def watched() -> Fault:
        before, lately = kll_doubles_sketch(200), []

        def look(random: Random, second: int, faulty: bool) -> bool:
            values = random.lognormal(3, 0.5, _RATE)
            lately.append(_kll(change(values) if faulty else values))
            if len(lately) > 5:
                before.merge(lately.pop(0))
            now = kll_doubles_sketch(200)
            for sketch in lately:
                now.merge(sketch)
            found = numeric_drift(Distribution.of_kll(before), Distribution.of_kll(now))
            return found.change is not None

        return look

    return watched


def _enum_fault() -> Fault:
    before: Counter[str] = Counter()
    lately: list[Counter[str]] = []

    def look(random: Random, second: int, faulty: bool) -> bool:
        shares = [0.5, 0.3, 0.1, 0.1] if faulty else [0.5, 0.3, 0.2, 0.0]
        names = dict(zip("abcd", random.multinomial(_RATE, shares).tolist(), strict=True))
        lately.append(Counter({name: count for name, count in names.items() if count}))
        if len(lately) > 5:
            before.update(lately.pop(0))
        return categorical_drift(before, sum(lately, Counter())).change is not None

    return look


FAULTS: dict[str, Callable[[], Fault]] = {
    "type flip (20 % of records)": _share_fault(0.0, 0.2),
    "null burst (1 % to 30 %)": _share_fault(0.01, 0.3),
    "late data (0.2 % to 30 %)": _share_fault(0.002, 0.3),
    "duplicates (0 to 5 %)": _share_fault(0.0, 0.05),
    "volume drop (to 5 %)": _volume_fault,
    "enum drift (a new value, 10 %)": _enum_fault,
    "unit change x1000": _numeric_fault(lambda values: values * 1000),
    "stuck sensor": _numeric_fault(lambda values: np.full_like(values, 21.5)),
    "clock skew (delay + 1 h)": _numeric_fault(lambda values: values + 3600),
}


def seconds_to_alert(fault: Callable[[], Fault], seed: int) -> int | None:
    """None where it was not told within five minutes; raises where it was told too soon."""
    look, random = fault(), np.random.default_rng(seed)
    for second in range(_WARM):
        if look(random, second, False):
            raise AssertionError(f"a false alert at second {second}")
    for second in range(300):
        if look(random, _WARM + second, True):
            return second + 1
    return None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--topics", type=int, default=50)
    parser.add_argument("--days", type=int, default=3)
    parser.add_argument("--skip-fleet", action="store_true")
    chosen = parser.parse_args()
    for name, fault in FAULTS.items():
        found = [seconds_to_alert(fault, seed) for seed in range(_TRIES)]
        times = [seconds for seconds in found if seconds is not None]
        middle = statistics.median(times) if times else "never"
        print(f"{name:32} {len(times)} of {_TRIES} found, median {middle} s", flush=True)
    if not chosen.skip_fleet:
        alerts = Counter(false_alerts(chosen.topics, chosen.days))
        print(
            f"false alerts of {chosen.topics} clean topics in {chosen.days} days by kind and day:"
        )
        print("\n".join(f"  {kind}, day {day}: {n}" for (kind, day), n in sorted(alerts.items())))
        print(f"  in all {alerts.total()}, {alerts.total() / chosen.days:.2f} a day")


if __name__ == "__main__":
    main()
