"""A generation: a description on its way to a data product."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field, StrictBool

SAYS_SOMETHING = r"[^\s\x00-\x1f\x7f-\x9f\ufeff]"
"""One sign that shows, whatever the dialect of regular expressions."""


class GenerationRequest(BaseModel):
    """What is asked for. `owner` is a team's name or an entity reference."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    product_name: str = Field(min_length=1, max_length=200, pattern=SAYS_SOMETHING)
    owner: str = Field(min_length=1, max_length=100, pattern=SAYS_SOMETHING)
    description: str = Field(min_length=1, max_length=4_000, pattern=SAYS_SOMETHING)
    auto_provision: StrictBool = False


class GenerationStatus(StrEnum):
    QUEUED = "queued"
    DRAFTING = "drafting"
    WAITING = "waiting"
    """For a decision on its approval, and after it for the end of provisioning."""
    ACTIVE = "active"
    REJECTED = "rejected"
    EXPIRED = "expired"
    FAILED = "failed"

    @property
    def ended(self) -> bool:
        return self in (self.ACTIVE, self.REJECTED, self.EXPIRED, self.FAILED)


class Generation(BaseModel):
    model_config = ConfigDict(frozen=True)
    id: str
    request: GenerationRequest
    requested_by: str
    status: GenerationStatus
    stage: str = ""
    """What is being done, in words."""
    approval_id: str | None = None
    product_id: str | None = None
    summary: str = ""
    """What exists already and what is proposed, in words with numbers."""
    error: str | None = None
    created_at: datetime
    updated_at: datetime
