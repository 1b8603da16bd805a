"""The step `schema`: the subject has its compatibility level and the plan's schema."""

from __future__ import annotations

import json

from core.decoding.registered import SchemaKind
from core.plan import Plan, PlanKind, SchemaPlan
from core.schema import avro_writer, json_schema_writer
from graph.provisioning.step import ClashError, Result, Work
from tools.kafka.admin import KafkaAdmin
from tools.kafka.errors import TopicNotFoundError
from tools.registry.client import Registry
from tools.registry.errors import SubjectNotFoundError
from tools.registry.version import RegisteredVersion

_KINDS = {"avro": SchemaKind.AVRO, "json-schema": SchemaKind.JSON_SCHEMA}


class RegisterSchema:
    """Sets the level and registers the schema; a version that was there before stays another's."""

    name = "schema"

    def __init__(self, registry: Registry | None, admin: KafkaAdmin) -> None:
        self._registry = registry
        self._admin = admin

    @property
    def registry(self) -> Registry:
        """Raises ClashError where none is configured; `check` has said so before."""
        if self._registry is None:
            raise ClashError("No Schema Registry is configured. Set HEADWATER_SCHEMA_REGISTRY.")
        return self._registry

    async def do(self, work: Work) -> Result:
        wanted = work.plan.schema_plan
        before = work.noted if "versions" in work.noted else await self._look(work)
        if work.plan.kind is PlanKind.CREATE and before["versions"]:
            raise ClashError(
                f"The subject {wanted.subject} got schemas by someone else meanwhile. Choose "
                "another name."
            )
        await self._set_level(work.plan)
        made = await self._registered(wanted)
        return {
            "subject": wanted.subject,
            "schema_id": made.id,
            "version": made.version,
            "compatibility": wanted.compatibility.value,
            "created": made.version not in before["versions"],
        }

    async def undo(self, plan: Plan, result: Result) -> str:
        if "versions" not in result:
            return ""
        wanted = plan.schema_plan
        if wanted.version is not None:
            return await self._level_back(wanted, result)
        made = await self.registry.version_of(wanted.subject, *_definition(wanted))
        if made is None or made.version in result["versions"]:
            level = await self._level_back(wanted, result)
            return _deleted(wanted, result["version"]) if result.get("created") else level
        if plan.kind is PlanKind.CREATE and await self._is_written(plan.topic.name):
            return (
                f"The schema of {wanted.subject} was kept: messages that need it have been written."
            )
        await self._delete(wanted.subject, made.version)
        await self._level_back(wanted, result)
        return _deleted(wanted, made.version)

    async def _look(self, work: Work) -> Result:
        subject = work.plan.schema_plan.subject
        versions = await self._versions(subject)
        level = await self.registry.compatibility(subject) if versions else None
        before = {"versions": versions, "level": level}
        await work.note(before)
        return before

    async def _set_level(self, plan: Plan) -> None:
        """A new subject gets a level of its own; one that exists only where it has another."""
        subject, level = plan.schema_plan.subject, plan.schema_plan.compatibility.value
        if plan.kind is PlanKind.CREATE or level != await self.registry.compatibility(subject):
            await self.registry.set_compatibility(level, subject)

    async def _registered(self, wanted: SchemaPlan) -> RegisteredVersion:
        if wanted.version is not None:
            return await self._standing(wanted.subject, wanted.version)
        text, kind = _definition(wanted)
        found = await self.registry.version_of(wanted.subject, text, kind)
        if found is None:
            await self.registry.register_schema(wanted.subject, text, kind)
            found = await self.registry.version_of(wanted.subject, text, kind)
        if found is None:
            raise SubjectNotFoundError(wanted.subject)
        return found

    async def _standing(self, subject: str, version: int) -> RegisteredVersion:
        try:
            return await self.registry.version(subject, version)
        except SubjectNotFoundError as error:
            raise ClashError(
                f"The subject {subject} no longer has version {version}. Promote the topic again."
            ) from error

    async def _versions(self, subject: str) -> list[int]:
        try:
            return list(await self.registry.versions(subject))
        except SubjectNotFoundError:
            return []

    async def _delete(self, subject: str, version: int) -> None:
        if await self._versions(subject) == [version]:
            await self.registry.delete_subject(subject)
        else:
            await self.registry.delete_version(subject, version)

    async def _level_back(self, wanted: SchemaPlan, result: Result) -> str:
        """The level of before; where it was the one for all, the subject gets no own one."""
        level, subject = result.get("level"), wanted.subject
        if level == wanted.compatibility.value:
            return ""
        if level in (None, await self.registry.compatibility()):
            await self.registry.reset_compatibility(subject)
        else:
            await self.registry.set_compatibility(str(level), subject)
        return f"The compatibility level of {subject} was set back." if level else ""

    async def _is_written(self, topic: str) -> bool:
        try:
            return await self._admin.is_written(topic)
        except TopicNotFoundError:
            return False


def _deleted(wanted: SchemaPlan, version: int) -> str:
    return f"Version {version} of the subject {wanted.subject} was deleted."


def _definition(wanted: SchemaPlan) -> tuple[str, SchemaKind]:
    """The schema's text as it is registered, the same at each call."""
    kind = _KINDS[wanted.format]
    writer = avro_writer if kind is SchemaKind.AVRO else json_schema_writer
    return json.dumps(writer.write(wanted.value)), kind
