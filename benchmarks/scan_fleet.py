"""A fleet of varied topics: names and fields are drawn from a vocabulary, messages are JSON."""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import orjson


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


DOMAINS = _words(
    "sales finance logistics procurement billing payments fraud risk hr marketing support "
    "warehouse fleet energy clinical claims lending trading iot content identity network "
    "manufacturing quality travel catering legal research audit pricing"
)
ENTITIES = _words(
    "order invoice supplier customer shipment payment contract employee campaign ticket pallet "
    "vehicle meter patient claim loan trade sensor article session router machine inspection "
    "booking menu case experiment finding tariff account card merchant voucher refund parcel "
    "driver route depot turbine prescription policy mortgage portfolio gateway chapter login "
    "switch mould sample flight hotel"
)
EVENTS = _words(
    "created updated cancelled approved rejected shipped delivered settled flagged scored "
    "enriched archived assigned completed failed measured renewed expired raw snapshot"
)
QUALITIES = _words(
    "primary secondary gross net actual planned billing shipping origin target previous current "
    "estimated declared local remote external internal average peak minimum allowed"
)

STYLES: tuple[Callable[[list[str]], str], ...] = (
    "_".join,
    "-".join,
    ".".join,
    lambda words: words[0] + "".join(word.title() for word in words[1:]),
)

Make = Callable[[random.Random], Any]

KINDS: dict[str, Make] = {
    "id": lambda rng: f"{rng.randrange(16**6):06x}",
    "uuid": lambda rng: str(uuid.UUID(int=rng.getrandbits(128), version=4)),
    "count": lambda rng: rng.randrange(500),
    "amount": lambda rng: round(rng.random() * 9_000, 2),
    "ratio": lambda rng: round(rng.random(), 4),
    "date": lambda rng: f"2026-{rng.randrange(1, 13):02}-{rng.randrange(1, 29):02}",
    "time": lambda rng: f"2026-03-{rng.randrange(1, 29):02}T{rng.randrange(24):02}:15:00Z",
    "status": lambda rng: rng.choice(("open", "held", "closed", "void")),
    "currency": lambda rng: rng.choice(("EUR", "USD", "CHF", "SEK")),
    "country": lambda rng: rng.choice(("DE", "FR", "US", "JP", "BR")),
    "flag": lambda rng: rng.random() < 0.3,
    "code": lambda rng: f"{rng.choice('ABCD')}{rng.randrange(1000):03}",
    "name": lambda rng: rng.choice(ENTITIES).title() + " " + rng.choice(DOMAINS).title(),
}


@dataclass(frozen=True, slots=True)
class FleetTopic:
    """A topic and its messages, the same for the same seed."""

    name: str
    fields: tuple[tuple[str, str], ...]
    seed: int

    def messages(self, count: int) -> Iterator[tuple[str, bytes]]:
        """(key, value) pairs; values near 235 bytes."""
        rng = random.Random(self.seed)
        for _ in range(count):
            record = {name: KINDS[kind](rng) for name, kind in self.fields}
            key = str(record[self.fields[0][0]])
            yield key, orjson.dumps(record)


def fleet(count: int, prefix: str, seed: int = 7) -> tuple[FleetTopic, ...]:
    """So many topics of different names under one prefix."""
    rng = random.Random(seed)
    return tuple(_topic(f"{prefix}{at}", rng) for at in range(count))


def _topic(prefix: str, rng: random.Random) -> FleetTopic:
    style = rng.choice(STYLES)
    entity = rng.choice(ENTITIES)
    words = [rng.choice(DOMAINS), entity, rng.choice(EVENTS)]
    fields = {style_of_field(style, [entity, "id"]): "id"}
    while _size(fields) < 200:
        kind = rng.choice(tuple(KINDS))
        stem = rng.choice((entity, rng.choice(ENTITIES), rng.choice(QUALITIES)))
        fields.setdefault(style_of_field(style, [stem, kind]), kind)
    return FleetTopic(f"{prefix}.{style(words)}", tuple(fields.items()), rng.randrange(2**31))


def style_of_field(style: Callable[[list[str]], str], words: list[str]) -> str:
    """A field name in the topic's style; dots and dashes become underscores."""
    return style(words).replace(".", "_").replace("-", "_")


def _size(fields: dict[str, str]) -> int:
    """The rough size of a message with these fields."""
    rng = random.Random(0)
    return len(orjson.dumps({name: KINDS[kind](rng) for name, kind in fields.items()}))
