"""Every plan's review: checked against what Kafka, the registry and Postgres say, and priced."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime

from core.access import owner_access
from core.cost.estimate import CostEstimate
from core.cost.load import load_of
from core.cost.price_book import PriceBook
from core.cost.topic_cost import estimate
from core.grant import GrantPlan, grant_problems
from core.plan import Plan, PlanKind
from core.plan_check import problems
from core.plan_examples import message_bytes
from core.plan_facts import PlanFacts
from tools.db.plan_facts import NamesTaken, PlanFactsRepository
from tools.kafka.admin import KafkaAdmin
from tools.kafka.errors import AclsDisabledError, KafkaDeniedError, KafkaFailedError
from tools.registry.client import Registry
from tools.registry.errors import RegistryFailedError


@dataclass(frozen=True, slots=True)
class Surroundings:
    """`facts` of those servers that answered; `silent` says which did not, in words."""

    facts: PlanFacts
    waiting: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Cluster:
    topics: frozenset[str] = frozenset()
    brokers: int | None = None
    silent: tuple[str, ...] = field(default=())


class PlanReviewer:
    """Reads only. What the approver changed is reviewed by the same code as what was drafted.

    `acl_principal` is the template of owners' Kafka principals; without one they get no access.
    """

    def __init__(
        self,
        facts: PlanFactsRepository,
        kafka: KafkaAdmin,
        registry: Registry | None,
        book: PriceBook,
        acl_principal: str | None = None,
    ) -> None:
        self._facts = facts
        self._kafka = kafka
        self._registry = registry
        self.book = book
        self._acl_principal = acl_principal

    async def problems(self, plan: Plan) -> tuple[str, ...]:
        """Why the plan cannot be carried out, in words; empty where it can."""
        if plan.grant is not None:
            return await self._grant_problems(plan.grant)
        surroundings = await self.surroundings(plan)
        return await asyncio.to_thread(problems, plan, surroundings.facts)

    def granted(self, plan: Plan) -> Plan:
        """The plan with the access of its owner; to a topic that exists nobody gets any."""
        if self._acl_principal is None or plan.kind is PlanKind.PROMOTE:
            return plan.model_copy(update={"access": ()})
        access = owner_access(plan.product.owner, self._acl_principal)
        return plan.model_copy(update={"access": (access,)})

    async def require_acls(self) -> None:
        """Raises AclsDisabledError or KafkaDeniedError where owners are to get access and cannot.

        A Kafka that is away says nothing.
        """
        if self._acl_principal is not None and (refusal := (await self._acls())[0]) is not None:
            raise refusal

    async def _grant_problems(self, grant: GrantPlan) -> tuple[str, ...]:
        cluster, (refusal, _) = await asyncio.gather(self._cluster(), self._acls())
        found = list(grant_problems(grant, datetime.now(UTC), cluster.topics))
        return (*found, *([] if refusal is None else [f"grant: {refusal}"]))

    async def cost(self, plan: Plan) -> CostEstimate | None:
        """By the price book, for the plan's throughput or the book's assumption; None for a plan
        that makes no topic."""
        if plan.kind is PlanKind.ACCESS:
            return None
        return await asyncio.to_thread(self.priced, plan)

    def priced(self, plan: Plan) -> CostEstimate:
        load = load_of(
            self.book.at(plan.topic.cluster),
            messages_per_second=plan.throughput,
            message_bytes=message_bytes(plan),
            processors=1 if plan.inputs else 0,
        )
        return estimate(plan.topic, load, self.book)

    async def surroundings(self, plan: Plan) -> Surroundings:
        """What there is under the plan's names and what the cluster holds."""
        taken, cluster, subjects, acls = await asyncio.gather(
            self._facts.taken(plan),
            self._cluster(),
            self._subjects(plan.schema_plan.subject),
            self._acls_for(plan),
        )
        facts = PlanFacts(
            topics=cluster.topics,
            subjects=subjects[0],
            products=taken.products,
            ports=_ports(plan, taken),
            brokers=cluster.brokers,
            no_acls=None if acls[0] is None else str(acls[0]),
        )
        return Surroundings(facts, taken.waiting, (*cluster.silent, *subjects[1], *acls[1]))

    async def _cluster(self) -> _Cluster:
        try:
            found = await self._kafka.outline()
        except KafkaFailedError as error:
            return _Cluster(silent=(f"whether the topic's name is free is not known: {error}",))
        return _Cluster(frozenset(found.topics), found.brokers)

    async def _acls_for(self, plan: Plan) -> tuple[KafkaFailedError | None, tuple[str, ...]]:
        return await self._acls() if plan.access else (None, ())

    async def _acls(self) -> tuple[KafkaFailedError | None, tuple[str, ...]]:
        """Why the cluster takes no ACLs from us, and what is not known of that."""
        try:
            await self._kafka.require_acls()
        except (AclsDisabledError, KafkaDeniedError) as error:
            return error, ()
        except KafkaFailedError as error:
            return None, (f"whether the cluster keeps ACLs is not known: {error}",)
        return None, ()

    async def _subjects(self, subject: str) -> tuple[frozenset[str], tuple[str, ...]]:
        if self._registry is None:
            return frozenset(), ()
        try:
            known = await self._registry.latest_version(subject)
        except RegistryFailedError as error:
            return frozenset(), (f"whether the subject's name is free is not known: {error}",)
        return (frozenset() if known is None else frozenset({subject})), ()


def _ports(plan: Plan, taken: NamesTaken) -> dict[str, str]:
    return {} if taken.holder is None else {plan.topic.name: taken.holder}
