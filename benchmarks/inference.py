"""Inference from bytes: messages a second on one core, beside orjson alone and genson.

Run `python -m benchmarks.inference`. All three read the same bytes in the same run.
"""

from __future__ import annotations

import argparse
import gc
import random
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

import orjson
from genson import SchemaBuilder

from core.decoding.message import Message
from core.decoding.payload import decode
from core.inference.profile import Profile
from core.inference.render import infer
from core.inference.topic import TopicProfile

BATCH = 4_096
ROUNDS = 5
Work: TypeAlias = Callable[[Sequence[bytes]], None]
_START = datetime(2026, 1, 1, tzinfo=UTC)


def orders(count: int, seed: int = 7) -> list[bytes]:
    """Order events of about 235 bytes: ids, enum, money, times, a nested record, a rare field."""
    draw = random.Random(seed)
    return [orjson.dumps(_order(draw, number)) for number in range(count)]


def _order(draw: random.Random, number: int) -> dict[str, object]:
    moment = _START + timedelta(seconds=number, milliseconds=draw.randrange(1000))
    order: dict[str, object] = {
        "order_id": str(uuid.UUID(int=draw.getrandbits(128), version=4)),
        "customer": f"C-{draw.randrange(1_000_000):07}",
        "status": draw.choice(["NEW", "PAID", "SHIPPED", "RETURNED"]),
        "amount": round(draw.uniform(1, 900), 2),
        "currency": draw.choice(["EUR", "NOK"]),
        "quantity": draw.randrange(1, 20),
        "ordered_at": moment.isoformat(timespec="milliseconds"),
        "express": draw.random() < 0.2,
        "address": {
            "city": draw.choice(["Oslo", "Rome", "Paris", "Lima"]),
            "zip": draw.randrange(10_000, 99_999),
        },
    }
    if draw.random() < 0.1:
        order["coupon"] = f"SAVE{draw.randrange(5, 50)}"
    return order


def batches(lines: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
    for start in range(0, len(lines), BATCH):
        yield lines[start : start + BATCH]


def parse_only(lines: Sequence[bytes]) -> None:
    for batch in batches(lines):
        list(map(orjson.loads, batch))


def profile_and_infer(lines: Sequence[bytes]) -> None:
    profile = Profile()
    for batch in batches(lines):
        profile = profile.grown(list(map(orjson.loads, batch)))
    infer(profile)


def decode_and_profile(lines: Sequence[bytes]) -> None:
    """The whole way of a scan: records, decoding, topic profile, schema."""
    profile = TopicProfile()
    for batch in batches(lines):
        messages = [Message(0, place, -1, None, line) for place, line in enumerate(batch)]
        profile = profile.grown(decode(messages, {}))
    infer(profile.value_profile)


def genson(lines: Sequence[bytes]) -> None:
    builder = SchemaBuilder()
    for batch in batches(lines):
        for record in map(orjson.loads, batch):
            builder.add_object(record)
    builder.to_schema()


@dataclass(frozen=True, slots=True)
class Timing:
    """How a second is counted. Without the collector of cycles, as `timeit` does it, no contender
    pays for the garbage of another; with it, the figure is what a worker sees."""

    name: str
    clock: Callable[[], float]
    collector: bool

    def seconds(self, work: Work, lines: Sequence[bytes]) -> float:
        gc.collect()
        if not self.collector:
            gc.disable()
        try:
            start = self.clock()
            work(lines)
            return self.clock() - start
        finally:
            gc.enable()


TIMINGS = (
    Timing("processor time, collector off", time.process_time, False),
    Timing("wall clock, collector on", time.perf_counter, True),
)


def rates(contenders: Sequence[Work], lines: Sequence[bytes], timing: Timing) -> list[float]:
    """Messages a second, the best of a few rounds in which each has its turn."""
    best = [float("inf")] * len(contenders)
    for _ in range(ROUNDS):
        for place, work in enumerate(contenders):
            best[place] = min(best[place], timing.seconds(work, lines))
    return [len(lines) / seconds for seconds in best]


CONTENDERS: dict[str, Work] = {
    "orjson.loads alone (floor)": parse_only,
    "parse, profile, infer": profile_and_infer,
    "decode, topic profile, infer": decode_and_profile,
    "parse, genson": genson,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=100_000)
    count = parser.parse_args().messages
    lines = orders(count)
    size = sum(map(len, lines)) / len(lines)
    print(f"{count:,} JSON messages of {size:.0f} bytes, one core, best of {ROUNDS}")
    for timing in TIMINGS:
        floor, ours, _, peer = figures = rates([*CONTENDERS.values()], lines, timing)
        print(f"{timing.name}:")
        for name, figure in zip(CONTENDERS, figures, strict=True):
            print(f"  {name:30} {figure:10,.0f} messages/s")
        print(f"  {ours / floor:.2f} of the floor, {ours / peer:.1f} times genson")


if __name__ == "__main__":
    main()
