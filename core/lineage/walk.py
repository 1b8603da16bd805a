"""A walk along the graph from one node, a step at a time, so that only what it meets is loaded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from core.lineage.edge import Certainty, Edge, Evidence
from core.lineage.node import Node


class Direction(StrEnum):
    UPSTREAM = "upstream"
    DOWNSTREAM = "downstream"


@dataclass
class Walk:
    """Load the edges of `wanted` and hand them to `take`, until nothing is wanted any more.

    Cycles are walked once. What is only guessed ends a path: it is met and not gone beyond. After
    `depth` steps one more is looked at, to say of which nodes there is `more`; beyond `limit` nodes
    nothing is added, and `cut` is true.
    """

    root: Node
    direction: Direction
    depth: int
    limit: int = 500
    guesses: bool = True
    distances: dict[Node, int] = field(default_factory=dict)
    edges: dict[tuple[Node, Node, Evidence], Edge] = field(default_factory=dict)
    more: dict[Node, int] = field(default_factory=dict)
    cut: bool = False
    wanted: frozenset[Node] = frozenset()
    _step: int = 0
    _walked: set[Node] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.distances[self.root] = 0
        self.wanted = frozenset({self.root})

    def take(self, found: Iterable[Edge]) -> None:
        """The edges of all that is wanted; those that lead the other way are left aside."""
        leading = [edge for edge in found if self._here(edge) in self.wanted and self._asked(edge)]
        self._walked |= self.wanted
        if self._step >= self.depth:
            self._peek(leading)
            return
        self._step += 1
        ahead = {self._there(edge) for edge in leading if self._add(edge)}
        self.wanted = frozenset(ahead - self._walked)

    def _add(self, edge: Edge) -> bool:
        """Whether the walk goes on beyond the edge."""
        there = self._there(edge)
        if there not in self.distances and len(self.distances) >= self.limit:
            self.cut = True
            return False
        self.distances.setdefault(there, self._step)
        self.edges[edge.key] = edge
        return edge.certainty is not Certainty.GUESS

    def _peek(self, leading: list[Edge]) -> None:
        beyond: defaultdict[Node, set[Node]] = defaultdict(set)
        for edge in leading:
            if self._there(edge) in self.distances:
                self.edges[edge.key] = edge
            else:
                beyond[self._here(edge)].add(self._there(edge))
        self.more = {node: len(others) for node, others in beyond.items()}
        self.wanted = frozenset()

    def _asked(self, edge: Edge) -> bool:
        return self.guesses or edge.certainty is not Certainty.GUESS

    def _here(self, edge: Edge) -> Node:
        return edge.source if self.direction is Direction.DOWNSTREAM else edge.target

    def _there(self, edge: Edge) -> Node:
        return edge.target if self.direction is Direction.DOWNSTREAM else edge.source
