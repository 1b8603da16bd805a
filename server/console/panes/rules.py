"""Which rules hold for a topic, and who says so; switched off and on here."""

from __future__ import annotations

from server.catalog.rule_views import Rules
from server.catalog.rules import list_rules
from server.console.pane import Pane, Seen


async def load(seen: Seen) -> Rules:
    return await list_rules(seen.name, seen.services, seen.cluster)


PANE = Pane("rules", "Rules", 30, load)
