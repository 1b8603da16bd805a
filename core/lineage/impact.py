"""Who breaks if a dataset changes: what its change reaches, how surely, and by which way."""

from __future__ import annotations

import heapq
import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from core.lineage.edge import WHOLE, Certainty, Edge, FieldEdge
from core.lineage.node import Node
from core.lineage.touch import Touch, Touched


class Effect(StrEnum):
    AFFECTED = "affected"
    PERHAPS = "perhaps"
    """The way there is a guess, or it is not known whether the field is used."""


class Affected(BaseModel):
    """A node that a change reaches. `way` leads to it from what changes, both included; `fields`
    are those that are reached for sure,
    or else those that may be, as far as they are known; `certainty` is that of the weakest edge of
    the way; `vanished` where an edge of the way is gone: it was so once."""

    model_config = ConfigDict(frozen=True)
    node: Node
    effect: Effect
    certainty: Certainty
    distance: int
    way: tuple[Node, ...]
    fields: tuple[str, ...] = ()
    vanished: bool = False


def affected_by(
    root: Node, path: str | None, edges: Iterable[Edge], fields: Iterable[FieldEdge]
) -> tuple[Affected, ...]:
    """All that a change of `root` reaches, or of its field at `path`: the surest and nearest first.

    Of several ways to a node the one that still stands is told, then the surest, then the shortest.
    """
    known = tuple(edges)
    reached = Touch(known, fields).of(root, path)
    ways = _Ways(edge for edge in known if edge.source in reached and edge.target in reached)
    found = [_affected(reached[at], *told) for at, told in ways.of(root).items() if at != root]
    return tuple(sorted(found, key=_order))


def _affected(touched: Touched, cost: _Cost, way: tuple[Node, ...]) -> Affected:
    vanished, weakness, distance = cost
    certainty = list(Certainty)[weakness]
    sure = any(touched.values()) and certainty is not Certainty.GUESS
    return Affected(
        node=way[-1],
        effect=Effect.AFFECTED if sure else Effect.PERHAPS,
        certainty=certainty,
        distance=distance,
        way=way,
        fields=_told(touched),
        vanished=vanished,
    )


_Cost = tuple[bool, int, int]
"""Whether it is gone, how weak its weakest edge is, how long it is: the smallest is the best."""


def _told(touched: Touched) -> tuple[str, ...]:
    """The fields that are reached for sure; where there are none, those that may be."""
    named = {path: sure for path, sure in touched.items() if path != WHOLE}
    sure = [path for path, known in named.items() if known]
    return tuple(sorted(sure or named))


class _Ways:
    """The best way to each node; each cost only grows along a way, so the first is the best."""

    def __init__(self, edges: Iterable[Edge]) -> None:
        self._ahead: defaultdict[Node, list[Edge]] = defaultdict(list)
        for edge in edges:
            self._ahead[edge.source].append(edge)

    def of(self, root: Node) -> Mapping[Node, tuple[_Cost, tuple[Node, ...]]]:
        best: dict[Node, tuple[_Cost, tuple[Node, ...]]] = {}
        turn = itertools.count()
        waiting: list[tuple[_Cost, int, tuple[Node, ...]]] = [((False, 0, 0), next(turn), (root,))]
        while waiting:
            cost, _, way = heapq.heappop(waiting)
            if way[-1] in best:
                continue
            best[way[-1]] = cost, way
            for edge, worse in self._onwards(cost, way[-1]):
                heapq.heappush(waiting, (worse, next(turn), (*way, edge.target)))
        return best

    def _onwards(self, cost: _Cost, at: Node) -> Iterator[tuple[Edge, _Cost]]:
        vanished, weakness, distance = cost
        if weakness == Certainty.GUESS.weakness:
            return
        for edge in self._ahead.get(at, ()):
            weaker = max(weakness, edge.certainty.weakness)
            yield edge, (vanished or edge.vanished_at is not None, weaker, distance + 1)


def _order(one: Affected) -> tuple[bool, bool, int, int, str]:
    perhaps = one.effect is Effect.PERHAPS
    return one.vanished, perhaps, one.distance, one.certainty.weakness, one.node.name
