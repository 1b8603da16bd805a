"""A day of many topics on which nothing is wrong: every alert about them is a false one."""

from __future__ import annotations

import heapq
import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from core.decoding.message import Message
from evals.season import Season
from evals.simulated_topic import SimulatedTopic, sound
from server.demo.fleet import SEED, TOPICS
from server.demo.headers import dead_letter, retried
from server.demo.population import populate
from server.demo.topic import FLAWLESS, Topic

TOPIC_COUNT = 50
_SLOWEST, _FASTEST = 0.02, 0.4
"""Messages a second, about which a day swings."""
_DEPTHS = (0.1, 0.6, 0.9, 1.2)
"""Machines hardly sleep, shops do a little, offices quite."""
_SCHEMA_IDS = 20
"""Apart for each topic: more than any of them has schemas."""


def clean_topics(
    starts: datetime, *, count: int = TOPIC_COUNT, seed: int = SEED
) -> list[SimulatedTopic]:
    """The fleet's topics without their defects, taken evenly from all of it, each with a season.

    Topics of dead letters and retries are left out: a message in those is bad news by itself.
    """
    fit = [t for t in TOPICS if t.count and t.headers not in (dead_letter, retried)]
    fit = [topic for topic in fit if "dlq" not in topic.name.lower()]
    chosen = [fit[place * len(fit) // count] for place in range(min(count, len(fit)))]
    world = populate(seed, starts.date())
    return [
        sound(_flawless(topic), _season(topic, seed), world, str(seed), 1 + place * _SCHEMA_IDS)
        for place, topic in enumerate(chosen)
    ]


def merged(
    topics: Sequence[SimulatedTopic], starts: datetime, hours: float
) -> Iterator[tuple[str, Message]]:
    """The messages of all, with their topics' names, as one clock would see them come."""

    def named(topic: SimulatedTopic) -> Iterator[tuple[str, Message]]:
        return ((topic.name, message) for message in topic.messages(starts, hours))

    return heapq.merge(*map(named, topics), key=lambda each: each[1].timestamp_ms)


def _flawless(topic: Topic) -> Topic:
    return replace(topic, defects=FLAWLESS)


def _season(topic: Topic, seed: int) -> Season:
    rng = random.Random(f"{seed}:season:{topic.name}")  # noqa: S311 (a simulation)
    per_second = _SLOWEST * (_FASTEST / _SLOWEST) ** rng.random()
    return Season(per_second, rng.choice(_DEPTHS), rng.uniform(8, 18))
