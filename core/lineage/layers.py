"""A picture of the graph in layers: upstream at the left, downstream at the right."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from core.lineage.picture import Lineage, SeenEdge, SeenNode

WIDTH, HEIGHT = 216, 52
"""Of a node's box."""

COLUMN, ROW = 316, 68
"""From one layer to the next, and from one node of a layer to the next."""

MARGIN = 36

_LANE, _LANES = 7, 4
_TIP = 7
"""Of the arrow, which ends before the box."""

_TURN = 84

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
    height = 2 * MARGIN + (tallest - 1) * ROW + HEIGHT
    return Drawing(
        width=2 * MARGIN + (len(layers) - 1) * COLUMN + WIDTH,
        height=height,
        boxes=tuple(boxes),
        lines=tuple(_lines(found, placed, height)),
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


def _lines(found: Lineage, placed: Mapping[str, Box], height: int) -> Iterator[Line]:
    """Those that pass other layers have lanes of their own, above or below all boxes."""
    lanes = itertools.cycle(range(_LANES))
    for edge in found.edges:
        source, target = placed[edge.source], placed[edge.target]
        ends = source.right, source.middle, target.x - _TIP, target.middle
        if 0 < ends[2] - ends[0] < COLUMN:
            yield _near(edge, *ends)
        else:
            lane = _LANE * (next(lanes) + 1)
            yield _far(edge, *ends, height - lane if ends[2] > ends[0] else lane)


def _near(edge: SeenEdge, x1: int, y1: int, x2: int, y2: int) -> Line:
    bend = (x2 - x1) // 2
    path = f"M{x1} {y1} C{x1 + bend} {y1} {x2 - bend} {y2} {x2} {y2}"
    return Line(edge, path, (x1 + bend, (y1 + y2) // 2))


def _far(edge: SeenEdge, x1: int, y1: int, x2: int, y2: int, lane: int) -> Line:
    """Out of the layer, along the lane, and in again."""
    out, back = (x1 + _TURN, x2 - _TURN)
    if x2 > x1:
        along = f"C{x1 + _TURN // 2} {y1} {x1 + _TURN // 2} {lane} {out} {lane} L{back} {lane}"
    else:
        along = f"C{out} {y1} {out} {lane} {x1} {lane} L{x2} {lane}"
    turn = x2 - _TURN // 2 if x2 > x1 else back
    path = f"M{x1} {y1} {along} C{turn} {lane} {turn} {y2} {x2} {y2}"
    return Line(edge, path, ((x1 + x2) // 2, lane))
