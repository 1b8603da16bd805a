"""Registers the fleet's schemas and remembers the ids that the registry gave out."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import httpx
from confluent_kafka.schema_registry import Schema, SchemaRegistryClient
from confluent_kafka.schema_registry.error import SchemaRegistryError

from server.demo.topic import Topic
from server.demo.wire.schema import SchemaKey, SchemaText, schemas_of


class DemoRegistryError(Exception):
    """The registry did not take the demo's schemas."""

    def __init__(self, url: str, reason: object) -> None:
        super().__init__(
            f"The Schema Registry at {url} did not take the demo's schemas: {reason}. Check that "
            "it runs, or give another one with --schema-registry."
        )


@dataclass(frozen=True, slots=True)
class Registration:
    """`ids` by topic; the `fresh` topics had a subject that the registry did not know before."""

    ids: Mapping[str, Mapping[SchemaKey, int]]
    fresh: frozenset[str]


async def register_schemas(url: str, topics: Sequence[Topic]) -> Registration:
    """Every version of every schema, oldest first; what is there already keeps its id."""
    client = SchemaRegistryClient({"url": url, "timeout": 30})
    with _translated(url):
        known = set(await asyncio.to_thread(client.get_subjects))
        tasks = [asyncio.to_thread(_register, client, topic) for topic in topics]
        registered = [await task for task in tasks]
    ids = {topic.name: found for topic, found in zip(topics, registered, strict=True)}
    fresh = [topic.name for topic in topics if _subjects(topic) - known]
    return Registration(ids, frozenset(fresh))


def _subjects(topic: Topic) -> set[str]:
    return {schema.subject for schema in schemas_of(topic)}


def _register(client: SchemaRegistryClient, topic: Topic) -> dict[SchemaKey, int]:
    return {
        schema.key: client.register_schema(schema.subject, _vendor(schema))
        for schema in schemas_of(topic)
    }


def _vendor(schema: SchemaText) -> Schema:
    return Schema(schema.text, schema.kind)


@contextmanager
def _translated(url: str) -> Iterator[None]:
    try:
        yield
    except (SchemaRegistryError, httpx.HTTPError) as error:
        raise DemoRegistryError(url, error) from error
