"""An entity of Backstage's catalog, in the form of its descriptor files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from core.backstage.names import DEFAULT_NAMESPACE

API_VERSION = "backstage.io/v1alpha1"
OURS = "headwater.dev"
"""The prefix of our own annotations and labels."""

UNOWNED = "group:default/unowned"
"""Who owns what has no known owner: Backstage wants an owner of nearly everything."""


class EntityKind(StrEnum):
    GROUP = "Group"
    DOMAIN = "Domain"
    SYSTEM = "System"
    COMPONENT = "Component"
    RESOURCE = "Resource"
    API = "API"


@dataclass(frozen=True, slots=True)
class Link:
    url: str
    title: str


@dataclass(frozen=True, slots=True)
class Entity:
    """`annotations` and `labels` are under our own prefix; `spec` is as its kind wants it."""

    kind: str
    name: str
    spec: Mapping[str, Any]
    namespace: str = DEFAULT_NAMESPACE
    title: str | None = None
    description: str | None = None
    annotations: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    labels: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    tags: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()

    @property
    def reference(self) -> str:
        return reference(self.kind, self.namespace, self.name)

    def document(self, location: str) -> dict[str, Any]:
        """What a descriptor file holds; `location` is the URL that it is read from."""
        places = ("managed-by-location", "managed-by-origin-location")
        annotations = {f"backstage.io/{place}": f"url:{location}" for place in places}
        if self.links:
            annotations["backstage.io/view-url"] = self.links[0].url
        annotations |= {f"{OURS}/{name}": text for name, text in self.annotations.items()}
        told = {
            "name": self.name,
            "namespace": self.namespace,
            "title": self.title,
            "description": self.description,
            "annotations": annotations,
            "labels": {f"{OURS}/{name}": text for name, text in self.labels.items()},
            "tags": list(self.tags),
            "links": [{"url": link.url, "title": link.title} for link in self.links],
        }
        metadata = {name: value for name, value in told.items() if value}
        spec = {name: value for name, value in self.spec.items() if value is not None}
        return {
            "apiVersion": API_VERSION,
            "kind": str(self.kind),
            "metadata": metadata,
            "spec": spec,
        }


def reference(kind: str, namespace: str, name: str) -> str:
    """`api:default/orders`: what relations name an entity by."""
    return f"{kind.lower()}:{namespace}/{name}"
