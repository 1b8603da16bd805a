"""Series made by rule, each with one departure."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from core.quality.anomaly.detector import Detector
from core.quality.anomaly.settings import SERIES, Settings
from core.quality.anomaly.verdict import Verdict

START = datetime(2026, 1, 5)
POINTS = 3000
PLANTED = 2400
MINUTES = 5

Series = Callable[[int], float]


def noise(seed: int) -> Series:
    source = random.Random(seed)
    return lambda place: source.gauss(50, 4)


def rhythm(seed: int) -> Series:
    source = random.Random(seed)
    return lambda place: (
        60 + 40 * math.sin(place * MINUTES / 1440 * 2 * math.pi) + source.gauss(0, 3)
    )


def heavy(seed: int) -> Series:
    source = random.Random(seed)
    return lambda place: source.lognormvariate(1, 0.8)


def counts(seed: int) -> Series:
    source = random.Random(seed)
    return lambda place: float(max(0, round(source.gauss(400, 20))))


def times(number: int, minutes: float = MINUTES) -> list[datetime]:
    return [START + timedelta(minutes=minutes * place) for place in range(number)]


def verdicts(
    values: Sequence[float], settings: Settings = SERIES, minutes: float = MINUTES
) -> list[Verdict]:
    detector = Detector(settings)
    return [
        detector.observe(at, value)
        for at, value in zip(times(len(values), minutes), values, strict=True)
    ]


def alarms(found: Sequence[Verdict]) -> list[int]:
    return [place for place, verdict in enumerate(found) if verdict.alarm]
