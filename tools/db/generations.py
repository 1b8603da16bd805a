"""Generations: what was asked for, how far its draft is, and where its approval stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from core.approval import ApprovalStatus
from core.generation import Generation, GenerationRequest, GenerationStatus
from core.plan import Plan
from tools.db import audit
from tools.db.cursor import Page, read_cursor, read_moment, write_cursor
from tools.db.pool import Connection, Pool
from tools.db.sql import load

_SQL = load("generations")

_BY_APPROVAL = {
    ApprovalStatus.ACTIVE: (GenerationStatus.ACTIVE, "provisioned"),
    ApprovalStatus.REJECTED: (GenerationStatus.REJECTED, "rejected"),
    ApprovalStatus.EXPIRED: (GenerationStatus.EXPIRED, "expired undecided"),
    ApprovalStatus.FAILED: (GenerationStatus.FAILED, "provisioning failed and was undone"),
    ApprovalStatus.APPROVED: (GenerationStatus.WAITING, "approved; provisioning begins"),
    ApprovalStatus.PROVISIONING: (GenerationStatus.WAITING, "approved; being provisioned"),
}
"""Where a generation stands by its approval; one that is pending keeps its own words."""


class GenerationNotFoundError(LookupError):
    """There is no such generation; list them to see those that exist."""

    def __init__(self, generation_id: str) -> None:
        super().__init__(
            f"There is no generation {generation_id[:100]!r}. GET /generations lists those that "
            "exist."
        )


@dataclass(frozen=True, slots=True)
class Drafted:
    """A generation with the plan in force, None while nothing is drafted."""

    generation: Generation
    plan: Plan | None


class GenerationRepository:
    """The life of a generation: queued, drafting, then as its approval goes."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def create(
        self, generation_id: str, request: GenerationRequest, requested_by: str, conn: Connection
    ) -> bool:
        """Whether it is new; within the caller's transaction."""
        given = {
            "id": generation_id,
            "request": Jsonb(request.model_dump(mode="json")),
            "requested_by": requested_by,
        }
        new = await (await conn.execute(_SQL["create"], given)).fetchone() is not None
        if new:
            await audit.record(
                conn,
                actor=requested_by,
                action="generation.start",
                target=f"generation:{generation_id}",
                after=request.model_dump(mode="json"),
            )
        return new

    async def get(self, generation_id: str) -> Generation:
        """Raises `GenerationNotFoundError`."""
        return (await self.drafted(generation_id)).generation

    async def drafted(self, generation_id: str) -> Drafted:
        """Raises `GenerationNotFoundError`."""
        row = await self._row("get", {"id": generation_id.replace("\0", "")})
        if row is None:
            raise GenerationNotFoundError(generation_id)
        plan = None if row["plan"] is None else Plan.model_validate(row["plan"])
        return Drafted(_generation_of(row), plan)

    async def list(self, *, limit: int = 50, cursor: str | None = None) -> Page[Generation]:
        """Newest first."""
        at, before_id = read_cursor(cursor, str, str)
        given = {"before_at": read_moment(cursor, at), "before_id": before_id, "limit": limit + 1}
        async with self._pool.connection() as conn:
            rows = await (await conn.execute(_SQL["list"], given)).fetchall()
        items = tuple(_generation_of(row) for row in rows[:limit])
        if len(rows) <= limit:
            return Page(items, None)
        return Page(items, write_cursor(items[-1].created_at.isoformat(), items[-1].id))

    async def begin(self, generation_id: str) -> bool:
        """Whether it is still to be drafted; it is being drafted then."""
        return await self._row("begin", {"id": generation_id}) is not None

    async def tell(self, generation_id: str, stage: str) -> None:
        await self._execute("tell", {"id": generation_id, "stage": stage[:300]})

    async def finish_draft(
        self, generation_id: str, approval_id: str, product_id: str, summary: str, stage: str
    ) -> None:
        given = {"approval_id": approval_id, "product_id": product_id, "summary": summary}
        await self._execute("drafted", {"id": generation_id, "stage": stage[:300], **given})

    async def fail(self, generation_id: str, error: str) -> None:
        """Unless it has been drafted already."""
        await self._execute("fail", {"id": generation_id, "error": error[:2_000]})

    async def orphans(self, task: str) -> tuple[str, ...]:
        """Silent ones that wait or are drafted without a job of that task in the queue."""
        async with self._pool.connection() as conn:
            rows = await (await conn.execute(_SQL["orphans"], {"task": task})).fetchall()
        return tuple(row["id"] for row in rows)

    async def _row(self, query: str, given: Mapping[str, object]) -> DictRow | None:
        async with self._pool.connection() as conn:
            return await (await conn.execute(_SQL[query], given)).fetchone()

    async def _execute(self, query: str, given: Mapping[str, object]) -> None:
        async with self._pool.connection() as conn:
            await conn.execute(_SQL[query], given)


def _generation_of(row: DictRow) -> Generation:
    status, stage = GenerationStatus(row["status"]), row["stage"]
    if row["standing"] is not None:
        status, stage = _BY_APPROVAL.get(ApprovalStatus(row["standing"]), (status, stage))
    return Generation(
        id=row["id"],
        request=GenerationRequest.model_validate(row["request"]),
        requested_by=row["requested_by"],
        status=status,
        stage=stage,
        approval_id=row["approval_id"],
        product_id=row["product_id"],
        summary=row["summary"],
        error=row["error"] or row["approval_error"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
    )
