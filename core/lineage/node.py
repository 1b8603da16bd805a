"""The nodes of the graph: datasets and jobs, called as OpenLineage calls them."""

from __future__ import annotations

from enum import StrEnum
from urllib.parse import quote, unquote

from pydantic import BaseModel, ConfigDict

_OWN = "cluster:"
"""Our own clusters by their name: their addresses may change, what is known of them stays."""


class NodeKind(StrEnum):
    DATASET = "dataset"
    JOB = "job"


class InvalidNodeError(ValueError):
    """This is no id of a node; ids come with the answers of GET /lineage."""

    def __init__(self, text: str) -> None:
        super().__init__(
            f"{text[:100]!r} is no id of a node. Take one from the `nodes` of GET /lineage."
        )


class Node(BaseModel):
    """A dataset or job by namespace and name. A topic of our own and a consumer group have the
    namespace of their cluster (`own_namespace`); everything else is called as it was told."""

    model_config = ConfigDict(frozen=True)
    kind: NodeKind
    namespace: str
    name: str

    @property
    def id(self) -> str:
        return ":".join((self.kind.value, quote(self.namespace, safe=""), quote(self.name, "")))

    @classmethod
    def of_id(cls, text: str) -> Node:
        """Raises InvalidNodeError."""
        kind, *rest = text.split(":")
        if kind not in set(NodeKind) or len(rest) != 2 or not all(rest):
            raise InvalidNodeError(text)
        return cls(kind=NodeKind(kind), namespace=unquote(rest[0]), name=unquote(rest[1]))

    @property
    def cluster(self) -> str | None:
        """The cluster of ours that it is on."""
        own = self.namespace.startswith(_OWN)
        return self.namespace.removeprefix(_OWN) if own else None


def own_namespace(cluster: str) -> str:
    return f"{_OWN}{cluster}"


def topic(cluster: str, name: str) -> Node:
    return Node(kind=NodeKind.DATASET, namespace=own_namespace(cluster), name=name)


def group(cluster: str, name: str) -> Node:
    """A consumer group: a job that reads topics."""
    return Node(kind=NodeKind.JOB, namespace=own_namespace(cluster), name=name)
