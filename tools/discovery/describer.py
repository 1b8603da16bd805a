"""Who writes a source's description: rules, or a model where one is configured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from core.description import describe
from core.report import SampleReport
from core.schema.model import Schema
from core.source import Description


@dataclass(frozen=True, slots=True)
class Undescribed:
    """What may be said of a topic: names, the schema and counts; never a value of a message."""

    topic: str
    schema: Schema | None
    report: SampleReport


class Describer(Protocol):
    """Writes one sentence per topic, in the given order; must not fail for a single topic."""

    async def describe(self, topics: tuple[Undescribed, ...]) -> tuple[Description, ...]: ...


class RuleDescriber:
    """Descriptions by `core.description`, or the registered schema's own words."""

    async def describe(self, topics: tuple[Undescribed, ...]) -> tuple[Description, ...]:
        return tuple(describe(topic.topic, topic.schema, topic.report) for topic in topics)
