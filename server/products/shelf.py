"""What the products' routes work with, as one part of the services."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import Depends

from core.contract.document import INPUTS, OdcsDocument
from core.contract.port import Endpoint, PortView, promised
from core.product import DataProduct, OutputPort
from server.services import Running
from tools.db.idempotency import IdempotencyKeys
from tools.db.products import ProductRepository, Stored
from tools.db.sources import SourceNotFoundError, SourceRepository
from tools.kafka.admin import KafkaAdmin
from tools.kafka.errors import KafkaFailedError
from tools.lifecycle import ProductLifecycle
from tools.registry.translation import safe_url

_PUBLIC = {
    "security.protocol": "security.protocol",
    "sasl.mechanism": "sasl.mechanism",
    "sasl.mechanisms": "sasl.mechanism",
}
"""Client settings that a consumer needs too and that are no secrets."""


@dataclass(frozen=True)
class Shelf:
    """Products, how they move, and what Kafka and the catalog know of their topics."""

    products: ProductRepository
    lifecycle: ProductLifecycle
    sources: SourceRepository
    idempotency: IdempotencyKeys
    kafka: KafkaAdmin
    endpoint: Endpoint

    async def ports(self, stored: Stored) -> tuple[PortView, ...]:
        """The ports as the contract promises them, else as the catalog and Kafka know them."""
        return tuple([await self._port(port, stored.contract) for port in stored.product.ports])

    async def inputs(self, stored: Stored) -> Sequence[tuple[DataProduct, OdcsDocument]]:
        """The products with contracts that a product's contract says it is made from."""
        named = None if stored.contract is None else stored.contract.custom(INPUTS)
        topics = [topic for topic in _list(named) if isinstance(topic, str)]
        found: dict[str, tuple[DataProduct, OdcsDocument]] = {}
        for topic in topics[:100]:
            port = OutputPort(cluster=self.endpoint.cluster, topic=topic)
            source = await self.products.of_topic(port)
            if source is not None and source.contract is not None:
                found[source.product.id] = (source.product, source.contract)
        return tuple(found.values())

    async def _port(self, port: OutputPort, contract: OdcsDocument | None) -> PortView:
        view = None if contract is None else promised(contract, port)
        if view is None or view.schema is None:
            view = await self._discovered(port)
        return await self._live(view)

    async def _discovered(self, port: OutputPort) -> PortView:
        try:
            source = await self.sources.get(port.topic, port.cluster)
        except SourceNotFoundError:
            return PortView(port)
        return PortView(
            port,
            schema=source.schema,
            format=source.summary.format,
            subject=source.subject,
            partitions=source.partitions or None,
            replication=source.replication or None,
            configs=source.config,
        )

    async def _live(self, view: PortView) -> PortView:
        """What Kafka says now of partitions and settings, where it can be asked."""
        if view.port.cluster != self.endpoint.cluster:
            return view
        try:
            found = await self.kafka.topics([view.topic])
        except KafkaFailedError:
            return view
        if not found:
            return view
        topic = found[0]
        configs = {**view.configs, **topic.configs}
        return replace(
            view,
            partitions=len(topic.partitions),
            replication=topic.replication,
            configs=configs,
        )


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def shelf_of(services: Running) -> Shelf:
    settings = services.settings
    products = ProductRepository(services.pool)
    told = {_PUBLIC[k]: v for k, v in settings.kafka_config.items() if k in _PUBLIC}
    registry = settings.schema_registry
    return Shelf(
        products=products,
        lifecycle=ProductLifecycle(products, services.kafka, services.cluster),
        sources=services.sources,
        idempotency=services.idempotency,
        kafka=services.kafka,
        endpoint=Endpoint(
            services.cluster,
            settings.bootstrap_servers or "",
            None if registry is None else safe_url(registry),
            told,
        ),
    )


AtShelf = Annotated[Shelf, Depends(shelf_of)]
