"""Access to products that exist: given after a decision, and taken back when its time is over."""

from __future__ import annotations

from core.approval import Approval
from core.grant import GrantPlan
from core.grant_life import Grant, GrantStatus, ending, grant_id_of, parted
from core.plan import Plan
from core.product import DataProduct, OutputPort
from graph.provisioning.check import verify
from graph.provisioning.step import ClashError, Result, Work
from tools.db.grants import GrantNotFoundError, GrantRepository, note
from tools.db.pool import Connection, Pool
from tools.db.products import ProductNotFoundError, ProductRepository
from tools.kafka.admin import KafkaAdmin
from tools.kafka.permissions import Permissions

ACTOR = "system:headwater/provisioning"

_GRANT = "grant_id"


class Granting:
    """Gives and takes back. While Kafka is asked the principal is locked: of two grants that want
    the same, neither takes the other's away.

    Raises what Kafka's and Postgres' adapters raise; each may then be called again.
    """

    def __init__(self, pool: Pool, admin: KafkaAdmin) -> None:
        self._pool = pool
        self._grants = GrantRepository(pool)
        self._permissions = Permissions(admin)

    async def open(self, approval: Approval) -> str:
        """Note what will be the grant's own, before any of it is given; its id."""
        plan, grant = approval.plan, grant_in(approval.plan)
        async with self._pool.connection() as conn, conn.transaction():
            others = await self._grants.lock(conn, plan.topic.cluster, grant.principal)
            there = await self._permissions.given(grant.permissions)
            await self._grants.open(conn, approval, parted(grant.permissions, there, others))
        return grant_id_of(approval.id)

    async def give(self, grant_id: str) -> Grant:
        """Give what is noted; one that is active already stays as it is."""
        async with self._pool.connection() as conn, conn.transaction():
            grant, _ = await self._locked(conn, grant_id)
            if grant.status is not GrantStatus.GIVING:
                return grant
            await self._permissions.give(grant.own)
            given = await self._grants.given(conn, grant_id)
            if given is not None:
                await note(conn, given, given.approved_by, "grant.give")
        return given or grant

    async def end(self, grant_id: str) -> Grant:
        """Take back what is its own and nobody else's, if it is to end; the same again does no
        harm."""
        async with self._pool.connection() as conn, conn.transaction():
            grant, others = await self._locked(conn, grant_id)
            if grant.status is not GrantStatus.ENDING:
                return grant
            return await self._end(conn, grant, others, grant.ending_as or GrantStatus.EXPIRED)

    async def undo(self, grant_id: str) -> Grant | None:
        """Take back what a plan that failed may have given; None where it had not begun."""
        async with self._pool.connection() as conn, conn.transaction():
            try:
                grant, others = await self._locked(conn, grant_id)
            except GrantNotFoundError:
                return None
            if grant.status.ended:
                return grant
            return await self._end(conn, grant, others, GrantStatus.UNDONE)

    async def _locked(self, conn: Connection, grant_id: str) -> tuple[Grant, tuple[Grant, ...]]:
        """As it is once its principal is locked, and the principal's grants that have not ended."""
        known = await self._grants.read(conn, grant_id)
        others = await self._grants.lock(conn, known.cluster, known.plan.principal)
        return await self._grants.read(conn, grant_id), others

    async def _end(
        self, conn: Connection, grant: Grant, others: tuple[Grant, ...], status: GrantStatus
    ) -> Grant:
        parts = ending(grant, others)
        await self._permissions.take(parts.take)
        ended = await self._grants.ended(conn, grant.id, status, parts.kept)
        if ended is not None:
            await note(conn, ended, grant.ended_by or ACTOR, f"grant.{status}")
        return ended or grant


class CheckAccess:
    """The step `check` of a plan of access: the product is as it was when its owner decided."""

    name = "check"

    def __init__(self, admin: KafkaAdmin, products: ProductRepository) -> None:
        self._admin = admin
        self._products = products

    async def do(self, work: Work) -> Result:
        verify(work.approval)
        plan, grant = work.plan, grant_in(work.plan)
        await self._product(plan, grant)
        _still_to_come(work.approval, grant)
        await self._admin.require_acls()
        return {"plan_hash": work.approval.plan_hash}

    async def undo(self, plan: Plan, result: Result) -> str:
        return ""

    async def _product(self, plan: Plan, grant: GrantPlan) -> None:
        try:
            found = await self._products.get(plan.product.id)
        except ProductNotFoundError as error:
            raise ClashError(str(error)) from error
        _unchanged(plan, grant, found)


class GiveAccess:
    """The step `access`: Kafka lets the team in, and the grant says until when."""

    name = "access"

    def __init__(self, granting: Granting) -> None:
        self._granting = granting

    async def do(self, work: Work) -> Result:
        grant_id = await self._granting.open(work.approval)
        await work.note({_GRANT: grant_id})
        given = await self._granting.give(grant_id)
        return {_GRANT: grant_id, "acls": len(given.own), "found": len(given.found)}

    async def undo(self, plan: Plan, result: Result) -> str:
        undone = await self._granting.undo(str(result[_GRANT])) if _GRANT in result else None
        if undone is None:
            return ""
        return f"The access of {undone.plan.principal} to {plan.product.id} was taken back."


def grant_in(plan: Plan) -> GrantPlan:
    """The grant of a plan of access. Raises ClashError for any other plan."""
    if plan.grant is None:
        raise ClashError(f"The plan for {plan.product.id} gives nobody access.")
    return plan.grant


def _still_to_come(approval: Approval, grant: GrantPlan) -> None:
    decision = approval.decision
    if decision is not None and grant.until <= decision.at:
        raise ClashError(
            f"The access would have ended at {grant.ends}, before it was approved. Ask again with "
            "a later end."
        )


def _unchanged(plan: Plan, grant: GrantPlan, found: DataProduct) -> None:
    if found.owner != plan.product.owner:
        raise ClashError(
            f"The product {found.id} belongs to {found.owner} now, and the plan was decided on as "
            f"{plan.product.owner}'s. Ask for access again."
        )
    if not found.lifecycle.served:
        raise ClashError(f"The product {found.id} is {found.lifecycle}: nobody gets access to it.")
    ports = set(found.ports)
    for topic in grant.topics:
        if OutputPort(cluster=plan.topic.cluster, topic=topic) not in ports:
            raise ClashError(f"The topic {topic} is no output port of {found.id} any more.")
