"""Approvals: plans that wait for a person, and what was decided on them."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from datetime import timedelta

from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from core.approval import Approval, ApprovalStatus, Decision, Step, Verdict
from core.impact import Impact
from core.plan import Plan, PlanKind
from tools.db import audit
from tools.db.cursor import Page, read_cursor, read_moment, write_cursor
from tools.db.pool import Connection, Pool
from tools.db.sql import load

_SQL = load("approvals")

_AT_ONCE = 100


class ApprovalNotFoundError(LookupError):
    """There is no such approval; list them to see those that exist."""

    def __init__(self, approval_id: str) -> None:
        super().__init__(
            f"There is no approval {approval_id[:100]!r}. GET /approvals lists those that exist."
        )


class ApprovalRepository:
    """The life of an approval: pending, then rejected, expired or approved and carried out."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def create(
        self, plan: Plan, *, thread_id: str, requested_by: str, lifetime: timedelta
    ) -> Approval:
        """The approval that the thread waits for: the one that it made before, where it did.

        Its plan, and not the one that was handed in, is then the plan in force.
        """
        given = {
            "id": f"apr-{secrets.token_hex(6)}",
            "thread_id": thread_id,
            "kind": plan.kind,
            "plan": _json(plan),
            "plan_hash": plan.hash,
            "requested_by": requested_by,
            "seconds": lifetime.total_seconds(),
        }
        async with self._pool.connection() as conn, conn.transaction():
            row = await (await conn.execute(_SQL["create"], given)).fetchone()
            if row is not None:
                await _note_created(conn, row["id"], plan, requested_by)
        if row is not None:
            return await self.get(row["id"])
        found = await self.of_thread(thread_id)
        assert found is not None  # noqa: S101 (approvals are never deleted)
        return found

    async def get(self, approval_id: str) -> Approval:
        """One approval with its steps. Raises `ApprovalNotFoundError`."""
        at = {"id": approval_id.replace("\0", "")}
        async with self._pool.connection() as conn:
            row = await (await conn.execute(_SQL["get"], at)).fetchone()
            if row is None:
                raise ApprovalNotFoundError(approval_id)
            steps = await (await conn.execute(_SQL["steps"], at)).fetchall()
        return _approval_of(row, steps)

    async def of_thread(self, thread_id: str) -> Approval | None:
        """The approval that a graph thread waits for, or None while it made none."""
        async with self._pool.connection() as conn:
            found = await conn.execute(_SQL["of_thread"], {"thread_id": thread_id})
            row = await found.fetchone()
        return None if row is None else await self.get(row["id"])

    async def list(
        self,
        status: ApprovalStatus | None = None,
        *,
        kind: PlanKind | None = None,
        product_id: str | None = None,
        team: str | None = None,
        requested_by: str | None = None,
        limit: int = 50,
        cursor: str | None = None,
    ) -> Page[Approval]:
        """Approvals, newest first, without their steps; every filter that is given holds.

        `team` is who would get access, of plans of that kind.
        """
        at, before_id = read_cursor(cursor, str, str)
        given = {
            "status": status, "kind": kind, "product_id": product_id, "team": team,
            "requested_by": requested_by, "before_at": read_moment(cursor, at),
            "before_id": before_id,
        }  # fmt: skip
        async with self._pool.connection() as conn:
            found = await conn.execute(_SQL["list"], {**given, "limit": limit + 1})
            rows = await found.fetchall()
        items = tuple(_approval_of(row) for row in rows[:limit])
        if len(rows) <= limit:
            return Page(items, None)
        return Page(items, write_cursor(items[-1].created_at.isoformat(), items[-1].id))

    async def claim(
        self,
        conn: Connection,
        seen: Approval,
        *,
        verdict: Verdict,
        by: str,
        via: str,
        comment: str,
        plan: Plan,
        impact: Impact | None = None,
    ) -> Approval | None:
        """Decide in the caller's transaction, or None: decided, expired or another plan by now.

        `plan` is the one that is decided on, another than was `seen` after a modification;
        `impact` is kept as what the decider could see.
        """
        given = {
            "id": seen.id,
            "seen_hash": seen.plan_hash,
            "verdict": verdict,
            "by": by,
            "via": via,
            "comment": comment,
            "plan": _json(plan),
            "plan_hash": plan.hash,
            "impact": None if impact is None else Jsonb(impact.model_dump(mode="json")),
        }
        row = await (await conn.execute(_SQL["claim"], given)).fetchone()
        return None if row is None else _approval_of(row)

    async def revise(self, conn: Connection, seen: Approval, plan: Plan) -> Approval | None:
        """Change the plan that waits, in the caller's transaction, or None: decided, expired or
        another plan by now."""
        given = {
            "id": seen.id,
            "seen_hash": seen.plan_hash,
            "plan": _json(plan),
            "plan_hash": plan.hash,
        }
        row = await (await conn.execute(_SQL["revise"], given)).fetchone()
        return None if row is None else _approval_of(row)

    async def expire(self, conn: Connection, limit: int = _AT_ONCE) -> tuple[Approval, ...]:
        """Note, in the caller's transaction, up to `limit` whose time is over; returns them."""
        rows = await (await conn.execute(_SQL["expire"], {"limit": limit})).fetchall()
        return tuple(_approval_of(row) for row in rows)

    async def begin(self, approval_id: str) -> None:
        """An approved plan is being carried out; ended ones stay as they are."""
        await self._execute("begin", {"id": approval_id})

    async def finish(
        self, approval_id: str, status: ApprovalStatus, error: str | None = None
    ) -> None:
        """Carrying it out ended: active, or failed with an error; the first end stays."""
        await self._execute("finish", {"id": approval_id, "status": status, "error": error})

    async def _execute(self, query: str, given: Mapping[str, object]) -> None:
        async with self._pool.connection() as conn:
            await conn.execute(_SQL[query], given)


async def _note_created(conn: Connection, approval_id: str, plan: Plan, by: str) -> None:
    state = {"status": ApprovalStatus.PENDING.value, "plan_hash": plan.hash}
    await audit.record(
        conn, actor=by, action="approval.create", target=f"approval:{approval_id}", after=state
    )


def _json(plan: Plan) -> Jsonb:
    return Jsonb(plan.model_dump(mode="json"))


def _approval_of(row: DictRow, steps: Iterable[DictRow] = ()) -> Approval:
    original = row["original"]
    return Approval(
        id=row["id"],
        status=row["standing"],
        plan=Plan.model_validate(row["plan"]),
        plan_hash=row["plan_hash"],
        requested_by=row["requested_by"],
        thread_id=row["thread_id"],
        created_at=row["created_at"],
        expires_at=row["expires_at"],
        decision=_decision_of(row),
        original=None if original is None else Plan.model_validate(original),
        impact=None if row["impact"] is None else Impact.model_validate(row["impact"]),
        steps=tuple(Step(**step) for step in steps),
        seconds=_seconds(row),
        error=row["error"],
    )


def _decision_of(row: DictRow) -> Decision | None:
    if row["verdict"] is None:
        return None
    return Decision(
        verdict=row["verdict"],
        by=row["decided_by"],
        via=row["decided_via"],
        comment=row["comment"],
        at=row["decided_at"],
        plan_hash=row["plan_hash"],
    )


def _seconds(row: DictRow) -> float | None:
    carried_out = row["standing"] in (ApprovalStatus.ACTIVE, ApprovalStatus.FAILED)
    if not carried_out or row["finished_at"] is None or row["decided_at"] is None:
        return None
    return float((row["finished_at"] - row["decided_at"]).total_seconds())
