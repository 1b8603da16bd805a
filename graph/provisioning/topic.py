"""The step `topic`: it is created, or an existing one is changed where the plan says so."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from core.plan import Plan, TopicPlan
from graph.provisioning.step import ClashError, Result, Work
from tools.kafka.admin import KafkaAdmin, TopicState
from tools.kafka.errors import TopicExistsError, TopicNotFoundError

_LOOKS = 20
_LOOK_SECONDS = 0.1

ABSENT = "absent"
"""Noted before the topic is created: it was not there."""


class CreateTopic:
    """Creates the topic. One that was not there when this step began and now stands exactly as
    planned is its own; any other is a clash, and never touched."""

    name = "topic"

    def __init__(self, admin: KafkaAdmin) -> None:
        self._admin = admin

    async def do(self, work: Work) -> Result:
        wanted = work.plan.topic
        found = await self._admin.describe_topic(wanted.name)
        if found is None:
            await work.note({ABSENT: True})
            found = await self._create(wanted)
        elif not work.noted.get(ABSENT):
            raise _clash(wanted)
        if not _as_planned(found, wanted):
            raise _clash(wanted)
        return {
            "topic": wanted.name,
            "topic_id": found.id,
            "partitions": found.partitions,
            "created": True,
        }

    async def undo(self, plan: Plan, result: Result) -> str:
        wanted = plan.topic
        found = await self._admin.describe_topic(wanted.name)
        deleted = f"The topic {wanted.name} was deleted."
        if found is None:
            return deleted if result.get("created") else ""
        if not result.get(ABSENT):
            return ""
        if found.id != result.get("topic_id", found.id) or not _as_planned(found, wanted):
            return f"A topic {wanted.name} that is not of this plan was left alone."
        if await self._admin.is_written(wanted.name):
            return f"The topic {wanted.name} was kept: messages have been written to it."
        with suppress(TopicNotFoundError):
            await self._admin.delete_topic(wanted.name)
        return deleted

    async def _create(self, wanted: TopicPlan) -> TopicState:
        # A request that was cut off may have been carried out: it is then told as existing.
        with suppress(TopicExistsError):
            await self._admin.create_topic(
                wanted.name,
                partitions=wanted.partitions,
                replication=wanted.replication,
                configs=wanted.configs,
            )
        for _ in range(_LOOKS):
            found = await self._admin.describe_topic(wanted.name)
            if found is not None:
                return found
            await asyncio.sleep(_LOOK_SECONDS)
        raise TopicNotFoundError(f"see the topic {wanted.name} after it was created")


class ChangeTopic:
    """Changes the settings that the plan wants otherwise than they were observed, and no others."""

    name = "topic"

    def __init__(self, admin: KafkaAdmin) -> None:
        self._admin = admin

    async def do(self, work: Work) -> Result:
        wanted = work.plan.topic
        found = await self._admin.describe_topic(wanted.name)
        if found is None:
            raise ClashError(f"The topic {wanted.name} no longer exists. Scan the cluster again.")
        changes = _changes(wanted, found)
        more = wanted.partitions > found.partitions
        before = {name: found.own.get(name) for name in changes} | dict(work.noted.get("was", {}))
        if before or more:
            await work.note({"was": before, "topic_id": found.id})
            await self._admin.alter_settings(wanted.name, changes)
        if more:
            await self._admin.add_partitions(wanted.name, wanted.partitions)
        told = {"topic": wanted.name, "topic_id": found.id, "changed": sorted(before)}
        added = work.noted.get("added", 0) + max(0, wanted.partitions - found.partitions)
        return {**told, "partitions": max(wanted.partitions, found.partitions), "added": added}

    async def undo(self, plan: Plan, result: Result) -> str:
        name, was = plan.topic.name, dict(result.get("was", {}))
        found = await self._admin.describe_topic(name) if was else None
        if found is None or found.id != result.get("topic_id"):
            return _stay(name, result)
        await self._admin.alter_settings(name, was)
        told = f"{', '.join(sorted(was))} of the topic {name} was set back."
        return f"{told} {_stay(name, result)}".strip()


def _changes(wanted: TopicPlan, found: TopicState) -> dict[str, str | None]:
    """What is not yet as the plan wants it; None goes back to the cluster's default."""
    made = {k: v for k, v in wanted.changed.items() if found.settings.get(k) != v}
    return made | {name: None for name in wanted.dropped if name in found.own}


def _stay(name: str, result: Result) -> str:
    added = result.get("added")
    return f"{added} partitions that {name} got stay: Kafka takes none away." if added else ""


def _clash(wanted: TopicPlan) -> ClashError:
    return ClashError(
        f"A topic {wanted.name} that is not of this plan exists by now. Promote it, or choose "
        "another name."
    )


def _as_planned(found: TopicState, wanted: TopicPlan) -> bool:
    made = (found.partitions, found.replication)
    return made == (wanted.partitions, wanted.replication) and all(
        _settled(found.settings.get(name, "")) == _settled(value)
        for name, value in wanted.configs.items()
    )


def _settled(value: str) -> list[str]:
    """`compact,delete` is `delete, compact`."""
    return sorted(part.strip() for part in value.split(","))
