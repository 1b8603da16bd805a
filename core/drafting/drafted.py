"""What a draft is made of besides the description, and what it is in the end."""

from __future__ import annotations

from dataclasses import dataclass, field

from pydantic import BaseModel, ConfigDict

from core.plan import Note, ProductPlan, SchemaPlan, TopicPlan
from core.quality.rule import QualityRule
from core.schema.model import Schema
from core.topic_naming import TopicNaming


@dataclass(frozen=True, slots=True)
class KnownSchema:
    """A source of the catalog that is close to the description; `score` is 0 to 1."""

    name: str
    score: float
    schema: Schema


@dataclass(frozen=True, slots=True)
class DraftContext:
    """What is known of the cluster and its catalog. The defaults draft without any of it.

    `closest` are sources, best first. `replication` is the cluster's default; where it is None
    the brokers decide.
    """

    cluster: str = "default"
    brokers: int = 1
    replication: int | None = None
    naming: TopicNaming = field(default_factory=TopicNaming)
    closest: tuple[KnownSchema, ...] = ()


class Draft(BaseModel):
    """All of a plan but its cost, what is related, and an id that nobody else has."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    product: ProductPlan
    topic: TopicPlan
    schema_plan: SchemaPlan
    rules: tuple[QualityRule, ...] = ()
    latency_ms: int | None = None
    throughput: float | None = None
    inputs: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
    risks: tuple[str, ...] = ()
