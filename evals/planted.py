"""Faults planted on the demo fleet of a running stack: which are found, and how soon.

Needs a `headwater up --demo` (its folder with --data, or the settings' addresses) whose catalog
answers `GET /alerts?source=`. One fault after the other goes to a topic of its own, at 1,000
messages a second, beside the rest of the fleet; an alert is the answer to it when it has something
new to say of that topic after the fault began.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

import orjson

from evals.trial import Outcome, Trial
from server.cli.client import Catalog, catalog_of
from server.demo.faults.fault import Fault
from server.demo.faults.order import OWNED, FaultOrder
from server.demo.faults.target import target_of, targets
from server.demo.fleet import TOPICS
from server.demo.live import live
from server.endpoints import reachable_endpoints
from server.settings import Settings, load_settings

_LOOK_SECONDS = 0.25
_ANSWER_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Course:
    """`rate` is messages a second on the fault's topic, `others` on the rest of the fleet together;
    `after` is the seconds of sound data before the fault, `settled` those before one of volume,
    `lasts` those that it lasts at most."""

    rate: float = 1_000.0
    others: float = 100.0
    after: float = 60.0
    settled: float = 300.0
    """What usually comes in a second is learnt from some two hundred of them."""
    lasts: float = 60.0

    def sound(self, fault: Fault) -> float:
        """Seconds of sound data before the fault."""
        return self.settled if fault is Fault.VOLUME_DROP else self.after


def run(data: Path, out: Path, noisy: bool = False) -> None:
    """Write what was planted and what was found of it, and print the figures; there is no noise."""
    outcomes = asyncio.run(_all(load_settings(data_dir=data), Course()))
    out.write_bytes(
        orjson.dumps([outcome.written() for outcome in outcomes], option=orjson.OPT_INDENT_2)
    )
    for line in figures(outcomes):
        print(line)


async def _all(settings: Settings, course: Course) -> list[Outcome]:
    found = await reachable_endpoints(settings, database=False)
    catalog = catalog_of(found, _ANSWER_SECONDS)
    outcomes = []
    for fault, topic in places():
        outcomes.append(await tried(fault, topic, course, found, catalog))
        print(told(outcomes[-1]), flush=True)
    return outcomes


def places() -> Iterator[tuple[Fault, str]]:
    """Each fault with a topic that had none before, those that few topics can have first."""
    left = list(TOPICS)
    for fault in sorted(Fault, key=lambda fault: len(list(targets(fault, TOPICS)))):
        topic = target_of(fault, left, OWNED).topic
        left.remove(topic)
        yield fault, topic.name


async def tried(
    fault: Fault, topic: str, course: Course, endpoints: Settings, catalog: Catalog
) -> Outcome:
    """Plant it and wait for its alert, and for the alert's end."""
    trial = Trial()
    order = FaultOrder(
        fault,
        trial.hear,
        topic,
        course.sound(fault),
        course.lasts,
        rate=course.rate,
        observe=trial.count,
    )
    running = asyncio.create_task(
        live(
            str(endpoints.bootstrap_servers),
            str(endpoints.schema_registry),
            course.others,
            kafka_config=endpoints.kafka_config,
            fault=order,
        )
    )
    try:
        await _until_done(trial, topic, catalog, running)
    finally:
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running
    return trial.outcome()


async def _until_done(
    trial: Trial, topic: str, catalog: Catalog, running: asyncio.Task[None]
) -> None:
    while not trial.done and not running.done():
        started = time.monotonic()
        page = await asyncio.to_thread(catalog.get, "/alerts", {"source": topic, "limit": 100})
        trial.look(page["items"], datetime.now(UTC))
        await asyncio.sleep(max(0.0, started + _LOOK_SECONDS - time.monotonic()))


def told(outcome: Outcome) -> str:
    """One fault in a line."""
    planted = outcome.planted
    where = f"{planted.fault.value:13} {planted.topic}{f' ({planted.field})' * bool(planted.field)}"
    if outcome.sighting is None:
        return f"{where}: not found, {planted.hit + planted.withheld} records hit"
    end = (
        "stayed open" if outcome.recovered is None else f"resolved {outcome.recovered:.0f} s after"
    )
    return (
        f"{where}: {outcome.seconds:.1f} s, {outcome.messages} messages, {outcome.hits} hit, "
        f"by {', '.join(outcome.sighting.metrics)}, since {outcome.start_off:+.2f} s; {end}"
    )


def figures(outcomes: Sequence[Outcome]) -> list[str]:
    """Lines to print; what was not found has no time, and counts as none in the median."""
    found = [outcome for outcome in outcomes if outcome.sighting is not None]
    named = [outcome.names_field for outcome in found if outcome.names_field is not None]
    ended = sum(outcome.recovered is not None for outcome in found)
    lines = [f"planted: {len(outcomes)}, found {len(found)}, resolved by themselves {ended}"]
    if found:
        lines += [
            f"to the alert, median: {_median(found, 'seconds'):.1f} s, "
            f"{_median(found, 'messages'):.0f} messages, {_median(found, 'hits'):.0f} hit",
            f"the field is named: {sum(named)} of {len(named)}",
            f"the start that it tells, off the fault's: {_least_and_most(found)}",
        ]
    return lines


def _least_and_most(found: Sequence[Outcome]) -> str:
    off = sorted(outcome.start_off for outcome in found if outcome.start_off is not None)
    return f"{off[0]:+.2f} s at least, {off[-1]:+.2f} s at most, median {median(off):+.2f} s"


def _median(outcomes: Sequence[Outcome], figure: str) -> float:
    values: list[Any] = [getattr(outcome, figure) for outcome in outcomes]
    return float(median(values))
