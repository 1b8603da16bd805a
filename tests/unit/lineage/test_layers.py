"""The picture in layers, and a node opened in it."""

from __future__ import annotations

from itertools import pairwise

from core.lineage.layers import HEIGHT, WIDTH, drawing_of
from core.lineage.merging import opened
from core.lineage.node import NodeKind
from core.lineage.picture import Lineage, NodeType, SeenEdge, SeenNode


def seen(name: str, distance: int, more: int = 0) -> SeenNode:
    return SeenNode(
        id=name,
        kind=NodeKind.DATASET,
        type=NodeType.TOPIC,
        namespace="kafka://h:1",
        name=name,
        distance=distance,
        more=more,
    )


def leads(source: str, target: str) -> SeenEdge:
    given = {"flow": "reads", "evidence": "openlineage", "certainty": "measured", "because": ""}
    times = dict.fromkeys(("first_seen", "last_seen", "vanished_at", "lag"))
    return SeenEdge.model_validate({"source": source, "target": target, **given, **times})


def picture(root: str, nodes: list[SeenNode], *edges: tuple[str, str]) -> Lineage:
    made = tuple(leads(*each) for each in edges)
    return Lineage(root=root, depth=3, nodes=tuple(nodes), edges=made, fields=(), cut=False)


def test_what_feeds_a_node_stands_at_its_left_and_nothing_overlaps() -> None:
    nodes = [seen("root", 0), seen("up", -1), *(seen(f"down{n}", 1) for n in range(7))]
    found = picture(
        "root", nodes, ("up", "root"), *(("root", f"down{number}") for number in range(7))
    )

    drawing = drawing_of(found)

    boxes = {box.node.name: box for box in drawing.boxes}
    assert boxes["up"].right < boxes["root"].x < boxes["root"].right < boxes["down0"].x
    taken = sorted((box.x, box.y) for box in drawing.boxes)
    assert all(one[0] != other[0] or other[1] - one[1] > HEIGHT for one, other in pairwise(taken))
    assert all(box.x > 0 and box.x + WIDTH < drawing.width for box in drawing.boxes)
    assert all(box.y > 0 and box.y + HEIGHT < drawing.height for box in drawing.boxes)


def test_nodes_stand_near_to_what_they_are_connected_with() -> None:
    nodes = [seen("root", 0), seen("a", 1), seen("z", 1), seen("of-z", 2), seen("zz-of-a", 2)]
    found = picture("root", nodes, ("root", "a"), ("root", "z"), ("z", "of-z"), ("a", "zz-of-a"))

    at = {box.node.name: box.y for box in drawing_of(found).boxes}

    assert (at["a"] < at["z"]) == (at["zz-of-a"] < at["of-z"])


def test_an_opened_node_brings_its_neighbours_to_its_side() -> None:
    base = picture("root", [seen("root", 0), seen("far", 3, more=2)], ("root", "far"))
    more = picture("far", [seen("far", 0), seen("x", 1), seen("root", 1)], ("far", "x"))

    found = opened(base, more)

    assert {node.name: node.distance for node in found.nodes} == {"root": 0, "far": 3, "x": 4}
    assert {(edge.source, edge.target) for edge in found.edges} == {("root", "far"), ("far", "x")}
    assert all(node.more == 0 for node in found.nodes)
