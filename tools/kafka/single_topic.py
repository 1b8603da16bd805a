"""One topic: how it stands, and changes of its settings."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from confluent_kafka import TopicCollection, TopicPartition
from confluent_kafka.admin._config import AlterConfigOpType, ConfigEntry, ConfigResource
from confluent_kafka.admin._listoffsets import OffsetSpec
from confluent_kafka.admin._topic import TopicDescription

from tools.kafka.errors import KafkaFailedError, TopicNotFoundError, is_passing
from tools.kafka.request import AdminRequests
from tools.kafka.topic import INTERNAL, TopicState

_TRIES = 10
_PAUSE_SECONDS = 0.2

_OWN = 1
"""The source of a setting that was made on the topic: DYNAMIC_TOPIC_CONFIG."""


class SingleTopic:
    """Asks and changes the topic of this name."""

    def __init__(self, requests: AdminRequests, name: str) -> None:
        self._requests = requests
        self._name = name

    async def state(self) -> TopicState | None:
        """As it stands now, or None where the cluster has no such topic."""
        try:
            found = await self._description()
            entries = await self._settings()
        except TopicNotFoundError:
            return None
        known = {name: entry for name, entry in entries.items() if entry.value is not None}
        return TopicState(
            self._name,
            str(found.topic_id),
            len(found.partitions),
            max(len(partition.replicas) for partition in found.partitions),
            bool(found.is_internal) or self._name in INTERNAL,
            {name: str(entry.value) for name, entry in known.items()},
            {name: str(entry.value) for name, entry in known.items() if _is_own(entry)},
        )

    async def written(self) -> bool:
        """Whether anything was ever written to it; asks again while its leaders change."""
        for _ in range(_TRIES):
            try:
                return any(end > 0 for end in await self._ends(await self._description()))
            except KafkaFailedError as error:
                if isinstance(error, TopicNotFoundError) or not is_passing(error):
                    raise
                last = error
            await asyncio.sleep(_PAUSE_SECONDS)
        raise last

    async def alter(self, changes: Mapping[str, str | None]) -> None:
        if not changes:
            return
        entries = [_change(name, value) for name, value in changes.items()]
        resource = ConfigResource(
            ConfigResource.Type.TOPIC, self._name, incremental_configs=entries
        )
        await self._all(
            f"change settings of the topic {self._name}",
            lambda: self._requests.client.incremental_alter_configs(
                [resource], request_timeout=self._requests.timeout
            ),
        )

    async def _description(self) -> TopicDescription:
        asked = TopicCollection([self._name])
        found: TopicDescription
        (found,) = await self._all(
            f"describe the topic {self._name}",
            lambda: self._requests.client.describe_topics(
                asked, request_timeout=self._requests.timeout
            ),
        )
        return found

    async def _settings(self) -> dict[str, ConfigEntry]:
        resource = ConfigResource(ConfigResource.Type.TOPIC, self._name)
        (found,) = await self._all(
            f"read settings of the topic {self._name}",
            lambda: self._requests.client.describe_configs(
                [resource], request_timeout=self._requests.timeout
            ),
        )
        return dict(found)

    async def _ends(self, found: TopicDescription) -> list[int]:
        """Where each partition ends, open transactions included."""
        latest: OffsetSpec = OffsetSpec.latest()  # type: ignore[no-untyped-call]
        places = {TopicPartition(self._name, each.id): latest for each in found.partitions}
        ends = await self._all(
            f"read offsets of the topic {self._name}",
            lambda: self._requests.client.list_offsets(
                places, request_timeout=self._requests.timeout
            ),
        )
        return [end.offset for end in ends]

    async def _all(self, what: str, ask: Any) -> list[Any]:
        return await self._requests.all(what, lambda: ask().values())


def _is_own(entry: ConfigEntry) -> bool:
    return int(entry.source) == _OWN  # type: ignore[call-overload, no-any-return]


def _change(name: str, value: str | None) -> ConfigEntry:
    operation = AlterConfigOpType.DELETE if value is None else AlterConfigOpType.SET
    return ConfigEntry(name, value, incremental_operation=operation)
