"""What a source has to do with others: duplicates, overlaps, relatives."""

from __future__ import annotations

from server.catalog.comparison import related_to
from server.catalog.comparison_views import Related
from server.console.pane import Pane, Seen


async def load(seen: Seen) -> Related:
    return await related_to(seen.source, seen.services)


PANE = Pane("similar", "Similar", 90, load)
