"""What need not be read again: topics without news, of themselves and of the registry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from core.decoding.decoded import SchemaRef
from core.source import SourceStatus
from tools.db.finding import Known, Offsets
from tools.registry.client import Registry


async def unmoved(known: Mapping[str, Known], registry: Registry | None) -> dict[str, Offsets]:
    """The offsets up to which topics were read well.

    Missing are topics that failed, and those that name a schema which the registry lacked then and
    has now.
    """
    found = await _registered(known.values(), registry)
    return {
        name: topic.offsets
        for name, topic in known.items()
        if topic.status is SourceStatus.PRESENT and not topic.failed and not topic.unknown & found
    }


async def _registered(topics: Iterable[Known], registry: Registry | None) -> frozenset[SchemaRef]:
    """Of the schemas that the registry lacked, those that it has; none where it is silent."""
    missed = frozenset[SchemaRef]().union(*(topic.unknown for topic in topics))
    if registry is None or not missed:
        return frozenset()
    answers = await registry.schemas(missed)
    return frozenset(ref for ref, schema in answers.items() if schema and not schema.problem)
