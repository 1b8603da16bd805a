"""What a model contributes to an answer; the facts beside it are written from the findings."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, Field


class Aspect(StrEnum):
    """The side of a source that was asked about."""

    OVERVIEW = "overview"
    OWNER = "owner"
    CONSUMERS = "consumers"
    FIELDS = "fields"
    CONFIGURATION = "configuration"
    SIZE = "size"
    FORMAT = "format"
    COST = "cost"


class DiscoveryAnswer(BaseModel):
    """Your answer: one or two sentences, and the sources that it rests on."""

    lead: str = Field(
        max_length=600,
        description="one or two short sentences; sources in backticks, no numbers",
    )
    sources: list[str] = Field(
        default_factory=list, description="exact topic names from the tools' results, best first"
    )
    aspect: Aspect = Aspect.OVERVIEW


class QualityAnswer(BaseModel):
    """Your answer: one or two sentences, and the topics that it rests on."""

    lead: str = Field(
        max_length=600,
        description="one or two short sentences; topics in backticks, no numbers",
    )
    sources: list[str] = Field(
        default_factory=list, description="exact topic names from the tools' results"
    )
