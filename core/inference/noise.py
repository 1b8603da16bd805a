"""Strays: shapes that do not belong to the topic's own family of messages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from core.inference.node import Node
from core.inference.profile import Profile, ShapeKey

_OWN = 0.08
"""A shape with this share of the messages is the topic's own, whatever it looks like."""

_FEW = 12
"""Below so many messages nothing can be called rare."""

_TAIL = 0.15
"""Strays are a minority: what is more than this together is the topic's own variety."""

_GENERIC_TEXT = (
    "id name type timestamp ts time date key value version status count title description code "
    "created_at updated_at user state url data text message"
)
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
    """Tell the topic's own shapes from strays: rare shapes that share few fields with them.

    Between what is the topic's own and what strayed there is a gap in numbers: a cluster half as
    large as one of the topic's own is its own too.
    """
    nodes = [profile.shapes[key] for key in sorted(profile.shapes, key=_rank(profile))]
    total = sum(node.count for node in nodes)
    clusters = sorted(_clusters(nodes), key=lambda c: -_count(c))
    own: list[Node] = []
    strays: list[list[Node]] = []
    rest, enough = total, 0.0
    for cluster in clusters:
        count = _count(cluster)
        if total < _FEW or rest > _TAIL * total or count > _most(total) or count >= enough > 0:
            own.extend(cluster)
            enough = max(2.0, count / 2)
        else:
            strays.append(cluster)
        rest -= count
    kin = [cluster for cluster in strays if own and all(akin(node, own) for node in cluster)]
    own += [node for cluster in kin for node in cluster]
    left = [node for cluster in strays if cluster not in kin for node in cluster]
    return Family(tuple(own), tuple(_stray(node, total) for node in left))


def _rank(profile: Profile) -> Callable[[ShapeKey], tuple[int, list[str], list[str]]]:
    """Commonest first; the key itself tells scalars and arrays apart, which have no names."""
    shapes = profile.shapes
    return lambda key: (-shapes[key].count, sorted(_names(shapes[key])), sorted(key))


def _most(total: int) -> float:
    return max(1.0, _OWN * total)


def _count(cluster: list[Node]) -> int:
    return sum(node.count for node in cluster)


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


def akin(node: Node, cluster: Sequence[Node]) -> bool:
    """Whether a shape belongs with the cluster's: it has the fields that all of those have, or
    mostly fields that some of those have.

    A field is shared where name and kind agree, and counts by how telling its name is: everyday
    names such as `id` weigh a quarter, so that they do not make strangers kin.
    """
    if not _names(node) or not _names(cluster[0]):
        return _kinds(node) == _kinds(cluster[0])
    fields, core = _fields_of(cluster)
    mine = node.objects.fields if node.objects else {}
    shared = {name for name, field in mine.items() if _kinds(field) & fields.get(name, frozenset())}
    telling = _weight(shared)
    contained = telling / _weight(mine)
    complete = _weight(shared & core) / (_weight(core) or 1.0)
    if complete >= 0.8:
        return telling >= 2 or contained >= 0.3 or len(mine.keys() - shared) <= 1
    return (contained >= 0.5 and (complete >= 0.5 or telling >= 2)) or (
        contained >= 0.3 and telling >= 3
    )


def _fields_of(cluster: Sequence[Node]) -> tuple[dict[str, frozenset[str]], set[str]]:
    """The kinds of each field of the cluster, and the fields that nearly all its messages have."""
    kinds: dict[str, frozenset[str]] = {}
    presence: Counter[str] = Counter()
    for member in cluster:
        for name, field in (member.objects.fields if member.objects else {}).items():
            kinds[name] = kinds.get(name, frozenset()) | _kinds(field)
            presence[name] += field.count
    count = sum(member.count for member in cluster)
    return kinds, {name for name, seen in presence.items() if seen >= 0.9 * count}


def _weight(names: Iterable[str]) -> float:
    return sum(0.25 if name.lower() in _GENERIC else 1.0 for name in names)


def _names(node: Node) -> frozenset[str]:
    return frozenset(node.objects.fields) if node.objects else frozenset()


def _kinds(node: Node) -> frozenset[str]:
    """Rough kinds: numbers are one, and null agrees with everything."""
    parts = {
        "object": node.objects,
        "array": node.arrays,
        "string": node.texts,
        "number": node.integers or node.floats,
        "boolean": node.false or node.true,
        "bytes": node.bytes,
    }
    kinds = frozenset(kind for kind, part in parts.items() if part)
    return kinds if kinds and not node.nulls else frozenset(parts)


def _stray(node: Node, total: int) -> StrayShape:
    return StrayShape(tuple(sorted(_names(node))[:50]), node.count, node.count / max(1, total))
