"""What the pages of lineage show: the picture as drawn, and whom a change concerns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from core.lineage.edge import WHOLE
from core.lineage.layers import Drawing, drawing_of
from core.lineage.merging import opened
from core.lineage.node import Node, NodeKind
from core.lineage.picture import (
    ImpactCounts,
    Lineage,
    NodeType,
    SeenEdge,
    SeenField,
    SeenNode,
    SourceImpact,
)
from core.lineage.walk import Direction
from core.source import SourceDetail
from core.spans import amount_of
from server.console.address import at
from server.lineage.routes import Ways
from server.services import Services

_NAME, _JOB_NAME, _TOLD = 25, 24, 31
"""Characters that fit in a node's box; the ends of a job's are round or pointed."""

_TYPES = {NodeType.CONSUMER_GROUP: "group", NodeType.DATASET: "dataset outside"}


@dataclass(frozen=True)
class Asked:
    """What of the graph is looked at. `open` are ids of nodes whose neighbours are shown too."""

    root: str
    source: str | None
    depth: int
    ways: Ways
    guesses: bool
    field: str | None
    open: tuple[str, ...] = ()

    def address(self, *, opened: str | None = None) -> str:
        """Of the page that shows this, or this with one node more opened."""
        kept = (*self.open, opened) if opened else self.open
        address = at(
            "lineage",
            source=self.source,
            node=None if self.source else self.root,
            depth=self.depth,
            direction=self.ways.value,
            guesses=None if self.guesses else "false",
            field=self.field,
        )
        return address + "".join(f"&{urlencode({'open': each})}" for each in kept)


@dataclass(frozen=True)
class LineageView:
    """With what the templates say of its nodes and edges. `connections` are all edges in words, for
    whoever reads rather than looks."""

    asked: Asked
    found: Lineage
    drawing: Drawing
    root: SeenNode
    impact: SourceImpact | None
    paths: tuple[str, ...]
    """Of the fields whose impact can be asked for."""

    @property
    def connections(self) -> list[tuple[SeenNode, SeenEdge, SeenNode]]:
        nodes = {node.id: node for node in self.found.nodes}
        rows = [(nodes[edge.source], edge, nodes[edge.target]) for edge in self.found.edges]
        return sorted(rows, key=lambda row: (row[0].distance, row[0].name, row[2].name))

    @property
    def fields(self) -> list[tuple[str, SeenField, str]]:
        names = {node.id: node.name for node in self.found.nodes}
        return [(names[each.source], each, names[each.target]) for each in self.found.fields]

    def href(self, node: SeenNode) -> str:
        """The lineage of another node."""
        if node.type == "topic":
            return at("lineage", source=node.name, depth=self.asked.depth)
        return at("lineage", node=node.id, depth=self.asked.depth)

    @staticmethod
    def named(node: SeenNode) -> str:
        """The first line of a node's box."""
        return _cut(node.name, _NAME if node.kind is NodeKind.DATASET else _JOB_NAME)

    @staticmethod
    def told(node: SeenNode) -> str:
        """The second line of a node's box."""
        parts = [_TYPES.get(node.type, node.type.value)]
        if node.team:
            parts.append(node.team)
        elif node.product_name:
            parts.append(node.product_name)
        elif node.owner:
            parts.append(node.owner.ref.rpartition("/")[2])
        if node.present is False:
            parts.append("gone")
        return _cut(" · ".join(parts), _TOLD)

    @staticmethod
    def counts_words(counts: ImpactCounts) -> str:
        """What is affected for sure."""
        parts = (
            (counts.consumer_groups, "consumer group"),
            (counts.topics, "topic"),
            (counts.products, "product"),
            (counts.others, "other"),
        )
        said = [amount_of(number, noun) for number, noun in parts if number]
        return f"{', '.join(said)} affected" if said else "Nobody for sure"

    @staticmethod
    def edge_words(edge: SeenEdge) -> str:
        """How an edge is known."""
        words = f"{edge.certainty.value}, {edge.evidence.value.replace('_', ' ')}"
        return f"{words}; {edge.because}" if edge.because else words

    @staticmethod
    def field_words(field: SeenField) -> str:
        return field.target_field if field.target_field != WHOLE else "all of its fields"


async def view_of(services: Services, asked: Asked, source: SourceDetail | None) -> LineageView:
    """Raises NodeNotFoundError and FieldNotFoundError."""
    found = await _picture(services, asked)
    impact = None if source is None else await services.lineage.impact(source, asked.field)
    schema = None if source is None else source.schema
    return LineageView(
        asked=asked,
        found=found,
        drawing=drawing_of(found),
        root=next(node for node in found.nodes if node.id == found.root),
        impact=impact,
        paths=() if schema is None else tuple(path for path, _ in schema.walk()),
    )


async def _picture(services: Services, asked: Asked) -> Lineage:
    found = await services.lineage.around(
        Node.of_id(asked.root),
        depth=asked.depth,
        directions=asked.ways.directions,
        guesses=asked.guesses,
    )
    for node_id in asked.open:
        shown = next((node for node in found.nodes if node.id == node_id), None)
        if shown is not None:
            more = await services.lineage.around(
                Node.of_id(node_id),
                depth=1,
                directions=_outwards(shown),
                guesses=asked.guesses,
            )
            found = opened(found, more)
    return found


def _outwards(node: SeenNode) -> Sequence[Direction]:
    """A node is opened away from what was asked for."""
    if node.distance == 0:
        return tuple(Direction)
    return (Direction.UPSTREAM if node.distance < 0 else Direction.DOWNSTREAM,)


def _cut(text: str, length: int) -> str:
    """The beginning and the end of a long name: versions and environments stand at its end."""
    if len(text) <= length:
        return text
    tail = length // 3
    return f"{text[: length - tail - 1]}…{text[-tail:]}"
