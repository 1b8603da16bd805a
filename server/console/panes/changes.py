"""How a source changed from scan to scan."""

from __future__ import annotations

from dataclasses import dataclass

from core.source import SourceChange
from server.catalog.sources import list_versions
from server.catalog.views import VersionView
from server.console.address import at
from server.console.pane import Pane, Seen


@dataclass(frozen=True)
class ChangesPane:
    changes: tuple[SourceChange, ...]
    versions: tuple[VersionView, ...]
    more: str | None
    first: str | None


async def load(seen: Seen) -> ChangesPane:
    cursor = seen.request.query_params.get("cursor")
    changes = await seen.services.sources.changes(seen.name, seen.cluster, limit=30, cursor=cursor)
    versions = await list_versions(seen.name, seen.services, seen.cluster, limit=20)
    here = ("sources", seen.name, "changes")
    more = changes.next_cursor and at(*here, cursor=changes.next_cursor)
    return ChangesPane(changes.items, versions.items, more, at(*here) if cursor else None)


PANE = Pane("changes", "Changes", 50, load)
