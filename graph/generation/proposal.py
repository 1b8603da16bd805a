"""What a hosted model contributes to a plan: fields, rules and words. Code computes the rest."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, Field

from core.quality import rule
from graph.texts import Name, Paragraph, Sentence

FieldType = Literal[
    "string",
    "integer",
    "number",
    "decimal",
    "boolean",
    "timestamp",
    "date",
    "uuid",
    "email",
    "uri",
    "ip",
    "phone",
    "currency",
    "country",
    "bytes",
    "object",
]


class Metric(StrEnum):
    """What a rule measures."""

    # Of all metrics those that a draft can know of; what the rest needs is measured.
    REQUIRED = rule.Metric.REQUIRED.value
    RANGE = rule.Metric.RANGE.value
    ENUM = rule.Metric.ENUM.value
    PATTERN = rule.Metric.PATTERN.value
    UNIQUE = rule.Metric.UNIQUE.value
    TIMELINESS = rule.Metric.TIMELINESS.value
    FRESHNESS = rule.Metric.FRESHNESS.value


class FieldProposal(BaseModel):
    """One field of a message."""

    path: str = Field(
        pattern=r"^[A-Za-z_][A-Za-z0-9_]*(\[\])?(\.[A-Za-z_][A-Za-z0-9_]*(\[\])?)*$",
        description="snake_case; `customer.email` is within an object, `items[].sku` in an array",
    )
    type: FieldType = "string"
    required: bool = True
    doc: Sentence = Field(description="what it holds, in one sentence")
    values: list[str] = Field(default_factory=list, max_length=60, description="of an enum only")
    minimum: float | None = None
    maximum: float | None = None
    pattern: Name | None = None
    personal: bool = Field(False, description="whether it is personal or confidential")


class RuleProposal(BaseModel):
    """What must hold of a field, and why."""

    path: Name
    metric: Metric
    minimum: float | None = None
    maximum: float | None = None
    values: list[str] = Field(default_factory=list, max_length=60)
    pattern: Name | None = None
    reason: Sentence


class ProductProposal(BaseModel):
    """Your draft of a data product."""

    summary: Paragraph = Field(description="what the product offers")
    fields: list[FieldProposal] = Field(min_length=2, max_length=40)
    key: Name = Field(description="path of the field that messages are keyed by")
    event_time: Name = Field(description="path of the time at which it happened")
    rules: list[RuleProposal] = Field(default_factory=list, max_length=30)
    tags: list[str] = Field(default_factory=list, max_length=6)
    made_from: list[str] = Field(
        default_factory=list, max_length=10, description="exact topic names out of the survey"
    )
