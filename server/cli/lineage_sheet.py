"""Lineage as trees, and impact as lines, for a terminal."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from rich.console import Group
from rich.text import Text
from rich.tree import Tree

from core.lineage.edge import Certainty
from core.lineage.impact import Effect
from core.lineage.picture import Lineage, NodeType, SeenAffected, SeenEdge, SeenNode, SourceImpact

_MARKS = {Certainty.MEASURED: "──", Certainty.DECLARED: "╌╌", Certainty.GUESS: "··"}
_TYPES = {
    NodeType.TOPIC: "topic",
    NodeType.CONSUMER_GROUP: "group",
    NodeType.BRIDGE: "bridge",
    NodeType.DATASET: "outside",
    NodeType.JOB: "job",
}
_LEGEND = "── measured  ╌╌ declared  ·· a guess"


def lineage_tree(found: Lineage) -> Group:
    """A tree of what is upstream and one of what is downstream; what was shown is not unfolded
    again."""
    root = next(node for node in found.nodes if node.id == found.root)
    parts: list[Tree | Text] = []
    for title, upstream in (("upstream", True), ("downstream", False)):
        tree = Tree(Text.assemble((root.name, "bold"), (f"  {title}", "dim")))
        _Branches(found, upstream).grow(tree, root.id)
        if not tree.children:
            tree.add(Text("nothing is known", style="dim"))
        parts.append(tree)
    if found.cut:
        parts.append(Text("There is more than is shown at once.", style="yellow"))
    return Group(*parts, Text(_LEGEND, style="dim"))


class _Branches:
    def __init__(self, found: Lineage, upstream: bool) -> None:
        self._nodes = {node.id: node for node in found.nodes}
        self._upstream = upstream
        self._shown: set[str] = {found.root}
        self._edges: defaultdict[str, list[SeenEdge]] = defaultdict(list)
        for edge in found.edges:
            self._edges[edge.target if upstream else edge.source].append(edge)

    def grow(self, tree: Tree, at: str) -> None:
        ends: defaultdict[str, list[SeenEdge]] = defaultdict(list)
        for edge in self._edges[at]:
            ends[edge.source if self._upstream else edge.target].append(edge)
        for end, edges in sorted(ends.items(), key=lambda item: self._nodes[item[0]].name):
            again = end in self._shown
            self._shown.add(end)
            branch = tree.add(self._line(self._nodes[end], edges, again))
            if not again:
                self.grow(branch, end)

    def _line(self, node: SeenNode, edges: list[SeenEdge], again: bool) -> Text:
        best = min(edges, key=lambda edge: edge.certainty.weakness)
        told = [_TYPES[node.type], *_who(node), *_known(best)]
        if again:
            told.append("shown above")
        elif node.more:
            told.append(f"{node.more} more beyond")
        style = "dim strike" if best.vanished_at else "dim"
        mark = _MARKS[best.certainty]
        return Text.assemble((f"{mark} ", "dim"), node.name, (f"  {', '.join(told)}", style))


def _who(node: SeenNode) -> list[str]:
    told = [f"team {node.team}"] if node.team else []
    if node.owner:
        guess = " (guess)" if node.owner.guessed_from else ""
        told.append(f"{node.owner.ref}{guess}")
    return told


def _known(edge: SeenEdge) -> list[str]:
    told = [] if edge.lag is None else [f"{edge.lag:,} behind"]
    if edge.last_seen:
        told.append(f"seen {_moment(edge.last_seen)}")
    if edge.vanished_at:
        told.append(f"gone since {_moment(edge.vanished_at)}")
    return told


def _moment(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}"


def impact_sheet(found: SourceImpact) -> Group:
    what = found.source if found.field is None else f"{found.field} of {found.source}"
    counts = found.counts
    told = (
        f"{counts.consumer_groups} consumer groups, {counts.topics} topics, {counts.products} "
        f"products and {counts.others} others are affected, {counts.perhaps} perhaps"
    )
    gone = f"; {counts.vanished} of before are gone" if counts.vanished else ""
    lines = [Text.assemble(("If ", "dim"), (what, "bold"), f" changes: {told}{gone}.")]
    lines += [_team(each.team, (*each.groups, *each.topics)) for each in found.teams]
    lines.append(Text())
    lines += [_affected(each) for each in found.affected]
    if found.cut:
        lines.append(Text("There is more than was looked at.", style="yellow"))
    return Group(*lines)


def _team(team: str, has: tuple[str, ...]) -> Text:
    return Text.assemble((f"team {team:<16}", "dim"), ", ".join(has))


def _affected(each: SeenAffected) -> Text:
    told = [_TYPES[each.node.type], *_who(each.node)]
    if each.fields:
        told.append(f"fields {', '.join(each.fields)}")
    told.append("a guess" if each.certainty is Certainty.GUESS else each.certainty.value)
    if len(each.way) > 2:
        told.append(f"by way of {' > '.join(each.way[1:-1])}")
    if each.last_seen:
        told.append(f"seen {_moment(each.last_seen)}")
    word = "perhaps " if each.effect is Effect.PERHAPS else "affected"
    mark = (f"{'gone' if each.vanished else word:<8}  ", "dim" if each.vanished else "bold")
    return Text.assemble(mark, each.node.name, (f"  {', '.join(told)}", "dim"))
