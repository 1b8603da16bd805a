"""Days on which nothing is wrong: how many alerts are opened all the same.

Each topic of the demo's kinds is taught by its first day, as the teacher does it, and then watched
and judged by the platform's own code at a simulated clock, minute by minute. No data is needed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import groupby
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import orjson

from core.alerts.alert import Alert
from core.alerts.life import Place, changes, is_standing
from core.alerts.policy import AlertPolicy
from core.decoding.message import Message
from core.decoding.payload import decode
from core.inference.render import infer
from core.inference.topic import TopicProfile
from core.quality.implied import completed
from core.quality.intake import Intake
from core.quality.judging.judge import Judge
from core.quality.judging.look import ARRIVALS_MS, Look
from core.quality.learning.learn import learn
from core.quality.manners import manners
from core.quality.memory.memories import Memories
from core.quality.rule import QualityRule
from core.quality.watch import Watch
from core.quality.window import total
from evals.clean_traffic import TOPIC_COUNT, clean_topics
from evals.simulated_topic import SimulatedTopic
from tools.one_thread import columns_by_one_thread

STARTS = datetime(2026, 3, 2, tzinfo=UTC)
TAUGHT_HOURS, WATCHED_HOURS = 24, 24
LOOK = timedelta(minutes=1)
_SAMPLE = 2_000


@dataclass(frozen=True, slots=True)
class Opened:
    """A false alert."""

    topic: str
    at: datetime
    title: str


def run(data: Path, out: Path, noisy: bool = False) -> None:
    """Write `[{topic, at, title}]`, print how many there are for each day of all topics."""
    opened: list[Opened] = []
    rules: Counter[str] = Counter()
    names = [topic.name for topic in clean_topics(STARTS, count=TOPIC_COUNT)]
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as processes:
        judged = processes.map(_alerts_of, range(len(names)))
        for number, (name, found) in enumerate(zip(names, judged, strict=True), 1):
            opened += found
            for each in found:
                rules[each.title.partition(": ")[2].partition(",")[0]] += 1
                print(f"{each.at:%d %H:%M} {each.title}", flush=True)
            print(f"{number} of {len(names)}: {name}, {len(found)} alerts", flush=True)
    out.write_bytes(orjson.dumps(opened))
    days = WATCHED_HOURS / 24
    print(f"{len(names)} topics, {WATCHED_HOURS} h: {len(opened) / days:.1f} false alerts a day")
    for what, times in rules.most_common():
        print(f"  {times:3} {what}")


def _alerts_of(place: int) -> list[Opened]:
    """A topic has a story that goes on, so each process tells its own."""
    columns_by_one_thread()
    return list(false_alerts(clean_topics(STARTS, count=TOPIC_COUNT)[place]))


def false_alerts(topic: SimulatedTopic) -> Iterator[Opened]:
    """Alerts that are opened on the second day."""
    messages = list(topic.messages(STARTS, TAUGHT_HOURS + WATCHED_HOURS))
    begins = STARTS + timedelta(hours=TAUGHT_HOURS)
    taught = [one for one in messages if one.timestamp_ms < _ms(begins)][-_SAMPLE:]
    rules, watch = _taught(topic, taught)
    judge, policy = Judge(_ms(begins), rules), AlertPolicy()
    memories = Memories()
    alerts: list[Alert] = []
    place = Place("default", topic.name)

    for now, some in _by_look(messages):
        intake = _intake(some)
        counted = watch.count(intake, topic.schemas, memories, _ms(now)) if some else None
        arrivals = Counter((intake.arrived_ms // ARRIVALS_MS).tolist())
        window = total(counted.windows.values() if counted else ())
        findings = judge.look(Look(topic.name, window, arrivals, now))
        alerts = [one for one in alerts if is_standing(one, now, policy)]
        for change in changes(place, alerts, findings, now, policy):
            if change.alert.id == 0:
                made = change.alert.model_copy(update={"id": len(alerts) + _ms(now)})
                alerts.append(made)
                yield Opened(topic.name, now, made.title)
            else:
                alerts = [change.alert if one.id == change.alert.id else one for one in alerts]


def _taught(
    topic: SimulatedTopic, messages: Sequence[Message]
) -> tuple[tuple[QualityRule, ...], Watch]:
    batch = decode(messages, topic.schemas)
    schema = infer(TopicProfile.of(batch).value_profile, topic.name).schema
    pairs = [
        (value, messages[at].timestamp_ms)
        for group in batch.values
        for at, value in zip(group.places, group.values, strict=True)
        if isinstance(value, dict)
    ]
    learnt = learn([value for value, _ in pairs])
    own = (
        *learnt.rules,
        *manners(topic.name, [value for value, _ in pairs], [at for _, at in pairs]),
    )
    rules = completed(own, schema, managed=False)
    return rules, Watch(rules, schema, learnt)


def _by_look(messages: Sequence[Message]) -> Iterator[tuple[datetime, list[Message]]]:
    """Of each minute what came in it, and nothing of a minute in which nothing came."""
    length = _ms(LOOK + datetime.fromtimestamp(0, UTC))
    ordered = sorted(messages, key=lambda one: one.timestamp_ms)
    grouped = {k: list(g) for k, g in groupby(ordered, lambda one: one.timestamp_ms // length)}
    first, last = _ms(STARTS) // length, max(grouped)
    for minute in range(first, last + 1):
        at = datetime.fromtimestamp((minute + 1) * length / 1_000, UTC)
        yield at, grouped.get(minute, [])


def _intake(messages: Sequence[Message]) -> Intake:
    headers = [one.headers for one in messages]
    return Intake(
        np.array([one.partition for one in messages], np.int64),
        np.array([one.offset for one in messages], np.int64),
        np.array([one.timestamp_ms for one in messages], np.int64),
        [one.value for one in messages],
        [one.key for one in messages],
        headers if any(headers) else None,
    )


def _ms(at: datetime) -> int:
    return round(at.timestamp() * 1_000)
