"""Teaches topics without a contract their own rules, from some thousand of their messages."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, cast

from core.decoding.column import Schemas
from core.decoding.decoded import Format
from core.decoding.payload import decode, referenced_schemas
from core.product import OutputPort
from core.quality.columns.epochs import put_epochs
from core.quality.columns.wanted import epochs_of
from core.quality.implied import LETTERS
from core.quality.learning.learn import learn
from core.quality.learning.learnt import Learnt
from core.quality.manners import ENOUGH, manners
from core.quality.rule import QualityRule
from core.schema.document import from_document
from core.schema.model import Schema
from core.similarity.kinship import kin_of
from core.similarity.relation import Kinship
from tools.db.pool import Pool
from tools.db.rules import RuleRepository
from tools.db.sql import load
from tools.kafka.sampler import Sampler, TopicSample
from tools.registry.client import Registry
from tools.registry.errors import RegistryFailedError

SAMPLE = 2_000
"""Messages that a topic is taught by."""
_AT_ONCE = 8
_FEW = 300
"""A topic that was taught by fewer is taught once more when there are many."""

_LETTERS = "dead.?letter|dlq|dlt"
"""What a topic for dead letters has in its name, and now and then another topic; it is watched
from its first message on."""

_SQL = load("teaching")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Lesson:
    """What a sample taught: `learnt` judges its own rules, `rules` are all."""

    learnt: Learnt
    rules: tuple[QualityRule, ...]


class Teacher:
    """Of one cluster; `besides` is a topic that is no pupil: what is written to it is ours."""

    def __init__(
        self, pool: Pool, sampler: Sampler, registry: Registry | None, cluster: str, besides: str
    ) -> None:
        self._pool = pool
        self._rules = RuleRepository(pool)
        self._sampler = sampler
        self._registry = registry
        self._cluster = cluster
        self._besides = besides

    async def teach_due(self) -> int:
        """Teach topics that were not; gives back how many were. Raises KafkaFailedError and
        DatabaseUnreachableError."""
        taught = 0
        while pupils := await self._pupils():
            async for sample in self._samples(list(pupils)):
                lesson = await self._lesson(sample, pupils[sample.topic])
                await self._write(sample.topic, lesson)
                taught += 1
        return taught

    async def _pupils(self) -> dict[str, Schema | None]:
        given = {
            "cluster": self._cluster, "besides": self._besides, "enough": ENOUGH,
            "few": _FEW, "limit": _AT_ONCE, "letters": _LETTERS,
        }  # fmt: skip
        rows = await self._pool.rows(_SQL["pupils"], given)
        return {
            row["topic"]: None if row["schema"] is None else from_document(row["schema"])
            for row in rows
        }

    async def _samples(self, topics: Sequence[str]) -> AsyncGenerator[TopicSample, None]:
        found = cast("AsyncGenerator[TopicSample, None]", self._sampler.sample(topics))
        async with aclosing(found) as reading:
            async for sample in reading:
                yield sample

    async def _lesson(self, sample: TopicSample, schema: Schema | None) -> Lesson:
        refs = frozenset(referenced_schemas(sample.messages))
        schemas: Schemas = dict.fromkeys(refs)
        if self._registry is not None and refs:
            try:
                schemas = await self._registry.schemas(refs)
            except RegistryFailedError as error:
                log.warning("what %s says cannot be learnt: %s", sample.topic, error)
        return await asyncio.to_thread(_taught, sample, schemas, schema)

    async def _write(self, topic: str, lesson: Lesson) -> None:
        """Also where nothing was learnt: it is tried again when there are many more messages."""
        given = {
            "cluster": self._cluster,
            "topic": topic,
            "records": lesson.learnt.records,
            "state": lesson.learnt.model_dump_json().encode(),
        }
        port = OutputPort(cluster=self._cluster, topic=topic)
        async with self._pool.connection() as connection, connection.transaction():
            await connection.execute(_SQL["learnt"], given)
            await self._rules.learn(connection, port, lesson.rules)


def _taught(sample: TopicSample, schemas: Schemas, schema: Schema | None) -> Lesson:
    if kin_of(sample.topic).role is Kinship.DEAD_LETTER:
        # What lies there broke other topics' rules: only that it comes is news.
        return Lesson(Learnt(records=len(sample.messages), checks=()), (LETTERS,))
    records, arrived = _records(sample, schemas, schema)
    if len(records) < ENOUGH:
        return Lesson(Learnt(records=len(sample.messages), checks=()), ())
    learnt = learn(records)
    rules = {rule.id: rule for rule in (*learnt.rules, *manners(sample.topic, records, arrived))}
    return Lesson(learnt, tuple(rules.values()))


def _records(
    sample: TopicSample, schemas: Schemas, schema: Schema | None
) -> tuple[list[dict[str, Any]], list[int]]:
    """Objects, in the forms that a watcher reads them in, and when the broker got each: as they
    came, whatever their partition, so that what runs on can be seen to."""
    batch = decode(sample.messages, schemas)
    epochs = {} if schema is None else epochs_of(dict(schema.walk()))
    found: list[tuple[int, dict[str, Any]]] = []
    for group in batch.values:
        for place, value in zip(group.places, group.values, strict=True):
            if isinstance(value, dict):
                if group.format in (Format.AVRO, Format.AVRO_CONTAINER):
                    put_epochs(value, epochs)
                found.append((sample.messages[place].timestamp_ms, value))
    found.sort(key=itemgetter(0))
    return [value for _, value in found], [at for at, _ in found]
