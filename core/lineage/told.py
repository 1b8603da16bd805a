"""What an event of OpenLineage says, as nodes and edges of the graph."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core.lineage.edge import WHOLE, Certainty, Edge, Evidence, FieldEdge, Flow
from core.lineage.namespace import Namespaces
from core.lineage.node import Node, NodeKind
from core.lineage.openlineage import Dataset, InputField, LineageEvent, RunState


@dataclass(frozen=True, slots=True)
class ToldRun:
    """A run of a job, as one event tells of it."""

    id: UUID
    job: Node
    state: RunState
    at: datetime


@dataclass(frozen=True, slots=True)
class Told:
    """`at` is the event's time, or now where the event claims to be of the future. `mapped` are the
    outputs of which it is told how their fields are made."""

    at: datetime
    producer: str
    job: Node
    edges: tuple[Edge, ...]
    fields: tuple[FieldEdge, ...]
    mapped: tuple[Node, ...]
    run: ToldRun | None


def told_by(event: LineageEvent, namespaces: Namespaces, now: datetime) -> Told:
    """A run is measured: the job said what it read and wrote. A job event is a declaration."""
    reading = _Reading(event, namespaces, min(event.at, now))
    return reading.told()


class _Reading:
    def __init__(self, event: LineageEvent, namespaces: Namespaces, at: datetime) -> None:
        self._event, self._namespaces, self._at = event, namespaces, at
        self._job = self._node(NodeKind.JOB, event.job.namespace, event.job.name)
        self._certainty = Certainty.DECLARED if event.run is None else Certainty.MEASURED
        self._known = {
            (each.namespace, each.name): self._dataset(each)
            for each in (*event.inputs, *event.outputs)
        }

    def told(self) -> Told:
        event, fields = self._event, tuple(self._fields())
        return Told(
            at=self._at,
            producer=event.producer,
            job=self._job,
            edges=tuple({edge.key: edge for edge in self._edges(fields)}.values()),
            fields=fields,
            mapped=tuple(self._dataset(each) for each in event.outputs if _mapped(each)),
            run=self._run(),
        )

    def _run(self) -> ToldRun | None:
        run, state = self._event.run, self._event.event_type or RunState.OTHER
        return None if run is None else ToldRun(run.run_id, self._job, state, self._at)

    def _edges(self, fields: Iterable[FieldEdge]) -> Iterator[Edge]:
        for each in self._event.inputs:
            yield self._edge(self._dataset(each), self._job, Flow.READS)
        for each in self._event.outputs:
            yield self._edge(self._job, self._dataset(each), Flow.WRITES)
        # What fields are made from is read, also where the event forgets to list it.
        for made in fields:
            yield self._edge(made.source, self._job, Flow.READS)

    def _edge(self, source: Node, target: Node, flow: Flow) -> Edge:
        return Edge(
            source=source,
            target=target,
            flow=flow,
            evidence=Evidence.OPENLINEAGE,
            certainty=self._certainty,
            first_seen=self._at,
            last_seen=self._at,
        )

    def _fields(self) -> Iterator[FieldEdge]:
        for output in self._event.outputs:
            lineage, target = output.facets.column_lineage, self._dataset(output)
            if lineage is None:
                continue
            for path, made in lineage.fields.items():
                yield from (self._field(each, target, path) for each in made.input_fields)
            yield from (self._field(each, target, WHOLE) for each in lineage.dataset)

    def _field(self, used: InputField, target: Node, path: str) -> FieldEdge:
        known = self._known.get((used.namespace, used.name))
        source = known or self._node(NodeKind.DATASET, used.namespace, used.name)
        return FieldEdge(
            through=self._job,
            source=source,
            source_field=used.field,
            target=target,
            target_field=path,
            how=used.how,
            certainty=self._certainty,
        )

    def _dataset(self, given: Dataset) -> Node:
        """A topic of ours where one of its names says so."""
        named = [(given.namespace, given.name)]
        named += [(each.namespace, each.name) for each in given.facets.symlinks.identifiers]
        nodes = [self._node(NodeKind.DATASET, *each) for each in named]
        return next((node for node in nodes if node.cluster is not None), nodes[0])

    def _node(self, kind: NodeKind, namespace: str, name: str) -> Node:
        return Node(kind=kind, namespace=self._namespaces.inward(namespace), name=name)


def _mapped(output: Dataset) -> bool:
    return output.facets.column_lineage is not None
