"""A bridge with its clients, opened from the settings."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import orjson

from core.consolidation import Consolidation
from core.consolidation_plan import key_of
from core.decoding.column import Schemas
from core.decoding.decoded import SchemaRef
from core.schema.model import Schema
from server.settings import Settings
from tools.bridge.bridge import Bridge
from tools.bridge.job import BridgeJob
from tools.kafka.connection import KafkaConnection
from tools.registry.client import Registry
from tools.registry.version import RegisteredVersion


class NotProvisionedError(Exception):
    """The unified topic is not there yet."""

    def __init__(self, made: Consolidation) -> None:
        waits = (
            f"Its plan is {made.approval_id}: `headwater approvals show {made.approval_id}`."
            if made.approval_id
            else "Ask for it: `headwater consolidate "
            f"{' '.join(source.name for source in made.current)} --owner TEAM`."
        )
        super().__init__(
            f"The registry has no schema of {made.unified.topic} yet: it becomes a product first, "
            f"by approval. {waits}"
        )


class SchemaChangedError(Exception):
    """The unified schema of the registry is another one than the mappings lead to."""

    def __init__(self, made: Consolidation, version: int) -> None:
        super().__init__(
            f"Version {version} of {made.unified.topic}-value is not the schema of consolidation "
            f"{made.id}: its plan was modified, or the schema went on. Work the consolidation out "
            "again with `headwater consolidate`, and bridge that one."
        )


@contextmanager
def open_bridge(settings: Settings, made: Consolidation, worker: int) -> Iterator[Bridge]:
    """Raises NotProvisionedError, SchemaChangedError and RegistryFailedError.

    The bridge works in one thread; the registry is asked through a loop of its own beside it.
    """
    with asyncio.Runner() as runner:
        registry = runner.run(_registry(settings))
        try:
            version = runner.run(registry.latest_version(f"{made.unified.topic}-value"))
            job = _job(made, version)

            def schemas_of(refs: frozenset[SchemaRef]) -> Schemas:
                return runner.run(registry.schemas(refs))

            connection = KafkaConnection(str(settings.bootstrap_servers), settings.kafka_config)
            yield Bridge(connection, job, schemas_of, worker=worker)
        finally:
            runner.run(registry.close())


async def _registry(settings: Settings) -> Registry:
    """Made within the loop that it belongs to."""
    return Registry(str(settings.schema_registry))


def _job(made: Consolidation, version: RegisteredVersion | None) -> BridgeJob:
    if version is None:
        raise NotProvisionedError(made)
    registered = orjson.loads(version.text)
    if _shape(registered) != _shape(made.unified.avro):
        raise SchemaChangedError(made, version.version)
    tree: Schema = made.unified.tree
    return BridgeJob(
        id=made.id,
        mappings={mapping.source: mapping for mapping in made.mappings},
        target=made.unified.topic,
        tree=tree,
        avro=made.unified.avro,
        schema_id=version.id,
        key=key_of(made, tree),
    )


def _shape(avro: object) -> object:
    """What decides on the bytes: names of fields, types and their order, without any docs."""
    if isinstance(avro, list):
        return [_shape(one) for one in avro]
    if not isinstance(avro, dict):
        return avro
    kept = ("type", "fields", "items", "values", "symbols", "size", "logicalType")
    named = {"name": avro["name"]} if "name" in avro and avro.get("type") != "record" else {}
    return {**named, **{key: _shape(avro[key]) for key in kept if key in avro}}
