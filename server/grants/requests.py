"""Requests for access to a product: each becomes a plan that its owner decides on."""

from __future__ import annotations

import asyncio

from core.approval import Approval, ApprovalStatus
from core.contract.port import PortView
from core.grant_life import Grant, GrantStatus
from core.grant_request import (
    AccessRefusedError,
    AccessRequest,
    StandingPort,
    access_plan,
    grant_of,
    team_in,
)
from core.ownership import OwnerRules
from core.plan import Compatibility, Plan, PlanKind
from core.product import DataProduct
from graph.flow import Flow
from server.threads import thread_of
from tools.db.approvals import ApprovalNotFoundError, ApprovalRepository
from tools.db.deliveries import DeliveryRepository
from tools.db.grants import GrantRepository
from tools.db.pool import Pool
from tools.kafka.admin import KafkaAdmin
from tools.notifications.channel import Notifications
from tools.plan_review import PlanReviewer
from tools.registry.client import Registry


class AccessNotConfiguredError(Exception):
    """Nobody said what teams are called in Kafka."""

    def __init__(self) -> None:
        super().__init__(
            "This server gives no access: it does not know what teams are called in Kafka's ACLs. "
            "Set HEADWATER_ACL_PRINCIPAL, such as User:{team}."
        )


class AccessAskedForError(Exception):
    """The team asked for access to this product already, and nobody has decided yet."""

    def __init__(self, waiting: Approval) -> None:
        super().__init__(
            f"A request of this team for {waiting.plan.product.id} waits already: {waiting.id}. "
            "Wait for the decision, or withdraw it with "
            f"POST /access-requests/{waiting.id}/withdraw."
        )


class AccessRequests:
    """Plans from what the catalog, Kafka and the registry know; it changes none of them.

    `acl_principal` is the template of teams' Kafka principals.
    """

    def __init__(
        self,
        pool: Pool,
        kafka: KafkaAdmin,
        registry: Registry | None,
        reviewer: PlanReviewer,
        flow: Flow,
        acl_principal: str | None,
        rules: OwnerRules,
        notifications: Notifications,
    ) -> None:
        self._approvals = ApprovalRepository(pool)
        self._grants = GrantRepository(pool)
        self._kafka = kafka
        self._registry = registry
        self._reviewer = reviewer
        self._flow = flow
        self._acl_principal = acl_principal
        self._rules = rules
        self._notifications = notifications
        self._deliveries = DeliveryRepository(pool)

    async def ask(
        self,
        product: DataProduct,
        ports: tuple[PortView, ...],
        request: AccessRequest,
        requested_by: str,
        cluster: str,
        key: str | None = None,
    ) -> Approval:
        """The approval that waits. The same key of the same requester gives the same again.

        Raises AccessNotConfiguredError, AccessRefusedError, AccessAskedForError, InvalidOwnerError
        and KafkaFailedError.
        """
        thread_id = thread_of("access", product.id, requested_by, key=key)
        known = await self._flow.waiting(thread_id)
        if known is not None:
            await self._tell_owner(known)
            return known
        plan = await self._plan(product, ports, request, cluster)
        made = await self._flow.start_with(thread_id, plan, requested_by)
        await self._tell_owner(made)
        return made

    async def get(self, approval_id: str) -> Approval:
        """Raises ApprovalNotFoundError, also for an approval of another kind."""
        found = await self._approvals.get(approval_id)
        if found.plan.kind is not PlanKind.ACCESS:
            raise ApprovalNotFoundError(approval_id)
        return found

    async def _plan(
        self,
        product: DataProduct,
        ports: tuple[PortView, ...],
        request: AccessRequest,
        cluster: str,
    ) -> Plan:
        if self._acl_principal is None:
            raise AccessNotConfiguredError
        if not product.lifecycle.served:
            raise AccessRefusedError(
                f"The product {product.id} is {product.lifecycle}: access is given to active ones."
            )
        await self._refuse_second(product.id, team_in(request))
        grant = grant_of(request, product, cluster, self._acl_principal)
        view = next(each for each in ports if each.topic == grant.topics[0])
        port, before = await asyncio.gather(
            self._standing(view), self._before(product.id, grant.principal)
        )
        plan = await asyncio.to_thread(
            access_plan, product, grant, port, cluster, before, self._rules
        )
        if problems := await self._reviewer.problems(plan):
            raise AccessRefusedError(f"Access cannot be given so: {'; '.join(problems[:5])}")
        return plan

    async def _tell_owner(self, made: Approval) -> None:
        """Once, however often it is asked for under the same key."""
        channels = self._notifications.of(made.plan.product.owner)
        keys = dict.fromkeys(channel.key for channel in channels)
        await self._deliveries.queue_access_request(made.id, keys)

    async def _refuse_second(self, product_id: str, team: str) -> None:
        waiting = await self._approvals.list(
            ApprovalStatus.PENDING, kind=PlanKind.ACCESS, product_id=product_id, team=team, limit=1
        )
        if waiting.items:
            raise AccessAskedForError(waiting.items[0])

    async def _before(self, product_id: str, principal: str) -> Grant | None:
        found = await self._grants.list(
            product_id=product_id, principal=principal, status=GrantStatus.ACTIVE, limit=1
        )
        return found.items[0] if found.items else None

    async def _standing(self, view: PortView) -> StandingPort:
        topic = await self._kafka.describe_topic(view.topic)
        if topic is None:
            raise AccessRefusedError(
                f"The topic {view.topic} of the product no longer exists. Tell its owner."
            )
        level, version = await self._subject(view)
        return StandingPort(
            view, topic.partitions, topic.replication, topic.settings, level, version
        )

    async def _subject(self, view: PortView) -> tuple[str, int | None]:
        if self._registry is None:
            return Compatibility.NONE, None
        subject = view.subject or f"{view.topic}-value"
        latest = await self._registry.latest_version(subject)
        level = await self._registry.compatibility(subject)
        return level, None if latest is None else latest.version
