"""The pipeline of a scan: fetch, study, write and index overlap through short queues."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence, Set
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import cast

from core.decoding.column import Schemas
from core.decoding.decoded import SchemaRef
from core.decoding.payload import referenced_schemas
from core.ownership import OwnerRules
from tools.db.finding import FailedTopic, Finding, Offsets, Placement, Stored
from tools.db.findings import FindingRefusedError, FindingRepository
from tools.db.patience import patiently
from tools.discovery.batch import Indexable, SampleBatch, Studied, drained, indexables
from tools.discovery.describer import Describer, Undescribed
from tools.discovery.study import Sampled, failed, study
from tools.discovery.tally import Tally
from tools.kafka.admin import KafkaAdmin
from tools.kafka.sampler import Sampler, TopicSample
from tools.registry.client import Registry
from tools.search.index import SearchIndex

_AT_ONCE = 10
"""Topics that are studied in one go of a thread: a cancelled scan waits for no more."""

_INDEXERS = 3
"""Batches that are indexed at a time, so that some are always being embedded while Postgres has
another."""


@dataclass(frozen=True, slots=True)
class ReadingClients:
    """What a reading works with; opened and closed by whoever made them."""

    findings: FindingRepository
    admin: KafkaAdmin
    sampler: Sampler
    registry: Registry | None
    index: SearchIndex
    describer: Describer


@dataclass(frozen=True, slots=True)
class ReadingOptions:
    """`patience` is how many seconds a restart of Postgres is waited out."""

    scan_id: int
    rules: OwnerRules
    batch_topics: int = 100
    patience: float = 60.0


@dataclass(slots=True)
class Reading:
    """One pass over some topics. After `run`: `offsets` of all topics that were looked at,
    `still` those that had not moved, `unread` those that failed, with the reason."""

    clients: ReadingClients
    options: ReadingOptions
    tally: Tally
    placements: Mapping[str, Placement]
    offsets: dict[str, Offsets] = field(default_factory=dict)
    still: list[Placement] = field(default_factory=list)
    unread: dict[str, str] = field(default_factory=dict)
    index_error: Exception | None = None

    async def run(
        self,
        topics: Sequence[str],
        known: Mapping[str, Offsets],
        earlier: Mapping[str, Offsets] | None = None,
    ) -> None:
        """Read `topics`; those whose watermarks equal `known` are skipped.

        A topic of which some partitions are led by nobody fails; with `earlier` its other
        partitions are read, and the missing offsets stay as they were then.
        """
        batches: asyncio.Queue[list[TopicSample] | None] = asyncio.Queue(maxsize=1)
        studied: asyncio.Queue[Studied | None] = asyncio.Queue(maxsize=2)
        indexable: asyncio.Queue[list[Indexable] | None] = asyncio.Queue(maxsize=8)
        async with asyncio.TaskGroup() as stages:
            stages.create_task(self._fetch(topics, known, earlier, batches))
            stages.create_task(self._study(batches, studied))
            stages.create_task(self._write(studied, indexable))
            for _ in range(_INDEXERS):
                stages.create_task(self._index(indexable))

    def forget(self, topics: Sequence[str]) -> None:
        """As if these had not been looked at."""
        for topic in topics:
            self.unread.pop(topic, None)
            self.offsets.pop(topic, None)

    async def _fetch(
        self,
        topics: Sequence[str],
        known: Mapping[str, Offsets],
        earlier: Mapping[str, Offsets] | None,
        batches: asyncio.Queue[list[TopicSample] | None],
    ) -> None:
        batch = SampleBatch(self.options.batch_topics)
        samples = self.clients.sampler.sample(topics, known_offsets=known)
        async with aclosing(cast("AsyncGenerator[TopicSample, None]", samples)) as open_samples:
            async for sample in open_samples:
                lacking = self._lacking(sample)
                if lacking and earlier is not None:
                    sample = _completed(sample, lacking, earlier.get(sample.topic, {}))
                self.offsets[sample.topic] = sample.offsets
                if sample.skipped_unchanged or _still_empty(sample, known):
                    self.still.append(self.placements[sample.topic])
                    self.tally.skip(1)
                elif (lacking and earlier is None) or (sample.error and not sample.messages):
                    self.unread[sample.topic] = sample.error or "some partitions did not answer"
                elif batch.add(sample):
                    await batches.put(batch.take())
        await batches.put(batch.take())
        await batches.put(None)

    def _lacking(self, sample: TopicSample) -> set[int]:
        """Partitions whose offsets were not told."""
        return set(range(self.placements[sample.topic].partitions)) - sample.offsets.keys()

    async def _study(
        self,
        batches: asyncio.Queue[list[TopicSample] | None],
        studied: asyncio.Queue[Studied | None],
    ) -> None:
        async for batch in drained(batches):
            await studied.put(await self._study_batch(batch))
        await studied.put(None)

    async def _study_batch(self, batch: Sequence[TopicSample]) -> Studied:
        sampled = await self._with_facts(batch)
        results: list[Finding | FailedTopic] = []
        for start in range(0, len(sampled), _AT_ONCE):
            part = sampled[start : start + _AT_ONCE]
            results += await asyncio.to_thread(_study_all, part, self.options.rules)
        failures = tuple(result for result in results if isinstance(result, FailedTopic))
        found = [result for result in results if isinstance(result, Finding)]
        return Studied(tuple(await self._described(found)), failures)

    async def _with_facts(self, batch: Sequence[TopicSample]) -> list[Sampled]:
        """The samples with their settings, their stored facts and the schemas that they name."""
        names = [sample.topic for sample in batch]
        findings = self.clients.findings
        stored, settings = await asyncio.gather(
            patiently(lambda: findings.stored(names), self.options.patience),
            self.clients.admin.settings(names),
        )
        refs = {s.topic: frozenset(referenced_schemas(s.messages)) for s in batch}
        earlier = {name: _ref_in_view(stored.get(name)) for name in names}
        schemas = await self._schemas(frozenset().union(*refs.values(), *earlier.values()))
        return [
            Sampled(
                placement=replace(self.placements[sample.topic], config=settings.get(sample.topic)),
                sample=sample,
                references=refs[sample.topic],
                schemas={r: schemas[r] for r in refs[sample.topic] if r in schemas},
                newest={r: schemas.get(r) for r in earlier[sample.topic]},
                stored=stored.get(sample.topic),
            )
            for sample in batch
        ]

    async def _schemas(self, refs: frozenset[SchemaRef]) -> Schemas:
        """What the registry answers; a reference is left out where it could not be asked."""
        registry = self.clients.registry
        return dict.fromkeys(refs) if registry is None else await registry.schemas(refs)

    async def _described(self, findings: Sequence[Finding]) -> Sequence[Finding]:
        """Findings with a description; the stored one stays while the schema does."""
        bare = [finding for finding in findings if finding.description is None]
        topics = tuple(Undescribed(f.name, f.schema, f.report) for f in bare)
        texts = await self.clients.describer.describe(topics) if topics else ()
        by_name = {f.name: text for f, text in zip(bare, texts, strict=True)}
        return [replace(f, description=by_name.get(f.name, f.description)) for f in findings]

    async def _write(
        self,
        studied: asyncio.Queue[Studied | None],
        indexable: asyncio.Queue[list[Indexable] | None],
    ) -> None:
        async for batch in drained(studied):
            if not await self._put(batch, indexable):
                await self._put_apart(batch, indexable)
        for _ in range(_INDEXERS):
            await indexable.put(None)

    async def _put_apart(
        self, batch: Studied, indexable: asyncio.Queue[list[Indexable] | None]
    ) -> None:
        """Topic by topic: one that Postgres refuses must not take the others with it."""
        for single in batch.singles():
            if not await self._put(single, indexable):
                await self._put(single.refused(), indexable)

    async def _put(self, batch: Studied, indexable: asyncio.Queue[list[Indexable] | None]) -> bool:
        """Write a batch, count it and hand it on; False where Postgres refuses what is in it."""
        put, scan_id = self.clients.findings.put, self.options.scan_id
        try:
            written = await patiently(
                lambda: put(scan_id, batch.findings, batch.failed), self.options.patience
            )
        except FindingRefusedError:
            return False
        self.tally.put(batch.findings, batch.failed)
        await indexable.put(list(indexables(batch.findings, written)))
        return True

    async def _index(self, indexable: asyncio.Queue[list[Indexable] | None]) -> None:
        """Index what was written. Where that fails the topics are still read and written: they
        stay marked as not indexed, and the error is told at the end."""
        async for batch in drained(indexable):
            if self.index_error is not None or not batch:
                continue
            try:
                await self._index_batch(batch)
            except Exception as error:
                self.index_error = error

    async def _index_batch(self, batch: Sequence[Indexable]) -> None:
        items = [(item.written.id, item.document) for item in batch]
        await patiently(lambda: self.clients.index.put(items), self.options.patience)
        put = [item.written for item in batch]
        findings = self.clients.findings
        await patiently(lambda: findings.mark_indexed(put), self.options.patience)


def _study_all(sampled: Sequence[Sampled], rules: OwnerRules) -> list[Finding | FailedTopic]:
    return [_study_one(item, rules) for item in sampled]


def _study_one(sampled: Sampled, rules: OwnerRules) -> Finding | FailedTopic:
    """One topic that cannot be understood must not take the others with it."""
    try:
        return study(sampled, rules)
    except Exception as error:
        reason = f"the sample could not be understood ({type(error).__name__}: {error})"
        return failed(sampled.placement, reason, sampled.stored)


def _completed(sample: TopicSample, lacking: Set[int], earlier: Offsets) -> TopicSample:
    """The sample with the earlier offsets of partitions that did not tell theirs."""
    kept = {partition: earlier[partition] for partition in lacking & earlier.keys()}
    return replace(sample, offsets={**kept, **sample.offsets})


def _still_empty(sample: TopicSample, known: Mapping[str, Offsets]) -> bool:
    empty = not sample.messages and sample.error is None
    return empty and dict(known.get(sample.topic, {})) == dict(sample.offsets)


def _ref_in_view(stored: Stored | None) -> frozenset[SchemaRef]:
    if stored is None or not stored.registered or stored.schema_id is None:
        return frozenset()
    return frozenset({SchemaRef(id=stored.schema_id)})
