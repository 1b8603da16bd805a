"""Promotions: a discovered topic becomes a plan for a managed product, at the same gate."""

from __future__ import annotations

import asyncio

from core.approval import Approval
from core.decoding.registered import SchemaKind
from core.plan import Plan
from core.promotion import (
    PromotionRefusedError,
    PromotionRequest,
    StandingSubject,
    StandingTopic,
    promotion_plan,
    stem_of,
    subject_of,
)
from core.source import SourceDetail, SourceStatus
from graph.flow import Flow
from server.threads import thread_of
from tools.db.products import ProductRepository
from tools.db.sources import SourceRepository
from tools.kafka.admin import KafkaAdmin
from tools.plan_review import PlanReviewer
from tools.registry.client import Registry

_FORMATS = {
    SchemaKind.AVRO: "avro",
    SchemaKind.JSON_SCHEMA: "json-schema",
    SchemaKind.PROTOBUF: "protobuf",
}


class AlreadyManagedError(Exception):
    """The topic belongs to a product, or a plan for it waits; the text says which."""


class Promotions:
    """Plans from what the catalog, Kafka and the registry know; it changes none of them."""

    def __init__(
        self,
        sources: SourceRepository,
        products: ProductRepository,
        kafka: KafkaAdmin,
        registry: Registry | None,
        reviewer: PlanReviewer,
        flow: Flow,
    ) -> None:
        self._sources = sources
        self._products = products
        self._kafka = kafka
        self._registry = registry
        self._reviewer = reviewer
        self._flow = flow

    async def promote(
        self,
        name: str,
        cluster: str,
        request: PromotionRequest,
        requested_by: str,
        key: str | None = None,
    ) -> Approval:
        """The approval that waits. The same key of the same requester gives the same again.

        Raises SourceNotFoundError, AlreadyManagedError and PromotionRefusedError.
        """
        thread_id = thread_of("promotion", cluster, name, requested_by, key=key)
        known = await self._flow.waiting(thread_id)
        if known is not None:
            return known
        plan = await self._plan(await self._source(name, cluster), request)
        return await self._flow.start_with(thread_id, plan, requested_by)

    async def _source(self, name: str, cluster: str) -> SourceDetail:
        source = await self._sources.get(name, cluster)
        if source.summary.product_id is not None:
            raise AlreadyManagedError(
                f"The topic {name} is managed already: it belongs to the product "
                f"{source.summary.product_id}."
            )
        if source.summary.status is SourceStatus.VANISHED:
            raise PromotionRefusedError(f"The topic {name} vanished: there is nothing to promote.")
        return source

    async def _plan(self, source: SourceDetail, request: PromotionRequest) -> Plan:
        topic, subject, product_id = await asyncio.gather(
            self._topic(source.summary.name),
            self._subject(subject_of(source)),
            self._products.free_id(stem_of(request.product_name)),
        )
        plan = await asyncio.to_thread(promotion_plan, source, request, product_id, topic, subject)
        return await self._reviewed(plan)

    async def _topic(self, name: str) -> StandingTopic:
        found = await self._kafka.describe_topic(name)
        if found is None:
            raise PromotionRefusedError(
                f"The topic {name} no longer exists. Scan the cluster again."
            )
        if found.internal or name.startswith("_"):
            raise PromotionRefusedError(
                f"The topic {name} is an internal one and cannot become a product."
            )
        return StandingTopic(found.partitions, found.replication, found.settings, found.own)

    async def _subject(self, subject: str) -> StandingSubject | None:
        if self._registry is None:
            raise PromotionRefusedError(
                "No Schema Registry is configured, so the topic's schema cannot be registered. Set "
                "HEADWATER_SCHEMA_REGISTRY."
            )
        latest = await self._registry.latest_version(subject)
        if latest is None:
            return None
        level = await self._registry.compatibility(subject)
        return StandingSubject(subject, latest.version, latest.id, _FORMATS[latest.kind], level)

    async def _reviewed(self, plan: Plan) -> Plan:
        surroundings = await self._reviewer.surroundings(plan)
        if surroundings.waiting:
            raise AlreadyManagedError(
                f"A plan for the topic {plan.topic.name} waits for a decision already: "
                f"{surroundings.waiting[0]}. Decide on it first."
            )
        if problems := await self._reviewer.problems(plan):
            raise PromotionRefusedError(
                f"The topic {plan.topic.name} cannot be promoted as it is: "
                f"{'; '.join(problems[:5])}"
            )
        return plan.model_copy(update={"cost": await self._reviewer.cost(plan)})
