"""A run of the schema analyzer over a cluster, as it was asked for and as it went."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict


class AnalysisStatus(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class AnalysisProgress(BaseModel):
    """Counts so far. `total` sources are to be compared, of `sources` that have a schema."""

    model_config = ConfigDict(frozen=True)
    sources: int = 0
    total: int = 0
    done: int = 0
    candidates: int = 0
    """Pairs that were scored."""
    aligned: int = 0
    """Pairs that were looked at field by field."""
    duplicates: int = 0
    """Pairs found to be the same twice, among those compared in this run."""
    recommended: int = 0
    """Recommendations that are new, or open again."""
    settled: int = 0
    """Recommendations that are done, as what they were about is no longer so."""
    seconds: float = 0.0


class AnalysisRun(BaseModel):
    model_config = ConfigDict(frozen=True)
    id: int
    cluster: str
    requested_by: str
    whole: bool
    """All pairs anew, not only those of changed sources."""
    status: AnalysisStatus
    progress: AnalysisProgress
    error: str | None = None
    requested_at: datetime
    started_at: datetime | None
    finished_at: datetime | None

    @property
    def ended(self) -> bool:
        return self.status in (AnalysisStatus.DONE, AnalysisStatus.FAILED)
