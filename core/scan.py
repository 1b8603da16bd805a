"""A scan: one pass over a cluster's topics, with how far it got."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class ScanStatus(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class ScanProgress(BaseModel):
    """Counts of topics. `done` includes skipped and failed ones; `total` is 0 until listed."""

    model_config = ConfigDict(frozen=True)
    total: int = 0
    done: int = 0
    skipped: int = 0
    """Topics whose offsets had not moved since the last scan: not read again."""
    failed: int = 0
    new: int = 0
    changed: int = 0
    vanished: int = 0
    returned: int = 0
    messages: int = 0
    """Messages that were read."""
    seconds: float = 0.0
    failures: tuple[str, ...] = ()
    """The first few topics that failed, each with its reason."""


class ScanRun(BaseModel):
    """One scan, as asked for and as it went; `error` says why it failed and what to do."""

    model_config = ConfigDict(frozen=True)
    id: int
    cluster: str
    requested_by: str
    status: ScanStatus
    progress: ScanProgress
    error: str | None
    requested_at: datetime
    started_at: datetime | None
    finished_at: datetime | None

    @property
    def ended(self) -> bool:
        return self.status in (ScanStatus.DONE, ScanStatus.FAILED)
