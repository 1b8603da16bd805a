"""What passes between the stages of a reading."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from tools.db.finding import FailedTopic, Finding, Written
from tools.kafka.sampler import TopicSample
from tools.search.document import SearchDocument, document_of

Item = TypeVar("Item")

_BYTES = 16 * 1024 * 1024
_SECONDS = 2.0


@dataclass(slots=True)
class SampleBatch:
    """Samples that are studied and written together: many small ones, few large ones."""

    topics: int
    samples: list[TopicSample] = field(default_factory=list)
    size: int = 0
    since: float = 0.0

    def add(self, sample: TopicSample) -> bool:
        """Whether the batch is full with this sample, or has waited long enough."""
        if not self.samples:
            self.since = time.monotonic()
        self.samples.append(sample)
        self.size += sum(len(message.value or b"") for message in sample.messages)
        waited = time.monotonic() - self.since
        return len(self.samples) >= self.topics or self.size >= _BYTES or waited >= _SECONDS

    def take(self) -> list[TopicSample]:
        """The samples; the batch is empty then."""
        taken, self.samples, self.size = self.samples, [], 0
        return taken


@dataclass(frozen=True, slots=True)
class Studied:
    """A batch as it is to be written."""

    findings: tuple[Finding, ...] = ()
    failed: tuple[FailedTopic, ...] = ()

    def singles(self) -> Iterator[Studied]:
        """The same, topic by topic."""
        yield from (Studied(findings=(finding,)) for finding in self.findings)
        yield from (Studied(failed=(topic,)) for topic in self.failed)

    def refused(self) -> Studied:
        """The same topics as failed ones: the catalog did not take what was found."""
        error = "what was found cannot be kept: the database refuses it"
        failed = (FailedTopic(f.placement, error, f.presence) for f in self.findings)
        return Studied(failed=(*failed, *self.failed))


@dataclass(frozen=True, slots=True)
class Indexable:
    """A written source with what is to be searched of it."""

    written: Written
    document: SearchDocument


def indexables(findings: Sequence[Finding], written: Sequence[Written]) -> Iterator[Indexable]:
    """The written findings with the description in force, which may be a product's."""
    by_name = {item.name: item for item in written}
    for finding in findings:
        item = by_name[finding.name]
        yield Indexable(item, document_of(item.name, item.description or "", finding.schema))


async def drained(queue: asyncio.Queue[Item | None]) -> AsyncIterator[Item]:
    """The items of a queue until None comes."""
    while (item := await queue.get()) is not None:
        yield item
