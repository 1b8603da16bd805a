"""The steps of provisioning: what a plan's carrying out has done, and where it may have died."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from psycopg.types.json import Jsonb

from core.approval import Step, StepStatus
from core.product import DataProduct
from tools.db import audit
from tools.db.pool import Connection, Pool
from tools.db.product_row import content_of
from tools.db.product_writing import held, release
from tools.db.sql import load

_SQL = load("provisioning")

Result = Mapping[str, Any]


class StepOvertakenError(Exception):
    """Another worker took this step on, or a step failed meanwhile: this one must stop."""

    def __init__(self, approval_id: str, name: str) -> None:
        super().__init__(
            f"The step {name} of {approval_id} was taken on by another worker, which carries on."
        )


class ThingClaimedError(Exception):
    """Another approved plan is being carried out for a thing of the same name."""

    def __init__(self, thing: str, holder: str) -> None:
        kind, _, name = thing.partition(":")
        super().__init__(
            f"The approved plan {holder} is being carried out for the same {kind} {name}. Wait for "
            "its end, or choose another name."
        )


class StepRepository:
    """A row per step of an approval. Only who began a step last may write its result."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def plan(self, approval_id: str, names: Sequence[str]) -> tuple[Step, ...]:
        """Note the steps to come, in order; those of an earlier run stay. Returns all."""
        given = {"approval_id": approval_id, "names": list(names)}
        async with self._pool.connection() as conn, conn.transaction():
            await conn.execute(_SQL["plan_steps"], given)
            rows = await (await conn.execute(_SQL["steps"], given)).fetchall()
        return tuple(Step(**row) for row in rows)

    async def begin(self, approval_id: str, name: str) -> Step:
        """The step is being done. Raises StepOvertakenError."""
        given = {"approval_id": approval_id, "name": name}
        async with self._pool.connection() as conn:
            row = await (await conn.execute(_SQL["begin"], given)).fetchone()
        if row is None:
            raise StepOvertakenError(approval_id, name)
        return Step(**row)

    async def note(
        self,
        approval_id: str,
        step: Step,
        result: Result | None = None,
        *,
        detail: str | None = None,
    ) -> None:
        """Add to the result of a step that is being done. Raises StepOvertakenError."""
        given = {"result": Jsonb(dict(result or {})), "detail": detail}
        await self._write("note", approval_id, step, given)

    async def finish(self, approval_id: str, step: Step, result: Result) -> None:
        """The step is done. Raises StepOvertakenError."""
        given = {"result": Jsonb(dict(result)), "detail": None, "status": StepStatus.DONE}
        await self._write("finish", approval_id, step, given)

    async def fail(self, approval_id: str, step: Step, detail: str) -> None:
        """The step failed for good. Raises StepOvertakenError."""
        given = {"result": Jsonb({}), "detail": detail, "status": StepStatus.FAILED}
        await self._write("finish", approval_id, step, given)

    async def undo(self, approval_id: str, name: str, detail: str) -> None:
        """What the step had made is undone, in words; once only."""
        given = {"approval_id": approval_id, "name": name, "detail": detail}
        async with self._pool.connection() as conn:
            await conn.execute(_SQL["undo"], given)

    async def claim(self, approval_id: str, things: Sequence[str]) -> None:
        """Hold these names for this plan until it is released. Raises ThingClaimedError."""
        given = {"approval_id": approval_id, "things": list(things)}
        async with self._pool.connection() as conn, conn.transaction():
            await conn.execute(_SQL["claim"], given)
            row = await (await conn.execute(_SQL["claimed_by_others"], given)).fetchone()
            if row is not None:
                raise ThingClaimedError(row["thing"], row["approval_id"])

    async def release(self, approval_id: str) -> None:
        """Let go what the plan held; it has ended."""
        async with self._pool.connection() as conn:
            await conn.execute(_SQL["release"], {"approval_id": approval_id})

    async def lost(self, conn: Connection, task: str) -> tuple[str, ...]:
        """Approved plans without a job of that task, locked in the caller's transaction."""
        rows = await (await conn.execute(_SQL["lost"], {"task": task})).fetchall()
        return tuple(row["id"] for row in rows)

    async def _write(
        self, query: str, approval_id: str, step: Step, given: Mapping[str, object]
    ) -> None:
        at = {"approval_id": approval_id, "name": step.name, "attempts": step.attempts}
        async with self._pool.connection() as conn:
            row = await (await conn.execute(_SQL[query], {**at, **given})).fetchone()
        if row is None:
            raise StepOvertakenError(approval_id, step.name)


async def withdraw_product(pool: Pool, product: DataProduct, by: str) -> bool:
    """Take back a product that provisioning had stored, its contract, rules and versions too.

    False where there is none, or where another one has the id: it has other topics.
    """
    async with pool.connection() as conn, conn.transaction():
        stored = await held(conn, product.id)
        if stored is None or set(stored.product.ports) != set(product.ports):
            return False
        await release(conn, stored.product)
        await conn.execute(_SQL["withdraw_product"], {"id": product.id})
        await audit.record(
            conn,
            actor=by,
            action="product.withdraw",
            target=f"product:{product.id}",
            before=content_of(stored.product),
        )
    return True
