"""What seems to be there for nobody, and what that rests on."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field


class UnusedKind(StrEnum):
    PRODUCT = "product"
    """No consumer group read any of its topics."""
    UNREAD = "unread"
    """A topic that is written, and that no consumer group read."""
    SILENT = "silent"
    """A topic that nothing was written to."""


class Unused(BaseModel):
    """`name` is a topic, or a product's id. Nothing is called unused that was looked at for less
    than the whole period: see `observed_since`."""

    model_config = ConfigDict(frozen=True)
    kind: UnusedKind
    name: str
    title: str = Field(description="the product's name, or the topic's")
    owner: str | None
    topics: tuple[str, ...]
    why: str
    observed_since: datetime
    last_written: datetime | None = Field(
        description="when its offsets were last seen to move; null: never yet"
    )
    last_read: datetime | None = Field(
        description="when a group was last seen to read on; null: never yet"
    )
    messages: int = Field(description="that are kept, by the watermarks")
    views: int = Field(description="of its pages in the period, API and console")


class SearchCount(BaseModel):
    """A search's text, normalised and without what may tell of a person, and how often it was
    searched for."""

    model_config = ConfigDict(frozen=True)
    query: str
    searches: int
    nothing_found: int
    last_day: str
