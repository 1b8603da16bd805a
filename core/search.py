"""The words of a search: the question, the hits and why each is one."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from core.source import SourceKind, SourceSummary

MAX_QUERY = 1_000
"""Characters of a query that are read; a longer one is refused by the API with advice."""


class SearchFilters(BaseModel):
    """Each filter that is given must hold; an unknown one is an error, not ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    kind: SourceKind | None = None
    owner: str | None = None
    domain: str | None = None
    format: str | None = None
    tag: str | None = None
    has_schema: bool | None = None
    include_vanished: bool = False
    """Topics that no longer exist on the cluster are left out unless asked for."""


class SearchQuery(BaseModel):
    """`cluster` None searches all clusters; `cursor` is what the previous page returned."""

    model_config = ConfigDict(frozen=True)
    text: str
    limit: int = Field(default=20, ge=1, le=100)
    cursor: str | None = None
    filters: SearchFilters = SearchFilters()
    cluster: str | None = None


class Match(StrEnum):
    """Why a hit is one, strongest first."""

    EXACT_NAME = "exact_name"
    NAME = "name"
    TYPO = "typo"
    FIELD = "field"
    WORDS = "words"
    MEANING = "meaning"


class Reason(BaseModel):
    """One reason in words, e.g. field `supplier_id` means the same as "vendor number"."""

    model_config = ConfigDict(frozen=True)
    match: Match
    text: str


class SearchHit(BaseModel):
    model_config = ConfigDict(frozen=True)
    source: SourceSummary
    score: float
    """Comparable within one answer only."""
    reasons: tuple[Reason, ...]


class SearchResult(BaseModel):
    """Both lists are best first; a page holds `limit` hits over both lists together."""

    model_config = ConfigDict(frozen=True)
    managed: tuple[SearchHit, ...]
    discovered: tuple[SearchHit, ...]
    next_cursor: str | None
    took_ms: float
    embedding_model: str
