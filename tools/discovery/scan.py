"""The scan: finds every topic of a cluster, reads what moved and keeps what it learns."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import (
    AsyncIterator,
    Awaitable,
    Callable,
    Collection,
    Mapping,
    Sequence,
)
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import TypeVar

from core.ownership import OwnerRules
from core.scan import ScanProgress, ScanRun
from core.source import SourceStatus
from tools.cancellation import heed_cancellation
from tools.db.errors import DatabaseUnreachableError
from tools.db.finding import FailedTopic, Known, Placement
from tools.db.findings import FindingRepository
from tools.db.patience import patiently
from tools.db.pool import Pool
from tools.db.scans import ScanRepository
from tools.discovery.consumers import Consumers
from tools.discovery.describer import Describer, RuleDescriber
from tools.discovery.leftovers import Leftovers
from tools.discovery.reading import Reading, ReadingClients, ReadingOptions
from tools.discovery.rotation import due
from tools.discovery.study import presence
from tools.discovery.tally import Tally
from tools.discovery.unmoved import unmoved
from tools.kafka.admin import KafkaAdmin, Topic
from tools.kafka.sampler import Sampler
from tools.registry.client import Registry
from tools.search.index import SearchIndex

Result = TypeVar("Result")

OnProgress = Callable[[ScanProgress], Awaitable[None]]

log = logging.getLogger(__name__)

_TELL_SECONDS = 1.0
_LEADER_SECONDS, _LEADER_LOOKS = 0.5, 20
"""A broker that was restarted has its partitions led again within so long."""

_GONE = "the topic is gone from the cluster"
_EXCLUDED = "the topic is excluded from scans by now"


class InvalidExclusionError(ValueError):
    """A pattern of excluded topics is no regular expression."""

    def __init__(self, pattern: str, cause: re.error) -> None:
        super().__init__(
            f"The pattern {pattern!r} of excluded topics is no regular expression: {cause}. "
            "Correct exclude_topics (HEADWATER_EXCLUDE_TOPICS)."
        )


class ScanFailedError(Exception):
    """A scan ended before its end; what it had read by then is kept and the next one goes on."""


@dataclass(frozen=True, slots=True)
class ScanClients:
    """What a scan works with; `registry` None leaves registered schemas unknown."""

    pool: Pool
    admin: KafkaAdmin
    sampler: Sampler
    registry: Registry | None
    index: SearchIndex
    describer: Describer = field(default_factory=RuleDescriber)


@dataclass(frozen=True, slots=True)
class ScanOptions:
    """`exclude` are regular expressions searched in topic names; `internal` topics stay out.

    `patience` is how many seconds a restart of Postgres is waited out.
    """

    cluster: str = "default"
    exclude: tuple[str, ...] = ()
    internal: bool = False
    rules: OwnerRules = field(default_factory=OwnerRules)
    batch_topics: int = 100
    patience: float = 60.0

    def __post_init__(self) -> None:
        for pattern in self.exclude:
            try:
                re.compile(pattern)
            except re.error as error:
                raise InvalidExclusionError(pattern, error) from error


class Scan:
    """Scans one cluster. One `run` at a time; the job queue sees to that."""

    def __init__(self, clients: ScanClients, options: ScanOptions) -> None:
        self._clients = clients
        self._options = options
        self._scans = ScanRepository(clients.pool)
        self._findings = FindingRepository(clients.pool, options.cluster)
        self._consumers = Consumers(clients.admin, self._findings, options.rules, options.patience)
        self._leftovers = Leftovers(
            self._findings, clients.index, clients.describer, options.rules, options.patience
        )

    @property
    def cluster(self) -> str:
        return self._options.cluster

    async def run(self, scan_id: int, on_progress: OnProgress | None = None) -> ScanRun:
        """Run a queued scan to its end. Raises `ScanFailedError` after recording why it failed."""
        tally = Tally()
        try:
            await self._patiently(lambda: self._scans.start(scan_id))
            async with self._told(scan_id, tally, on_progress):
                await self._scan(scan_id, tally)
        except Exception as error:
            cause = _first(error)
            with suppress(DatabaseUnreachableError):
                await self._scans.finish(scan_id, tally.progress(), _reason(cause))
            raise ScanFailedError(_reason(cause)) from cause
        run = await self._patiently(lambda: self._scans.finish(scan_id, tally.progress()))
        if on_progress is not None:
            await on_progress(run.progress)
        return run

    async def _scan(self, scan_id: int, tally: Tally) -> None:
        topics, known, turn = await asyncio.gather(
            self._clients.admin.topics(settings=False),
            self._patiently(self._findings.known),
            self._patiently(lambda: self._scans.turn(scan_id)),
        )
        placements = {t.name: _placement(t) for t in topics if self._wanted(t)}
        tally.total = len(placements)
        async with asyncio.TaskGroup() as both:
            asked = due(placements.keys() & known.keys(), turn)
            settings = both.create_task(self._clients.admin.settings(asked))
            read = both.create_task(self._read(scan_id, tally, placements, known))
        reading = read.result()
        await self._put_still(reading, settings.result())
        await self._put_vanished(scan_id, tally, known, topics, placements, reading)
        await self._consumers.put(reading.offsets)
        if reading.index_error is not None:
            raise reading.index_error
        await self._leftovers.index()
        await self._patiently(self._clients.index.refresh)

    async def _read(
        self,
        scan_id: int,
        tally: Tally,
        placements: Mapping[str, Placement],
        known: Mapping[str, Known],
    ) -> Reading:
        """Read what moved; topics that failed are tried once more, then recorded as failed."""
        reading = self._reading(scan_id, tally, placements)
        await reading.run(list(placements), await unmoved(known, self._clients.registry))
        if again := list(reading.unread):
            there = await self._served(again)
            reading.forget(again)
            earlier = {name: known[name].offsets for name in there & known.keys()}
            await reading.run([name for name in again if name in there], {}, earlier)
            await self._put_failed(scan_id, reading, tally, known)
        return reading

    async def _served(self, topics: Sequence[str]) -> set[str]:
        """Those that are there, once their partitions have leaders or after a while.

        The listing fails where Kafka is away altogether, and so does the scan.
        """
        listed = await self._listed_again(topics)
        for _ in range(_LEADER_LOOKS):
            if not any(topic.leaderless for topic in listed):
                break
            await asyncio.sleep(_LEADER_SECONDS)
            listed = await self._listed_again(topics)
        return {topic.name for topic in listed}

    async def _put_still(self, reading: Reading, settings: Mapping[str, Mapping[str, str]]) -> None:
        still = [
            (replace(place, config=settings.get(place.name)), reading.offsets[place.name])
            for place in reading.still
        ]
        if still:
            await self._patiently(lambda: self._findings.seen(still))

    def _reading(self, scan_id: int, tally: Tally, placements: Mapping[str, Placement]) -> Reading:
        clients, options = self._clients, self._options
        return Reading(
            ReadingClients(
                self._findings,
                clients.admin,
                clients.sampler,
                clients.registry,
                clients.index,
                clients.describer,
            ),
            ReadingOptions(scan_id, options.rules, options.batch_topics, options.patience),
            tally,
            placements,
        )

    async def _put_failed(
        self, scan_id: int, reading: Reading, tally: Tally, known: Mapping[str, Known]
    ) -> None:
        failed = [
            FailedTopic(reading.placements[name], error[:500], presence(known.get(name)))
            for name, error in reading.unread.items()
        ]
        await self._patiently(lambda: self._findings.put(scan_id, (), failed))
        tally.put((), failed)

    async def _put_vanished(
        self,
        scan_id: int,
        tally: Tally,
        known: Mapping[str, Known],
        listed: Sequence[Topic],
        placements: Mapping[str, Placement],
        reading: Reading,
    ) -> None:
        """Present topics that are in no listing any more, or that are excluded by now."""
        present = {name for name, k in known.items() if k.status is SourceStatus.PRESENT}
        present |= set(placements)
        excluded = {topic.name for topic in listed} - set(placements)
        candidates = (present - set(reading.offsets)) | (present & set(reading.unread))
        there = {topic.name for topic in await self._listed_again(candidates - excluded)}
        gone, shut_out = candidates - excluded - there, candidates & excluded
        for names, line in ((gone, _GONE), (shut_out, _EXCLUDED)):
            if had := sorted(names & known.keys()):
                await self._vanish(scan_id, had, line)
                tally.vanish(len(had))

    async def _vanish(self, scan_id: int, names: Sequence[str], line: str) -> None:
        await self._patiently(lambda: self._findings.vanish(scan_id, names, line))

    async def _listed_again(self, names: Collection[str]) -> Sequence[Topic]:
        return await self._clients.admin.topics(sorted(names), settings=False) if names else ()

    @asynccontextmanager
    async def _told(
        self, scan_id: int, tally: Tally, on_progress: OnProgress | None
    ) -> AsyncIterator[None]:
        """Tell the progress once a second meanwhile, to the database and to the caller."""

        async def tell() -> None:
            while True:
                await asyncio.sleep(_TELL_SECONDS)
                with suppress(DatabaseUnreachableError):
                    await self._scans.progress(scan_id, tally.progress())
                if on_progress is not None:
                    await on_progress(tally.progress())
                heed_cancellation()

        teller = asyncio.create_task(tell())
        try:
            yield
        finally:
            teller.cancel()
            await asyncio.gather(teller, return_exceptions=True)

    def _wanted(self, topic: Topic) -> bool:
        if topic.internal and not self._options.internal:
            return False
        return not any(re.search(pattern, topic.name) for pattern in self._options.exclude)

    async def _patiently(self, call: Callable[[], Awaitable[Result]]) -> Result:
        return await patiently(call, self._options.patience)


def _placement(topic: Topic) -> Placement:
    return Placement(topic.name, len(topic.partitions), topic.replication)


def _first(error: BaseException) -> BaseException:
    """The error that broke a stage of the pipeline, out of the group that the stages raise."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def _reason(error: BaseException) -> str:
    return str(error) or type(error).__name__
