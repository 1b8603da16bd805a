"""A recommendation and its life."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field


class RecommendationKind(StrEnum):
    CONSOLIDATE = "consolidate"
    """The same thing twice: make one of them."""
    USE_MANAGED = "use_managed"
    """A managed product has most of it already."""
    PROMOTE = "promote"
    """Worth governing: read by several teams, and well-formed."""
    GOVERN = "govern"
    """Read by somebody, without a schema or an owner."""
    QUALITY = "quality"
    """Messages that cannot be read, or are not what the others are."""
    RETIRE = "retire"
    """Nothing is written to it, and nobody reads it."""


class RecommendationStatus(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    DISMISSED = "dismissed"
    """It does not come back while its facts are the same."""
    DONE = "done"
    """What it was about is no longer so."""


class Level(StrEnum):
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Rating(BaseModel):
    """How much, and what that rests on."""

    model_config = ConfigDict(frozen=True)
    level: Level
    why: str


class Figure(BaseModel):
    """A measured number with its unit; `formula` in words, `inputs` as shown."""

    model_config = ConfigDict(frozen=True)
    name: str
    value: int | float
    unit: str
    formula: str
    inputs: dict[str, str] = {}


class Proposal(BaseModel):
    """A recommendation as the facts make it.

    `sources` are what it is about, `instead` the source to use in their place. `gist` is what must
    change for a dismissed one to come back: the facts, coarsely.
    """

    model_config = ConfigDict(frozen=True)
    kind: RecommendationKind
    sources: tuple[str, ...] = Field(min_length=1)
    instead: str | None = None
    title: str
    evidence: tuple[str, ...]
    benefits: tuple[Figure, ...] = ()
    effort: Rating
    risk: Rating
    gist: tuple[str, ...]

    @property
    def subject(self) -> str:
        """The same for the same advice about the same sources, whatever the figures."""
        return "|".join((self.kind.value, *sorted(self.sources), self.instead or ""))


class Recommendation(BaseModel):
    """A proposal with its life; `reason` is why it was dismissed, or a comment."""

    model_config = ConfigDict(frozen=True)
    id: int
    cluster: str
    status: RecommendationStatus
    proposal: Proposal
    opened_at: datetime
    updated_at: datetime
    decided_by: str | None = None
    decided_at: datetime | None = None
    reason: str | None = None
    reopened: int = 0
    """How often its facts changed after it was dismissed or done."""
