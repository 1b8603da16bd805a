"""A provisioning worker as a process of its own that kills itself where the plan's name says.

The topic `....do-schema-after` is provisioned by a worker that dies right after the step `schema`
was done and before that was noted; `....undo-topic-before` fails at its last step and the worker
dies before it undoes `topic`. Each point kills once: a marker file says that it has.
"""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import os
import signal
from dataclasses import dataclass, replace
from pathlib import Path

from core.approval import Approval, Step, StepStatus
from graph.provisioning.saga import Saga
from graph.provisioning.step import ClashError, Result, SagaStep, Work
from tests.integration.provisioning.ground import Ground
from tools.db.pool import open_pool
from tools.kafka.admin import KafkaAdmin
from tools.kafka.connection import KafkaConnection
from tools.registry.client import Registry

STEPS = ("check", "topic", "schema", "product", "access", "rules")
"""Of a plan with access."""
NOTING = ("topic", "schema", "product", "access")
"""Steps that note what they are about to make."""

POINTS = (
    *(f"do-{step}-{when}" for step in STEPS for when in ("before", "after", "done")),
    *(f"do-{step}-noted" for step in NOTING),
    *(f"undo-{step}-{when}" for step in STEPS[1:] for when in ("before", "after")),
)


@dataclass(frozen=True)
class Place:
    """Where a worker finds its servers, and the folder of its markers."""

    database_url: str
    bootstrap_servers: str
    registry_url: str
    markers: Path


class DyingSaga(Saga):
    """Dies at the point that the topic's name says, once."""

    markers: Path

    async def run(self, approval_id: str) -> Approval:
        """Another plan's death may have come first: the point is then passed here."""
        approval = await self._approvals.get(approval_id)
        for step in approval.steps:
            if step.status is StepStatus.DONE:
                self._die(approval, f"do-{step.name}-done")
        return await super().run(approval_id)

    async def _attempt(self, approval: Approval, step: SagaStep) -> None:
        await super()._attempt(approval, step)
        self._die(approval, f"do-{step.name}-done")

    async def _do(self, step: SagaStep, work: Work) -> Result:
        self._die(work.approval, f"do-{step.name}-before")
        if work.noted:
            self._die(work.approval, f"do-{step.name}-noted")
        result = await super()._do(step, work)
        self._die(work.approval, f"do-{step.name}-after")
        if ".undo-" in work.plan.topic.name and step.name == STEPS[-1]:
            raise ClashError("this plan is meant to fail at its last step.")
        return result

    def _work(self, approval: Approval, row: Step) -> Work:
        work = super()._work(approval, row)

        async def note(result: Result) -> None:
            await work.note(result)
            self._die(approval, f"do-{row.name}-noted")

        return replace(work, note=note)

    async def _undone(self, approval: Approval, step: SagaStep, row: Step) -> str:
        self._die(approval, f"undo-{step.name}-before")
        told = await super()._undone(approval, step, row)
        self._die(approval, f"undo-{step.name}-after")
        return told

    def _die(self, approval: Approval, point: str) -> None:
        if not approval.plan.topic.name.endswith(f".{point}"):
            return
        try:
            os.close(os.open(self.markers / point, os.O_CREAT | os.O_EXCL))
        except FileExistsError:
            return
        os.kill(os.getpid(), signal.SIGKILL)


def start(place: Place) -> multiprocessing.process.BaseProcess:
    """A worker that runs until it dies or is ended; its imports are made once for all."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    process = context.Process(target=_main, args=(place,), daemon=True)
    process.start()
    return process


def _main(place: Place) -> None:
    logging.basicConfig(filename=place.markers / f"log-{os.getpid()}", level=logging.INFO)
    asyncio.run(_work(place))


async def _work(place: Place) -> None:
    DyingSaga.markers = place.markers
    ground = Ground(
        place.database_url,
        await open_pool(place.database_url),
        KafkaAdmin(KafkaConnection(place.bootstrap_servers)),
        Registry(place.registry_url),
        prefix="",
        saga_of=DyingSaga,
    )
    await (await ground.open()).provisioning.run()
