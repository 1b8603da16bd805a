"""Looks at how far every topic was written and every consumer group has read."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from core.ownership import OwnerRules
from tools.db.finding import Offsets
from tools.db.sources import SourceRepository
from tools.db.usage import WRITTEN, Seen, UsageLedger
from tools.discovery.readers import readers_of
from tools.kafka.admin import KafkaAdmin
from tools.kafka.errors import KafkaDeniedError

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Observer:
    """Of one cluster; asks for the topics that the catalog knows."""

    admin: KafkaAdmin
    sources: SourceRepository
    ledger: UsageLedger
    rules: OwnerRules
    cluster: str

    async def look(self) -> int:
        """Count what moved since the look before; returns how many topics and readers it saw.

        Raises KafkaFailedError where the cluster is away. A group that could not be asked is
        counted by the next look, over both stretches.
        """
        names = await self.sources.names(self.cluster)
        marks = await self.admin.watermarks(names) if names else {}
        at = datetime.now(UTC)
        offsets = {name: each.offsets for name, each in marks.items() if each.offsets}
        return await self.ledger.observe([*_written(offsets), *await self._read(offsets)], at)

    async def _read(self, offsets: Mapping[str, Offsets]) -> list[Seen]:
        try:
            groups = await self.admin.consumer_groups()
        except KafkaDeniedError as error:
            log.warning("what consumer groups read is not counted: %s", error)
            return []
        return [
            Seen(reader.topic, reader.group, reader.committed, reader.team, reader.lag)
            for reader in readers_of(groups.offsets, offsets, self.rules)
            if reader.group != WRITTEN
        ]


def _written(offsets: Mapping[str, Offsets]) -> list[Seen]:
    return [
        Seen(name, WRITTEN, {partition: high for partition, (_, high) in each.items()})
        for name, each in offsets.items()
    ]
