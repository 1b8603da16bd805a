"""The words of a search: the question, the hits and why each is one."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, StrictBool, model_validator
from pydantic_core import PydanticCustomError

from core.source import SourceKind, SourceSummary

MAX_QUERY = 1_000
"""Characters of a query that are read; a longer one is refused by the API with advice."""


def refuse_unknown(model: type[BaseModel], given: Any) -> Any:
    """`given` as it is. Raises an error that names the filters of `model` where one is unknown."""
    if isinstance(given, Mapping) and (unknown := sorted(given.keys() - model.model_fields.keys())):
        raise PydanticCustomError(
            "unknown_filter",
            "There is no filter {unknown}; the filters are {known}",
            {"unknown": repr(str(unknown[0])[:80]), "known": ", ".join(model.model_fields)},
        )
    return given


class SearchFilters(BaseModel):
    """Each filter that is given must hold; an unknown one is an error, not ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    kind: SourceKind | None = None
    owner: str | None = None
    domain: str | None = None
    format: str | None = None
    tag: str | None = None
    has_schema: StrictBool | None = None
    has_owner: StrictBool | None = None
    """Whether an owner is known, be it stated or guessed."""
    include_vanished: StrictBool = False
    """Topics that no longer exist on the cluster are left out unless asked for."""

    @model_validator(mode="before")
    @classmethod
    def _known(cls, given: Any) -> Any:
        return refuse_unknown(cls, given)


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
