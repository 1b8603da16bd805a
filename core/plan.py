"""A plan: all that a decision brings into being, complete before anyone is asked to decide."""

from __future__ import annotations

import hashlib
import json
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, PlainValidator, model_validator

from core.access import Access
from core.cost.estimate import CostEstimate
from core.grant import GrantPlan
from core.quality.rule import QualityRule
from core.schema.document import from_document, to_document
from core.schema.model import Schema

FOREVER = -1
"""Retention without an end."""


def _schema(value: Any) -> Schema:
    return value if isinstance(value, Schema) else from_document(value)


SchemaDocument = Annotated[
    Schema,
    PlainValidator(_schema, json_schema_input_type=dict[str, Any]),
    PlainSerializer(to_document, return_type=dict[str, Any]),
]
"""A schema that is kept and sent as the document of `core.schema.document`."""


class PlanKind(StrEnum):
    CREATE = "create"
    """A new topic with a new product."""
    PROMOTE = "promote"
    """A product for a topic that exists; nothing of the topic changes but what the plan says."""
    ACCESS = "access"
    """A team may use a product for a while; all else of the plan is as it stands."""


class CleanupPolicy(StrEnum):
    DELETE = "delete"
    COMPACT = "compact"
    COMPACT_DELETE = "compact,delete"


class Compatibility(StrEnum):
    """The registry's compatibility levels."""

    NONE = "NONE"
    BACKWARD = "BACKWARD"
    BACKWARD_TRANSITIVE = "BACKWARD_TRANSITIVE"
    FORWARD = "FORWARD"
    FORWARD_TRANSITIVE = "FORWARD_TRANSITIVE"
    FULL = "FULL"
    FULL_TRANSITIVE = "FULL_TRANSITIVE"


class TopicPlan(BaseModel):
    """`retention_ms` is FOREVER or positive; `settings` are further configs by Kafka names.

    `observed` are the configs of a topic that existed when its promotion was planned.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    cluster: str = "default"
    name: str = Field(pattern=r"^[A-Za-z0-9._-]{1,249}$")
    partitions: int = Field(ge=1, le=10_000)
    replication: int = Field(ge=1, le=32)
    retention_ms: int = Field(ge=FOREVER)
    cleanup: CleanupPolicy = CleanupPolicy.DELETE
    settings: dict[str, str] = Field(default_factory=dict)
    observed: dict[str, str] = Field(default_factory=dict)

    @property
    def changed(self) -> dict[str, str]:
        """The configs that the plan wants otherwise than they were observed."""
        return {k: v for k, v in self.configs.items() if self.observed.get(k) != v}

    @property
    def dropped(self) -> tuple[str, ...]:
        """The configs that were observed and that the plan leaves to the cluster's default."""
        return tuple(sorted(self.observed.keys() - self.configs.keys()))

    @property
    def configs(self) -> dict[str, str]:
        """All topic configs as Kafka takes them."""
        own = {"retention.ms": str(self.retention_ms), "cleanup.policy": self.cleanup.value}
        return {**self.settings, **own}


class SchemaPlan(BaseModel):
    """The value's schema, and under which subject it is registered (as Avro, unless `format`).

    `version` names one that the subject has already and that is taken as it is: nothing is
    registered then. Protobuf is only taken so, since nothing here writes it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    subject: str
    compatibility: Compatibility
    value: SchemaDocument
    format: str = Field(default="avro", pattern="^(avro|json-schema|protobuf)$")
    version: int | None = Field(default=None, ge=1)
    framed: bool = True
    """Whether messages carry the schema's id; those of a promoted topic may be plain JSON."""
    key: str | None = None
    """Path of the field whose value is the message's key."""
    event_time: str | None = None
    """Path of the field that says when it happened."""
    sensitive: tuple[str, ...] = ()
    """Paths of personal or otherwise confidential fields."""

    @property
    def value_format(self) -> str:
        """How the messages' values are written: avro, json-schema, protobuf or plain json."""
        plain = self.format == "json-schema" and not self.framed
        return "json" if plain else self.format

    @model_validator(mode="after")
    def _writable(self) -> SchemaPlan:
        if self.format == "protobuf" and self.version is None:
            raise ValueError("a Protobuf schema cannot be registered; name a version that there is")
        return self


class ProductPlan(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")
    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,99}$")
    name: str = Field(min_length=1, max_length=200)
    description: str = Field(min_length=1, max_length=4_000)
    owner: str = Field(pattern=r"^(group|user):[a-z0-9_-]+/[A-Za-z0-9._-]{1,63}$")
    domain: str = Field(min_length=1, max_length=63)
    tags: tuple[str, ...] = ()


class Related(BaseModel):
    """A source that exists already, measured against what is wanted.

    `covered` is the share of the wanted fields that the source has by name and type; `missing`
    names the others. Fields that the draft added by itself count only where the text names none.
    `inputs` of the plan's lineage are those that the draft builds on.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    source: str
    kind: str
    owner: str | None = None
    product: str | None = None
    score: float
    covered: float = Field(ge=0, le=1)
    has: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


class Note(BaseModel):
    """Why something in the plan is as it is: `about` is a path in the plan, `because` in words.

    `given` is true where the description says so, false where it was inferred or assumed.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    about: str
    because: str
    given: bool = False


class Plan(BaseModel):
    """Everything that provisioning does and nothing more; its hash is what is decided on."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    kind: PlanKind
    product: ProductPlan
    topic: TopicPlan
    schema_plan: SchemaPlan
    rules: tuple[QualityRule, ...] = ()
    access: tuple[Access, ...] = ()
    """Who gets what on the topic; that of a topic which exists stays as it is."""
    grant: GrantPlan | None = None
    """Who gets to use the product, and until when; a plan of kind `access` has one."""
    latency_ms: int | None = Field(default=None, gt=0)
    """How soon after the event consumers need it."""
    throughput: float | None = Field(default=None, ge=0)
    """Messages per second that partitions and cost were computed for."""
    cost: CostEstimate | None = None
    related: tuple[Related, ...] = ()
    inputs: tuple[str, ...] = ()
    """Topics that this product is made from."""
    notes: tuple[Note, ...] = ()
    risks: tuple[str, ...] = ()
    written_by: str = "offline"
    """The model that drafted it."""

    @model_validator(mode="after")
    def _grants_access(self) -> Plan:
        if (self.kind is PlanKind.ACCESS) != (self.grant is not None):
            raise ValueError("a plan of kind access has a grant, and others have none")
        return self

    @property
    def hash(self) -> str:
        """SHA-256 over all of it; two plans with one hash bring about the same.

        Plans that were decided on before there was any access have none in their hash.
        """
        left_out = {name for name in ("access", "grant") if not getattr(self, name)}
        document = _canonical(self.model_dump(mode="json", exclude=left_out))
        canonical = json.dumps(document, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()


def _canonical(value: Any) -> Any:
    """Whole floats as integers: Postgres gives `1e16` back as `10000000000000000`."""
    if isinstance(value, dict):
        return {name: _canonical(member) for name, member in value.items()}
    if isinstance(value, list | tuple):
        return [_canonical(member) for member in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value
