"""Namespaces of OpenLineage and our clusters: `kafka://host:port` is one of ours or a stranger."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from core.lineage.node import Node, own_namespace

_KAFKA = re.compile(r"kafka://([^/?#]+)/?\Z", re.IGNORECASE)
_SECURITY = re.compile(r"\A(?:PLAINTEXT|SSL|SASL_PLAINTEXT|SASL_SSL)://", re.IGNORECASE)
_PORT = ":9092"
"""What Kafka's clients take where an address names none."""


@dataclass(frozen=True, slots=True)
class Namespaces:
    """Of one cluster: `servers` are its addresses (`host:port`), the first is the one it is called
    by outside; `aliases` are further namespaces that mean it."""

    cluster: str
    servers: tuple[str, ...]
    aliases: frozenset[str] = frozenset()

    @classmethod
    def of(cls, cluster: str, bootstrap_servers: str, aliases: Iterable[str] = ()) -> Namespaces:
        """`bootstrap_servers` as Kafka's clients take them: addresses with commas between."""
        servers = [_address(each) for each in bootstrap_servers.split(",") if each.strip()]
        return cls(cluster, tuple(servers), frozenset(aliases))

    @property
    def outside(self) -> str:
        """What OpenLineage calls the cluster."""
        return f"kafka://{self.servers[0]}" if self.servers else own_namespace(self.cluster)

    def inward(self, namespace: str) -> str:
        """What we call it: our cluster, or what it was told."""
        return own_namespace(self.cluster) if self._is_ours(namespace) else namespace

    def outward(self, node: Node) -> str:
        return self.outside if node.cluster == self.cluster else node.namespace

    def _is_ours(self, namespace: str) -> bool:
        if namespace in self.aliases:
            return True
        found = _KAFKA.match(namespace)
        named = found[1].split(",") if found else ()
        return any(_address(each) in self.servers for each in named)


def _address(text: str) -> str:
    bare = _SECURITY.sub("", text.strip()).lower()
    return bare if re.search(r":\d+\Z", bare) else f"{bare}{_PORT}"
