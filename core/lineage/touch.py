"""Which fields a change reaches, as far as it is known how fields are made from fields."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from core.lineage.edge import WHOLE, Certainty, Edge, FieldEdge
from core.lineage.node import Node, NodeKind

Touched = Mapping[str, bool]
"""Path of a field -> whether it is sure that the change reaches it. WHOLE: all of the dataset, or,
where it is not sure, some field that is not known."""


@dataclass
class Touch:
    """Carries a change of `root` along the edges until nothing new is reached.

    Where it is known how a dataset's fields are made, it goes along those; where it is not, it may
    reach all of them. What is guessed of fields tells of guessed edges alone.
    """

    edges: Iterable[Edge]
    fields: Iterable[FieldEdge]
    reached: dict[Node, dict[str, bool]] = field(default_factory=dict)
    _ahead: dict[Node, list[Edge]] = field(default_factory=dict)
    _made: dict[tuple[Node | None, Node, bool], list[FieldEdge]] = field(default_factory=dict)
    """By the job, the dataset, and whether it is a guess."""
    _used: dict[tuple[Node | None, Node], set[str]] = field(default_factory=dict)
    """The fields of a dataset of which a job makes something."""
    _into: dict[Node, set[Node]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        ahead: defaultdict[Node, list[Edge]] = defaultdict(list)
        into: defaultdict[Node, set[Node]] = defaultdict(set)
        made: defaultdict[tuple[Node | None, Node, bool], list[FieldEdge]] = defaultdict(list)
        for edge in self.edges:
            ahead[edge.source].append(edge)
            into[edge.target].add(edge.source)
        used: defaultdict[tuple[Node | None, Node], set[str]] = defaultdict(set)
        for each in self.fields:
            made[each.through, each.target, each.certainty is Certainty.GUESS].append(each)
            used[each.through, each.source].add(each.source_field)
        self._ahead, self._into = dict(ahead), dict(into)
        self._made, self._used = dict(made), dict(used)

    def of(self, root: Node, path: str | None) -> Mapping[Node, Touched]:
        """What a change of the field at `path`, or of all of `root`, reaches."""
        self.reached = {root: {WHOLE if path is None else path: True}}
        waiting = [root]
        while waiting:
            for edge in self._ahead.get(waiting.pop(), ()):
                if self._carry(edge):
                    waiting.append(edge.target)
        return self.reached

    def _carry(self, edge: Edge) -> bool:
        """Whether the edge's target was reached in a way in which it was not yet."""
        had = dict(self.reached.get(edge.target, {}))
        came = self._came(edge)
        if edge.certainty is Certainty.GUESS:
            came = dict.fromkeys(came, False)
        now = {**had, **{path: sure or had.get(path, False) for path, sure in came.items()}}
        if now == had:
            return False
        self.reached[edge.target] = now
        return True

    def _came(self, edge: Edge) -> dict[str, bool]:
        if edge.target.kind is NodeKind.JOB:
            return self._read(edge)
        if edge.source.kind is NodeKind.DATASET:
            guess = edge.certainty is Certainty.GUESS
            return self._through(None, {edge.source}, edge.target, guess)
        inputs = self._into.get(edge.source, set()) & self.reached.keys()
        return self._through(edge.source, inputs, edge.target)

    def _read(self, edge: Edge) -> dict[str, bool]:
        """What a job reads of what was changed: known where it tells how it makes its outputs."""
        used = self._used.get((edge.target, edge.source))
        touched = self.reached[edge.source]
        if used is None:
            return {WHOLE: touched.get(WHOLE, False)}
        return {**_whole(touched), **_matching(touched, used)}

    def _through(
        self, job: Node | None, inputs: set[Node], target: Node, guess: bool = False
    ) -> dict[str, bool]:
        made = self._made.get((job, target, guess), [])
        if not made:
            sure = any(self.reached[each].get(WHOLE, False) for each in inputs)
            return {WHOLE: sure} if inputs else {}
        came: dict[str, bool] = {}
        for source in inputs:
            came |= _whole(self.reached[source])
        for each in made:
            if each.source in inputs:
                sures = _matching(self.reached[each.source], {each.source_field}).values()
                if sures:
                    came[each.target_field] = any(sures) or came.get(each.target_field, False)
        return came


def _whole(touched: Touched) -> dict[str, bool]:
    """Where all of a dataset changes, all that is made of it does, named or not."""
    return {WHOLE: True} if touched.get(WHOLE, False) else {}


def _matching(touched: Touched, paths: set[str]) -> dict[str, bool]:
    """Those of the paths that a change of the touched ones reaches."""
    found: dict[str, bool] = {}
    for path in paths:
        sures = [sure for each, sure in touched.items() if _overlap(each, path)]
        if sures:
            found[path] = any(sures)
    return found


def _overlap(one: str, other: str) -> bool:
    """Whether one path is the other, or leads into it."""
    if WHOLE in (one, other) or one == other:
        return True
    short, long = sorted((one, other), key=len)
    return long.startswith((f"{short}.", f"{short}["))
