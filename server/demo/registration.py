"""Registers the fleet's schemas and remembers the ids that the registry gave out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from server.demo.topic import Topic
from server.demo.wire.schema import SchemaKey, SchemaText, schemas_of, shared_schemas_of
from tools.registry.client import Registry
from tools.registry.version import Reference

_TIMEOUT_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Registration:
    """`ids` by topic; the `fresh` topics had a subject that the registry did not know before."""

    ids: Mapping[str, Mapping[SchemaKey, int]]
    fresh: frozenset[str]


async def register_schemas(url: str, topics: Sequence[Topic]) -> Registration:
    """Every version of every schema, oldest first; what is there already keeps its id.

    One after the other, so that an empty registry always gives the same ids. Raises
    RegistryFailedError.
    """
    registry = Registry(url, timeout=_TIMEOUT_SECONDS)
    try:
        known = set(await registry.subjects())
        ids = {topic.name: await _register(registry, topic) for topic in topics}
    finally:
        await registry.close()
    fresh = [topic.name for topic in topics if _subjects(topic) - known]
    return Registration(ids, frozenset(fresh))


async def register_newest(url: str, topic: Topic, event: str) -> int:
    """The id of the newest schema of one event, registered if need be.

    Raises RegistryFailedError, and IncompatibleSchemaError where the subject's level forbids it.
    """
    schema = [schema for schema in schemas_of(topic) if schema.key[0] == event][-1]
    registry = Registry(url, timeout=_TIMEOUT_SECONDS)
    try:
        return await _put(registry, schema)
    finally:
        await registry.close()


def _subjects(topic: Topic) -> set[str]:
    return {schema.subject for schema in schemas_of(topic)}


async def _register(registry: Registry, topic: Topic) -> dict[SchemaKey, int]:
    for shared in shared_schemas_of(topic):
        await _put(registry, shared)
    return {schema.key: await _put(registry, schema) for schema in schemas_of(topic)}


async def _put(registry: Registry, schema: SchemaText) -> int:
    references = [Reference(name, name, 1) for name in schema.references]
    return await registry.register_schema(schema.subject, schema.text, schema.kind, references)
