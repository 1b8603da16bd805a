"""What exists under a plan's names, asked of Kafka, the registry and the catalog themselves."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from core.decoding.registered import SchemaKind
from core.grant import Permission
from core.impact import Impact, impact_of
from core.plan import Plan
from core.plan_diff import Existing, ExistingSubject, ExistingTopic, Silence
from core.product import DataProduct
from core.schema import avro, json_schema
from core.schema.model import Schema
from tools.db.products import ProductNotFoundError, ProductRepository
from tools.kafka.admin import KafkaAdmin
from tools.kafka.errors import KafkaFailedError
from tools.kafka.permissions import Permissions
from tools.registry.client import Registry
from tools.registry.errors import RegistryFailedError
from tools.registry.version import RegisteredVersion


class ExistingReader:
    """Reads only; a server that is away leaves its part unknown and no more."""

    def __init__(
        self, kafka: KafkaAdmin, registry: Registry | None, products: ProductRepository
    ) -> None:
        self._kafka = kafka
        self._registry = registry
        self._products = products

    async def impact(self, plan: Plan) -> Impact:
        """What carrying out the plan would change now."""
        existing = await self.of(plan)
        return impact_of(plan, existing, datetime.now(UTC))

    async def of(self, plan: Plan) -> Existing:
        topic, subject, product, permissions = await asyncio.gather(
            self._topic(plan.topic.name),
            self._subject(plan.schema_plan.subject),
            self._product(plan.product.id),
            self._permissions(plan),
        )
        return Existing(topic, subject, product, permissions)

    async def _topic(self, name: str) -> ExistingTopic | Silence | None:
        try:
            found = await self._kafka.describe_topic(name)
        except KafkaFailedError as error:
            return Silence(str(error))
        if found is None:
            return None
        return ExistingTopic(found.partitions, found.replication, found.settings)

    async def _subject(self, subject: str) -> ExistingSubject | Silence | None:
        if self._registry is None:
            return Silence("No Schema Registry is configured (HEADWATER_SCHEMA_REGISTRY).")
        try:
            latest = await self._registry.latest_version(subject)
            if latest is None:
                return None
            level = await self._registry.compatibility(subject)
        except RegistryFailedError as error:
            return Silence(str(error))
        return ExistingSubject(latest.version, level, _comparable(latest))

    async def _permissions(self, plan: Plan) -> frozenset[Permission] | Silence:
        """Of those that the plan would give, the ones that the cluster gives already."""
        if plan.grant is None:
            return frozenset()
        try:
            return await Permissions(self._kafka).given(plan.grant.permissions)
        except KafkaFailedError as error:
            return Silence(str(error))

    async def _product(self, product_id: str) -> DataProduct | None:
        try:
            return await self._products.get(product_id)
        except ProductNotFoundError:
            return None


def _comparable(latest: RegisteredVersion) -> Schema | None:
    """None for Protobuf, for schemas that refer to others and for those that cannot be read."""
    if latest.references:
        return None
    try:
        if latest.kind is SchemaKind.AVRO:
            return avro.read(latest.text)
        if latest.kind is SchemaKind.JSON_SCHEMA:
            return json_schema.read(latest.text)
    except ValueError:
        return None
    return None
