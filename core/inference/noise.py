"""Strays: shapes that do not belong to the topic's own family of messages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from core.inference.node import Node
from core.inference.profile import Profile

_OWN = 0.08
"""A shape with this share of the messages is the topic's own, whatever it looks like."""

_FEW = 12
"""Below so many messages nothing can be called rare."""

_KINSHIP = 0.5
_GENERIC_TEXT = "id name type timestamp ts time date key value version status count"
_GENERIC = frozenset(_GENERIC_TEXT.split())


@dataclass(frozen=True, slots=True)
class StrayShape:
    """Messages that look like another topic's: their top-level fields and their share."""

    fields: tuple[str, ...]
    count: int
    share: float


@dataclass(frozen=True, slots=True)
class Family:
    """The shapes that make up the topic, and the rest."""

    own: tuple[Node, ...]
    strays: tuple[StrayShape, ...]


def family_of(profile: Profile) -> Family:
    """Tell the topic's own shapes from strays: rare shapes that share few fields with them."""
    nodes = sorted(profile.shapes.values(), key=lambda n: (-n.count, sorted(_names(n))))
    total = sum(node.count for node in nodes)
    clusters = _clusters(nodes)
    own: list[Node] = []
    strays: list[StrayShape] = []
    for cluster in clusters:
        count = sum(node.count for node in cluster)
        if cluster is clusters[0] or total < _FEW or count > max(1, _OWN * total):
            own.extend(cluster)
        else:
            strays.extend(_stray(node, total) for node in cluster)
    return Family(tuple(own), tuple(strays))


def _clusters(nodes: list[Node]) -> list[list[Node]]:
    """Shapes joined to the first cluster with which they are akin, commonest shapes first."""
    clusters: list[list[Node]] = []
    rest = nodes
    while rest:
        cluster, rest = [rest[0]], rest[1:]
        grown = True
        while grown:
            kin = [node for node in rest if akin(node, cluster)]
            cluster += kin
            taken = set(map(id, kin))
            rest, grown = [n for n in rest if id(n) not in taken], bool(kin)
        clusters.append(cluster)
    return clusters


def akin(node: Node, cluster: Iterable[Node]) -> bool:
    """Whether a shape shares the better part of its fields with the cluster, or the cluster's core.

    Fields count by how telling they are: everyday names such as `id` weigh a quarter.
    """
    mine, members = _names(node), list(cluster)
    if not mine or node.objects is None:
        return _kinds(node) == _kinds(members[0])
    presence: Counter[str] = Counter()
    for member in members:
        if member.objects is not None:
            presence.update({name: field.count for name, field in member.objects.fields.items()})
    count = sum(member.count for member in members)
    core = {name for name, seen in presence.items() if seen >= 0.9 * count}
    shared = _weight(mine & presence.keys())
    return shared >= _KINSHIP * _weight(mine) or (
        _weight(core) >= 1 and _weight(mine & core) >= 0.8 * _weight(core)
    )


def _weight(names: Iterable[str]) -> float:
    return sum(0.25 if name.lower() in _GENERIC else 1.0 for name in names)


def _names(node: Node) -> frozenset[str]:
    return frozenset(node.objects.fields) if node.objects else frozenset()


def _kinds(node: Node) -> tuple[bool, ...]:
    parts = (node.objects, node.arrays, node.texts, node.integers or node.floats, node.bytes)
    return tuple(part is not None for part in parts)


def _stray(node: Node, total: int) -> StrayShape:
    return StrayShape(tuple(sorted(_names(node))[:50]), node.count, node.count / max(1, total))
