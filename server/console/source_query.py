"""Filters of sources, as the search and the list of all have them."""

from __future__ import annotations

from pydantic import Field

from core.search import SearchFilters
from core.source import SourceKind
from server.console.facet import Facet, facets_of
from server.console.query import PageQuery
from tools.db.facets import Vocabulary


class SourceQuery(PageQuery):
    kind: SourceKind | None = None
    domain: str | None = Field(None, max_length=300)
    format: str | None = Field(None, max_length=50)
    owner: str | None = Field(None, max_length=300)
    tag: str | None = Field(None, max_length=300)
    has_schema: bool | None = None
    has_owner: bool | None = None

    @property
    def filters(self) -> SearchFilters:
        return SearchFilters(**self.model_dump(include=set(SearchFilters.model_fields)))

    def facets(self, words: Vocabulary) -> tuple[Facet, ...]:
        """With what is chosen, even where no present source has it."""
        return tuple(each.chosen(getattr(self, each.name)) for each in facets_of(words))
