"""A consolidation: what several sources are, the one that they would become, and the proof."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from core.comparison import Comparison
from core.plan import SchemaDocument
from core.recommendations.recommendation import Figure
from core.unify.mapping import Mapping
from core.unify.replay import Replay


class CurrentSource(BaseModel):
    """A source as it is. `messages` are retained, `mean_bytes` is of the sampled ones, and
    `stored_bytes` are on all replicas."""

    model_config = ConfigDict(frozen=True)
    name: str
    owner: str | None
    product: str | None
    format: str
    fields: int
    teams: tuple[str, ...]
    groups: tuple[str, ...]
    messages: int
    mean_bytes: float
    stored_bytes: float
    registered: bool


class UnifiedField(BaseModel):
    """A field of the unified schema, by path, with the path that it has in each source.

    `differs` says what the sources have in other forms, and `kinds` what each has.
    """

    model_config = ConfigDict(frozen=True)
    path: str
    kinds: tuple[str, ...]
    optional: bool
    sources: dict[str, str]
    forms: dict[str, str]
    differs: str = ""


class MigrationStep(BaseModel):
    """What one team does, and how it goes back."""

    model_config = ConfigDict(frozen=True)
    who: str
    do: str
    rollback: str


class Unification(BaseModel):
    """The one schema: as a tree, as Avro and as JSON Schema, with each field's provenance."""

    model_config = ConfigDict(frozen=True)
    topic: str
    tree: SchemaDocument
    avro: dict[str, Any]
    json_schema: dict[str, Any]
    fields: tuple[UnifiedField, ...]


class Consolidation(BaseModel):
    """`verdict` is the registry's, on whether readers of a registered source's schema could read
    the unified one."""

    model_config = ConfigDict(frozen=True)
    id: str
    cluster: str
    requested_by: str
    created_at: datetime
    approval_id: str | None = None
    current: tuple[CurrentSource, ...] = Field(min_length=2)
    comparisons: tuple[Comparison, ...]
    unified: Unification
    mappings: tuple[Mapping, ...]
    replays: tuple[Replay, ...]
    verdict: str
    benefits: tuple[Figure, ...]
    steps: tuple[MigrationStep, ...]

    @property
    def name(self) -> str:
        return " and ".join(source.name for source in self.current)
