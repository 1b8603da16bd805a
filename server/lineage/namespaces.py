"""What OpenLineage calls our cluster, from the settings."""

from __future__ import annotations

from core.lineage.namespace import Namespaces
from server.settings import Settings
from tools.provenance.emitter import Emitter, Endpoint


def namespaces_of(settings: Settings) -> Namespaces:
    servers = str(settings.bootstrap_servers)
    return Namespaces.of(settings.cluster, servers, settings.openlineage_aliases)


def emitter_of(settings: Settings) -> Emitter | None:
    """None where nobody is to hear of our runs."""
    if settings.openlineage_url is None:
        return None
    key = settings.openlineage_api_key
    secret = None if key is None else key.get_secret_value()
    return Emitter(Endpoint(settings.openlineage_url, settings.openlineage_endpoint, secret))
