from __future__ import annotations

import asyncio
import contextlib
import signal
import time
from collections.abc import AsyncIterator
from pathlib import Path

from core.approval import Approval, ApprovalStatus, StepStatus
from tests.integration.provisioning.ground import NOTHING, ONE_OF_EACH, Ground
from tests.integration.provisioning.plans import FRAUD_TEAM, plan_of
from tests.integration.provisioning.worker_process import POINTS, Place, start

GRANTED = [(FRAUD_TEAM.principal, each) for each in ("describe", "read", "write")]
UNDONE = (
    "The access of User:fraud-team",
    "was taken back",
    "Version 1 of the subject",
    "The topic",
)
_WORKERS = 3
_SECONDS = 240.0


@contextlib.asynccontextmanager
async def workers(place: Place) -> AsyncIterator[None]:
    """Always so many workers: one that was killed is followed by another."""

    async def one() -> None:
        process = start(place)
        try:
            while True:
                await asyncio.sleep(0.02)
                if not process.is_alive():
                    assert process.exitcode == -signal.SIGKILL
                    process = start(place)
        finally:
            process.kill()
            process.join()

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(one()) for _ in range(_WORKERS)]
        yield
        for task in tasks:
            task.cancel()


async def all_ended(ground: Ground, approvals: list[Approval]) -> list[Approval]:
    until = time.monotonic() + _SECONDS
    return [await ground.ended(each.id, until - time.monotonic()) for each in approvals]


async def version_counts(ground: Ground) -> set[int]:
    """How many versions products have."""
    async with ground.pool.connection() as conn:
        found = await conn.execute("select count(*) as n from product_versions group by product_id")
        return {row["n"] for row in await found.fetchall()}


async def test_a_plan_ends_whole_or_undone_wherever_its_worker_is_killed(
    ground: Ground, bootstrap_servers: str, registry_url: str, tmp_path: Path
) -> None:
    plans = {point: plan_of(f"{ground.prefix}.{point}", access=(FRAUD_TEAM,)) for point in POINTS}
    approvals = [await ground.approved(plan) for plan in plans.values()]
    place = Place(ground.database_url, bootstrap_servers, registry_url, tmp_path)

    async with workers(place):
        ended = dict(zip(POINTS, await all_ended(ground, approvals), strict=True))

    assert {point for point in POINTS if (tmp_path / point).exists()} == set(POINTS)
    assert await version_counts(ground) == {1}
    worlds = {point: await ground.world(plan) for point, plan in plans.items()}
    bound = {point: ground.bindings(plan) for point, plan in plans.items()}
    for point, approval in ended.items():
        if point.startswith("do-"):
            assert (approval.status, approval.error) == (ApprovalStatus.ACTIVE, None), point
            assert {step.status for step in approval.steps} == {StepStatus.DONE}, point
            assert (worlds[point], bound[point]) == (ONE_OF_EACH, GRANTED), point
        else:
            assert approval.status is ApprovalStatus.FAILED, point
            assert all(told in str(approval.error) for told in UNDONE), (point, approval.error)
            assert (worlds[point], bound[point]) == (NOTHING, []), point
