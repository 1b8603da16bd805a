"""A picture of the graph in layers: upstream at the left, downstream at the right."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from core.lineage.picture import Lineage, SeenEdge, SeenNode

WIDTH, HEIGHT = 216, 52
"""Of a node's box."""

COLUMN, ROW = 316, 68
"""From one layer to the next, and from one node of a layer to the next."""

MARGIN = 36

_ROUNDS = 4


@dataclass(frozen=True, slots=True)
class Box:
    """`x` and `y` are of the upper left corner."""

    node: SeenNode
    x: int
    y: int

    @property
    def middle(self) -> int:
        return self.y + HEIGHT // 2

    @property
    def right(self) -> int:
        return self.x + WIDTH


@dataclass(frozen=True, slots=True)
class Line:
    """An edge as the path of an SVG; `middle` is a point on it."""

    edge: SeenEdge
    path: str
    middle: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Drawing:
    width: int
    height: int
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]


def drawing_of(found: Lineage) -> Drawing:
    """Nodes of one distance stand in one layer, near to what they are connected with."""
    layers = _ordered(_layers(found.nodes), _neighbours(found.edges))
    tallest = max(len(layer) for layer in layers)
    boxes = [
        Box(node, MARGIN + column * COLUMN, MARGIN + (tallest - len(layer)) * ROW // 2 + row * ROW)
        for column, layer in enumerate(layers)
        for row, node in enumerate(layer)
    ]
    placed = {box.node.id: box for box in boxes}
    return Drawing(
        width=2 * MARGIN + (len(layers) - 1) * COLUMN + WIDTH,
        height=2 * MARGIN + (tallest - 1) * ROW + HEIGHT,
        boxes=tuple(boxes),
        lines=tuple(_line(edge, placed[edge.source], placed[edge.target]) for edge in found.edges),
    )


def _layers(nodes: Sequence[SeenNode]) -> list[list[SeenNode]]:
    by: defaultdict[int, list[SeenNode]] = defaultdict(list)
    for node in nodes:
        by[node.distance].append(node)
    return [sorted(by[at], key=lambda node: (node.type, node.name)) for at in sorted(by)]


def _neighbours(edges: Sequence[SeenEdge]) -> Mapping[str, Sequence[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for edge in edges:
        found[edge.source].append(edge.target)
        found[edge.target].append(edge.source)
    return found


def _ordered(
    layers: list[list[SeenNode]], neighbours: Mapping[str, Sequence[str]]
) -> list[list[SeenNode]]:
    """Sorted by the mean place of their neighbours, to and fro, as Sugiyama does it."""
    for turn in range(_ROUNDS):
        for layer in layers if turn % 2 == 0 else reversed(layers):
            places = _places(layers)
            layer.sort(key=lambda node: _mean(node, neighbours, places))
    return layers


def _places(layers: Sequence[Sequence[SeenNode]]) -> dict[str, float]:
    """From the middle of each layer, so that long and short ones can be compared."""
    return {
        node.id: place - (len(layer) - 1) / 2
        for layer in layers
        for place, node in enumerate(layer)
    }


def _mean(
    node: SeenNode, neighbours: Mapping[str, Sequence[str]], places: Mapping[str, float]
) -> float:
    others = [places[each] for each in neighbours.get(node.id, ()) if each in places]
    return fmean(others) if others else places[node.id]


def _line(edge: SeenEdge, source: Box, target: Box) -> Line:
    x1, y1, x2, y2 = source.right, source.middle, target.x - 7, target.middle
    # What leads back, or stays in its layer, swings out on both sides.
    bend = max(40, abs(x2 - x1) // 2) if x2 > x1 else 90
    path = f"M{x1} {y1} C{x1 + bend} {y1} {x2 - bend} {y2} {x2} {y2}"
    return Line(edge, path, ((x1 + x2) // 2, (y1 + y2) // 2))
