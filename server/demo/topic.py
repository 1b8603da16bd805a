"""What a demo topic is: its events, its writing, its faults; and the products that topics serve."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from core.product import Lifecycle
from server.demo.defect import Defects
from server.demo.field import Field, Moment, newest_version

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
COMPACT: Mapping[str, str] = {"cleanup.policy": "compact", "min.compaction.lag.ms": str(3 * DAY_MS)}

FLAWLESS = Defects()

Headers = list[tuple[str, str | bytes | None]]


class Writing(StrEnum):
    """How a topic's values are written; those named `registered` carry a schema id."""

    JSON = "json"
    REGISTERED_AVRO = "registered avro"
    REGISTERED_PROTOBUF = "registered protobuf"
    REGISTERED_JSON = "registered json schema"
    RAW_AVRO = "raw avro"
    AVRO_CONTAINER = "avro container"
    CSV = "csv"
    TEXT = "text"

    @property
    def registered(self) -> bool:
        return self.value.startswith("registered")


class Naming(StrEnum):
    """Confluent's three subject name strategies."""

    TOPIC = "TopicNameStrategy"
    RECORD = "RecordNameStrategy"
    TOPIC_RECORD = "TopicRecordNameStrategy"


@dataclass(frozen=True, slots=True)
class Event:
    """One kind of record; `name` names its schema, `weight` is its share among its siblings."""

    name: str
    fields: Mapping[str, Field]
    weight: float = 1.0
    doc: str = ""

    @property
    def versions(self) -> int:
        return newest_version(self.fields)


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic of the fleet. `about` names the crowd of the world that its messages speak of.

    `hours` is how far back its story begins; `tombstones` a share of the messages; `namespace` the
    registered records' own. `count` is at scale 1; an empty topic has none.
    """

    name: str
    writing: Writing
    about: str
    events: tuple[Event, ...]
    count: int
    key: Field | None = None
    headers: Callable[[Moment, str], Headers] | None = None
    naming: Naming = Naming.TOPIC
    namespace: str = "com.halden"
    defects: Defects = FLAWLESS
    tombstones: float = 0.0
    hours: float = 72.0
    partitions: int = 3
    config: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ProductPlan:
    """A managed data product before it is stored; `owner` is a team's short name."""

    id: str
    name: str
    description: str
    owner: str
    topics: tuple[str, ...]
    tags: tuple[str, ...] = ()
    version: str = "1.0.0"
    lifecycle: Lifecycle = Lifecycle.ACTIVE


@dataclass(frozen=True, slots=True)
class Domain:
    """One business domain; its topics that no product names are unmanaged."""

    name: str
    topics: tuple[Topic, ...]
    products: tuple[ProductPlan, ...]


def retained(days: float) -> Mapping[str, str]:
    """Topic configuration that keeps messages for so many days."""
    return {"retention.ms": str(int(days * DAY_MS))}


def event(name: str, doc: str = "", weight: float = 1.0, /, **fields: Field) -> Event:
    """An event with its fields by name; what else it takes is positional, so no name is taken."""
    return Event(name, fields, weight, doc)
