"""The lineage of a source, and who breaks if it changes."""

from __future__ import annotations

from server.console.lineage import Asked, LineageView, view_of
from server.console.pane import Pane, Seen
from server.lineage.routes import Ways

_DEPTH = 3


async def load(seen: Seen) -> LineageView:
    root = seen.services.lineage.topic(seen.name)
    path = seen.request.query_params.get("field") or None
    asked = Asked(root.id, seen.name, _DEPTH, Ways.BOTH, guesses=True, field=path)
    return await view_of(seen.services, asked, seen.source)


PANE = Pane("lineage", "Lineage", 60, load)
