"""Runs of our own, as OpenLineage tells of them: recorded here, and sent to whoever is named."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from openlineage.client.event_v2 import InputDataset, Job, OutputDataset, Run, RunEvent
from openlineage.client.event_v2 import RunState as EventType
from openlineage.client.facet_v2 import column_lineage_dataset, job_type_job
from openlineage.client.uuid import generate_new_uuid

from core.lineage.edge import FieldEdge
from core.lineage.node import Node, NodeKind
from core.lineage.openlineage import RunState
from core.lineage.told import Told, ToldRun
from tools.db.errors import DatabaseUnreachableError
from tools.db.lineage_telling import LineageTelling
from tools.provenance.emitter import Emitter

log = logging.getLogger(__name__)

NAMESPACE = "headwater"
PRODUCER = "urn:headwater"

MOST_INPUTS = 1_000
"""Topics that one event names."""


@dataclass
class OwnRun:
    """`reads` and `writes` are topics by name; `fields` says how the written ones are made. All may
    be set until the run ends."""

    job: Node
    kind: str
    id: UUID = field(default_factory=lambda: UUID(str(generate_new_uuid())))
    reads: Sequence[str] = ()
    writes: Sequence[str] = ()
    fields: Sequence[FieldEdge] = ()
    ends: RunState = RunState.COMPLETE
    """How it ends where it raises nothing."""


def own_job(name: str) -> Node:
    return Node(kind=NodeKind.JOB, namespace=NAMESPACE, name=name)


class RunTeller:
    """Telling disturbs no run: what cannot be recorded or sent is logged, and missed.

    `namespace` is what OpenLineage calls our cluster. Recorded are runs alone: which way data flows
    is known from what they leave behind.
    """

    def __init__(self, telling: LineageTelling, namespace: str, emitter: Emitter | None) -> None:
        self._telling = telling
        self._namespace = namespace
        self._emitter = emitter

    @property
    def sends(self) -> bool:
        return self._emitter is not None

    @asynccontextmanager
    async def told(self, run: OwnRun) -> AsyncIterator[OwnRun]:
        """Tell that it starts, and how it ends."""
        await self._tell(run, RunState.START)
        try:
            yield run
        except asyncio.CancelledError:
            await asyncio.shield(self._tell(run, RunState.ABORT))
            raise
        except Exception:
            await self._tell(run, RunState.FAIL)
            raise
        await self._tell(run, run.ends)

    async def _tell(self, run: OwnRun, state: RunState) -> None:
        at = datetime.now(UTC)
        told = Told(at, PRODUCER, run.job, (), (), (), ToldRun(run.id, run.job, state, at))
        try:
            await self._telling.put([told])
        except DatabaseUnreachableError as error:
            log.warning("a run of %s is not recorded: %s", run.job.name, error)
        if self._emitter is not None:
            self._emitter.emit(self._event(run, state, at))

    def _event(self, run: OwnRun, state: RunState, at: datetime) -> RunEvent:
        kind = job_type_job.JobTypeJobFacet(
            processingType="STREAMING" if run.kind == "BRIDGE" else "BATCH",
            integration="HEADWATER",
            jobType=run.kind,
        )
        ours = run.job.namespace != NAMESPACE
        return RunEvent(
            eventTime=at.isoformat(),
            eventType=EventType(state.value),
            producer=PRODUCER,
            run=Run(str(run.id)),
            job=Job(self._namespace if ours else NAMESPACE, run.job.name, {"jobType": kind}),
            inputs=[InputDataset(self._namespace, name) for name in run.reads[:MOST_INPUTS]],
            outputs=[self._output(run, name) for name in run.writes],
        )

    def _output(self, run: OwnRun, name: str) -> OutputDataset:
        made = [each for each in run.fields if each.target.name == name]
        if not made:
            return OutputDataset(self._namespace, name)
        return OutputDataset(self._namespace, name, facets={"columnLineage": self._columns(made)})

    def _columns(
        self, made: Sequence[FieldEdge]
    ) -> column_lineage_dataset.ColumnLineageDatasetFacet:
        by: dict[str, list[column_lineage_dataset.InputField]] = {}
        for each in made:
            used = column_lineage_dataset.InputField(
                self._namespace,
                each.source.name,
                each.source_field,
                [
                    column_lineage_dataset.Transformation(
                        type="DIRECT", subtype="TRANSFORMATION" if each.how else "IDENTITY"
                    )
                ],
            )
            by.setdefault(each.target_field, []).append(used)
        fields = {path: column_lineage_dataset.Fields(used) for path, used in by.items()}
        return column_lineage_dataset.ColumnLineageDatasetFacet(fields=fields)


def telling(runs: RunTeller | None, run: OwnRun) -> AbstractAsyncContextManager[OwnRun]:
    """The run, told of where there is a teller."""
    return nullcontext(run) if runs is None else runs.told(run)
