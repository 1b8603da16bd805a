"""Keeps who reads what as the cluster tells it, and as it was where the cluster does not tell."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass

from core.ownership import OwnerRules
from tools.db.finding import Offsets
from tools.db.findings import FindingRepository
from tools.db.patience import patiently
from tools.discovery.readers import readers_of
from tools.kafka.admin import ConsumerGroups, KafkaAdmin
from tools.kafka.errors import KafkaDeniedError

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Consumers:
    """`patience` is how many seconds a restart of Postgres is waited out."""

    admin: KafkaAdmin
    findings: FindingRepository
    rules: OwnerRules
    patience: float

    async def put(self, offsets: Mapping[str, Offsets]) -> None:
        """Replace the known consumers of these topics, but for groups that could not be asked."""
        try:
            groups = await self.admin.consumer_groups()
        except KafkaDeniedError as error:
            log.warning("the consuming teams stay as they were: %s", error)
            return
        _warn(groups)
        readers = readers_of(groups.offsets, offsets, self.rules)
        kept = frozenset(groups.silent) if groups.complete else None
        await patiently(lambda: self.findings.put_consumers(readers, kept), self.patience)


def _warn(groups: ConsumerGroups) -> None:
    if not groups.complete:
        log.warning("some brokers did not list their consumer groups: none is forgotten")
    for group, why in groups.silent.items():
        log.warning("what the consumer group %s reads stays as it was: %s", group, why)
