"""The lineage of a source, and who breaks if it changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from server.console.lineage import Asked, LineageView, view_of
from server.console.pages.lineage import WORDS
from server.console.pane import Pane, Seen
from server.lineage.routes import Ways

_DEPTH = 3


@dataclass(frozen=True)
class Found:
    """`words` are what the templates say of nodes and edges."""

    view: LineageView
    words: dict[str, Any]


async def load(seen: Seen) -> Found:
    root = seen.services.lineage.topic(seen.name)
    path = seen.request.query_params.get("field") or None
    asked = Asked(root.id, seen.name, _DEPTH, Ways.BOTH, guesses=True, field=path)
    return Found(await view_of(seen.services, asked, seen.source), WORDS)


PANE = Pane("lineage", "Lineage", 60, load)
