"""The step `check`: the plan is the decided one, and nothing stands in its way."""

from __future__ import annotations

import asyncio

from core.approval import Approval, Verdict
from core.plan import Plan, PlanKind
from core.product import DataProduct
from graph.provisioning.step import ClashError, Result, Work
from tools.db.products import ProductNotFoundError, ProductRepository
from tools.db.provisioning import StepRepository
from tools.kafka.admin import KafkaAdmin, TopicState
from tools.registry.client import Registry


class CheckPlan:
    """Holds the plan's names, then looks: nothing of a plan that clashes is ever made."""

    name = "check"

    def __init__(
        self,
        admin: KafkaAdmin,
        registry: Registry | None,
        products: ProductRepository,
        steps: StepRepository,
    ) -> None:
        self._steps = steps
        self._admin = admin
        self._registry = registry
        self._products = products

    async def do(self, work: Work) -> Result:
        verify(work.approval)
        if self._registry is None:
            raise ClashError(
                "No Schema Registry is configured, so the schema cannot be registered. Set "
                "HEADWATER_SCHEMA_REGISTRY and ask for the product again."
            )
        await self._steps.claim(work.approval.id, things_of(work.plan))
        await asyncio.gather(
            self._topic(work.plan),
            self._subject(work.plan, self._registry),
            self._id(work.plan),
            self._access(work.plan),
        )
        return {"plan_hash": work.approval.plan_hash}

    async def undo(self, plan: Plan, result: Result) -> str:
        return ""

    async def _topic(self, plan: Plan) -> None:
        found = await self._admin.describe_topic(plan.topic.name)
        if plan.kind is PlanKind.PROMOTE:
            _may_be_promoted(plan, found)
        elif found is not None:
            raise ClashError(
                f"The topic {plan.topic.name} exists already. Promote it, or choose another name."
            )

    async def _subject(self, plan: Plan, registry: Registry) -> None:
        if plan.kind is PlanKind.PROMOTE:
            return
        subject = plan.schema_plan.subject
        if await registry.latest_version(subject) is not None:
            raise ClashError(
                f"The subject {subject} has schemas already, though its topic does not exist. "
                "Delete the subject, or choose another name."
            )

    async def _id(self, plan: Plan) -> None:
        try:
            found = await self._products.get(plan.product.id, deleted=True)
        except ProductNotFoundError:
            return
        raise ClashError(_taken(found))

    async def _access(self, plan: Plan) -> None:
        if plan.access:
            await self._admin.require_acls()


def things_of(plan: Plan) -> tuple[str, ...]:
    """The names that a plan needs for itself."""
    return (
        f"topic:{plan.topic.cluster}/{plan.topic.name}",
        f"subject:{plan.schema_plan.subject}",
        f"product:{plan.product.id}",
    )


def verify(approval: Approval) -> None:
    """Raises ClashError unless this very plan was approved."""
    decision = approval.decision
    if decision is None or decision.verdict is Verdict.REJECT:
        raise ClashError(f"Nobody has approved the plan of {approval.id}.")
    if not approval.plan.hash == approval.plan_hash == decision.plan_hash:
        raise ClashError(
            f"The plan of {approval.id} is not the one that was decided on: its hash is "
            f"{approval.plan.hash[:12]}, the decision is on {decision.plan_hash[:12]}. Ask for the "
            "product again."
        )


def _may_be_promoted(plan: Plan, found: TopicState | None) -> None:
    name = plan.topic.name
    if found is None:
        raise ClashError(f"The topic {name} no longer exists. Scan the cluster again.")
    if found.internal:
        raise ClashError(f"The topic {name} is one of Kafka's own and cannot be a product.")
    if plan.topic.partitions < found.partitions:
        raise ClashError(
            f"The topic {name} has {found.partitions} partitions, and the plan wants "
            f"{plan.topic.partitions}: Kafka cannot take partitions away. Plan for "
            f"{found.partitions} or more."
        )


def _taken(found: DataProduct) -> str:
    return (
        f"The product id {found.id} is taken by {found.name!r} of {found.owner}"
        f"{'' if found.deleted_at is None else ', which was deleted and can be restored'}. Ask "
        "again with another id or name."
    )
