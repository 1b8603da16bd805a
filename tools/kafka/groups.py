"""What consumer groups have committed, and which of them could not say."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from confluent_kafka import ConsumerGroupTopicPartitions

from tools.kafka.errors import GroupNotFoundError, KafkaFailedError, is_passing
from tools.kafka.request import AdminRequests

_AT_ONCE = 100
_ROUNDS = 6
_PAUSE_SECONDS = 0.5
"""A coordinator that moves is back within some seconds."""


@dataclass(frozen=True, slots=True)
class GroupOffset:
    """Where a consumer group stands on a partition: `committed` is the next offset it will read."""

    group: str
    state: str
    topic: str
    partition: int
    committed: int


@dataclass(frozen=True, slots=True)
class ConsumerGroups:
    """A group without commits is in neither part.

    `silent` are groups that exist and whose commits could not be read, with the reason. Where
    `complete` is false some brokers did not list theirs: a group that is missing may exist.
    """

    offsets: tuple[GroupOffset, ...] = ()
    silent: Mapping[str, KafkaFailedError] = field(default_factory=dict)
    complete: bool = True


class GroupReader:
    """Reads all groups of a cluster; what fails for a moment is asked again for some seconds."""

    def __init__(self, requests: AdminRequests, pause: float = _PAUSE_SECONDS) -> None:
        self._requests = requests
        self._pause = pause

    async def read(self) -> ConsumerGroups:
        """Raises KafkaFailedError where no group could be listed at all."""
        states, complete = await self._states()
        offsets: list[GroupOffset] = []
        silent: dict[str, KafkaFailedError] = {}
        groups = sorted(states)
        for start in range(0, len(groups), _AT_ONCE):
            found, errors = await self._patiently(groups[start : start + _AT_ONCE])
            offsets += [
                GroupOffset(group, states[group], place.topic, place.partition, place.offset)
                for group, answer in found.items()
                for place in answer.topic_partitions
                if place.offset >= 0
            ]
            silent |= errors
        return ConsumerGroups(tuple(offsets), silent, complete)

    async def _states(self) -> tuple[dict[str, str], bool]:
        """The state of each group, and whether every broker has listed its own."""
        what, timeout = "list the consumer groups", self._requests.timeout
        ask = lambda: [self._requests.client.list_consumer_groups(request_timeout=timeout)]  # noqa: E731
        for left in reversed(range(_ROUNDS)):
            (listing,) = await self._requests.all(what, ask)
            errors = [self._requests.translated(error, what) for error in listing.errors]
            if not left or not any(map(is_passing, errors)):
                break
            await asyncio.sleep(self._pause)
        states = {group.group_id: group.state.name.lower() for group in listing.valid}
        if errors and not states:
            raise errors[0]
        return states, not errors

    async def _patiently(
        self, groups: Sequence[str]
    ) -> tuple[dict[str, Any], dict[str, KafkaFailedError]]:
        """What these groups committed, and the errors that last; a group that is gone has none."""
        found, errors = await self._commits(groups)
        for _ in range(_ROUNDS - 1):
            passing = [group for group, error in errors.items() if is_passing(error)]
            if not passing:
                break
            await asyncio.sleep(self._pause)
            again, still = await self._commits(passing)
            found |= again
            errors = {g: e for g, e in errors.items() if g not in passing} | still
        return found, errors

    async def _commits(
        self, groups: Sequence[str]
    ) -> tuple[dict[str, Any], dict[str, KafkaFailedError]]:
        what = "read committed offsets"
        found, errors = await self._requests.each(what, lambda: self._ask(groups))
        for group in list(found):
            places = found[group].topic_partitions
            if failures := [place.error for place in places if place.error is not None]:
                del found[group]
                errors[group] = self._requests.translated(failures[0], what)
        return found, {g: e for g, e in errors.items() if not isinstance(e, GroupNotFoundError)}

    def _ask(self, groups: Sequence[str]) -> dict[str, Any]:
        ask, timeout = self._requests.client.list_consumer_group_offsets, self._requests.timeout
        return {
            group: ask([ConsumerGroupTopicPartitions(group)], request_timeout=timeout)[group]
            for group in groups
        }
