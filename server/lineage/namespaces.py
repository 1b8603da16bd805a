"""What OpenLineage calls our cluster, from the settings."""

from __future__ import annotations

from core.lineage.namespace import Namespaces
from server.settings import Settings


def namespaces_of(settings: Settings) -> Namespaces:
    servers = str(settings.bootstrap_servers)
    return Namespaces.of(settings.cluster, servers, settings.openlineage_aliases)
