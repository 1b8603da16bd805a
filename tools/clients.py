"""What the agents' tools work with, as one typed object that is handed in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from core.search import SearchQuery, SearchResult
from tools.cost.costs import Costs
from tools.db.alerts import AlertRepository
from tools.db.facets import FacetRepository
from tools.db.quality import QualityRepository
from tools.db.sources import SourceRepository
from tools.provenance.reader import LineageReader


@runtime_checkable
class Searcher(Protocol):
    """The hybrid search over the catalog."""

    async def search(self, query: SearchQuery) -> SearchResult: ...


@dataclass(frozen=True)
class Clients:
    """Opened by the server's lifespan; `cluster` is the one that names without a cluster mean."""

    search: Searcher
    sources: SourceRepository
    facets: FacetRepository
    quality: QualityRepository
    alerts: AlertRepository
    lineage: LineageReader
    cluster: str = "default"
    costs: Costs | None = None
    owners: tuple[str, ...] | None = None
    """Whose figures whoever asks may see; None: everybody's."""

    def may_see(self, owner: str | None) -> bool:
        return self.owners is None or (owner or "").lower() in {o.lower() for o in self.owners}
