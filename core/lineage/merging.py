"""Two pictures of the graph as one: what was asked for, and a node of it that was opened."""

from __future__ import annotations

from core.lineage.picture import Lineage, SeenNode


def opened(base: Lineage, more: Lineage) -> Lineage:
    """`more` is what lies around a node of `base`; it is put beside that node. A node that is in
    both stays where it is."""
    known = {node.id: node for node in base.nodes}
    if more.root not in known:
        return base
    at = known[more.root].distance
    added = [
        node.model_copy(update={"distance": at + node.distance})
        for node in more.nodes
        if node.id not in known
    ]
    nodes = [_told(node, more) for node in base.nodes]
    return base.model_copy(
        update={
            "nodes": (*nodes, *added),
            "edges": tuple(dict.fromkeys((*base.edges, *more.edges))),
            "fields": tuple(dict.fromkeys((*base.fields, *more.fields))),
            "cut": base.cut or more.cut,
        }
    )


def _told(node: SeenNode, more: Lineage) -> SeenNode:
    """What was opened has no more to show."""
    return node.model_copy(update={"more": 0}) if node.id == more.root else node
