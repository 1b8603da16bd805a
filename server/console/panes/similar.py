"""What a source has to do with others: duplicates, overlaps, relatives."""

from __future__ import annotations

from server.catalog.comparison import related_sources
from server.catalog.comparison_views import Related
from server.console.pane import Pane, Seen


async def load(seen: Seen) -> Related:
    return await related_sources(seen.name, seen.services, seen.cluster)


PANE = Pane("similar", "Similar", 90, load)
