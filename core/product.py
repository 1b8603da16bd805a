"""A data product: what a team promises to others, with its topics as output ports."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class Lifecycle(StrEnum):
    DRAFT = "draft"
    PENDING = "pending"
    ACTIVE = "active"
    DEPRECATED = "deprecated"
    RETIRED = "retired"


class OutputPort(BaseModel):
    """A topic through which a product is consumed."""

    model_config = ConfigDict(frozen=True)
    cluster: str
    topic: str


class DataProduct(BaseModel):
    """`id` is a readable slug; `owner` an entity reference such as `group:default/fraud-team`."""

    model_config = ConfigDict(frozen=True)
    id: str
    name: str
    description: str
    owner: str
    domain: str
    tags: tuple[str, ...] = ()
    lifecycle: Lifecycle
    ports: tuple[OutputPort, ...]
    version: str = "1.0.0"
    created_at: datetime | None = None
    updated_at: datetime | None = None
