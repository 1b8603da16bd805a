"""Fresh messages of some topics, decoded: what a mapping is proved on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import cast

from core.decoding.column import Schemas
from core.decoding.payload import decode, referenced_schemas
from tools.kafka.sampler import Sampler, TopicSample
from tools.registry.client import Registry


@dataclass(frozen=True, slots=True)
class Decoded:
    """`values` are JSON-like; `value_bytes` is their mean size as they lay on the topic."""

    values: tuple[object, ...]
    unreadable: int
    value_bytes: float


async def decoded_samples(
    topics: Sequence[str], sampler: Sampler, registry: Registry | None
) -> dict[str, Decoded]:
    """By topic; a topic that could not be read at all has no values. Raises KafkaFailedError."""
    samples: list[TopicSample] = []
    found = cast("AsyncGenerator[TopicSample, None]", sampler.sample(topics))
    async with aclosing(found) as reading:
        async for sample in reading:
            samples.append(sample)
    refs = frozenset().union(*(referenced_schemas(sample.messages) for sample in samples))
    schemas: Schemas = dict.fromkeys(refs) if registry is None else await registry.schemas(refs)
    return await asyncio.to_thread(lambda: {one.topic: _decoded(one, schemas) for one in samples})


def _decoded(sample: TopicSample, schemas: Schemas) -> Decoded:
    batch = decode(sample.messages, schemas)
    values = tuple(value for group in batch.values for value in group.values)
    size = sum(group.bytes for group in batch.values)
    return Decoded(values, len(batch.failures), size / len(values) if values else 0.0)
