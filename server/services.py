"""What a running server holds open, from its start to its end."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver

from graph.build import build
from graph.context import AgentContext, utc_now
from graph.describer import ModelDescriber
from graph.draft import DiscoveryAnswer
from graph.models.choice import Hosted, Models, hosted_model
from graph.models.offline.discovery import DiscoverySkill
from graph.models.offline.model import OfflineModel
from graph.models.offline.route import RouteSkill
from graph.models.offline.routing import RouteClassifier
from graph.state import Route, serializer
from prompts import route_examples
from server.chat import Chat
from server.settings import Settings
from server.workers.discovery import Discovery
from server.workers.scanning import embeddings_from, open_scan
from tools.db.facets import FacetRepository
from tools.db.idempotency import IdempotencyKeys
from tools.db.migrate import migrate
from tools.db.pool import Pool, open_pool
from tools.db.scans import ScanRepository
from tools.db.sources import SourceRepository
from tools.embeddings.model import EmbeddingModelUnavailable
from tools.kafka.admin import KafkaAdmin
from tools.kafka.connection import KafkaConnection
from tools.registry.client import Registry
from tools.search.search import Search

log = logging.getLogger(__name__)

PROBE_SECONDS = 5.0
"""How long a server may take to answer before it counts as away."""


class NotConfiguredError(Exception):
    """A server's address is missing; `headwater up` starts what is not given."""

    def __init__(self, setting: str) -> None:
        super().__init__(
            f"HEADWATER_{setting.upper()} is not set. Set it, or use `headwater up`, which starts "
            "what is missing."
        )


@dataclass(frozen=True)
class Services:
    """Opened by the lifespan; requests borrow from it."""

    settings: Settings
    pool: Pool
    search: Search
    sources: SourceRepository
    scans: ScanRepository
    facets: FacetRepository
    idempotency: IdempotencyKeys
    chat: Chat
    discovery: Discovery
    kafka: KafkaAdmin
    registry: Registry | None
    classifier: RouteClassifier

    @property
    def cluster(self) -> str:
        return self.settings.cluster

    async def work(self) -> None:
        """All background work of this process, until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self.discovery.run())
            group.create_task(self.warm_up())

    async def warm_up(self) -> None:
        """Load what the first question would otherwise wait for; the next question tries again."""
        try:
            await self.classifier.fitted()
        except EmbeddingModelUnavailable as error:
            log.warning("the embedding model is away, the first questions will wait: %s", error)


def running(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


Running = Annotated[Services, Depends(running)]


@asynccontextmanager
async def open_services(settings: Settings) -> AsyncIterator[Services]:
    """Migrates the database, then opens everything. Raises what says which server is away."""
    database_url = _required(settings, "database_url")
    bootstrap_servers = _required(settings, "bootstrap_servers")
    await migrate(database_url)
    async with AsyncExitStack() as stack:
        pool = await open_pool(database_url)
        stack.push_async_callback(pool.close)
        embeddings = embeddings_from(settings)
        hosted = _hosted(settings)
        describer = None if hosted is None else ModelDescriber(hosted)
        scan = await stack.enter_async_context(open_scan(settings, pool, embeddings, describer))
        registry = None
        if settings.schema_registry is not None:
            registry = Registry(settings.schema_registry, timeout=PROBE_SECONDS)
            stack.push_async_callback(registry.close)
        search = Search(pool, embeddings)
        classifier = RouteClassifier(embeddings, route_examples())
        connection = KafkaConnection(bootstrap_servers, settings.kafka_config)
        yield Services(
            settings=settings,
            pool=pool,
            search=search,
            sources=SourceRepository(pool),
            scans=ScanRepository(pool),
            facets=FacetRepository(pool),
            idempotency=IdempotencyKeys(pool),
            chat=await _chat(settings, pool, classifier, search),
            discovery=Discovery(scan, pool, database_url, settings.scan_cron),
            kafka=KafkaAdmin(connection, timeout=PROBE_SECONDS),
            registry=registry,
            classifier=classifier,
        )


async def _chat(
    settings: Settings, pool: Pool, classifier: RouteClassifier, search: Search
) -> Chat:
    saver = AsyncPostgresSaver(pool, serde=serializer())
    await saver.setup()
    context = AgentContext(
        search=search,
        sources=SourceRepository(pool),
        facets=FacetRepository(pool),
        cluster=settings.cluster,
        models=Models(offline_model(classifier), _hosted(settings)),
    )
    return Chat(build(saver), context, seconds=30 + 4 * settings.llm_timeout_seconds)


def _required(settings: Settings, name: str) -> str:
    value = getattr(settings, name)
    if value is None:
        raise NotConfiguredError(name)
    return str(value)


def offline_model(classifier: RouteClassifier) -> OfflineModel:
    """The offline model with a skill for each typed result that an agent asks for."""
    return OfflineModel(
        skills={
            Route.__name__: RouteSkill(classifier),
            DiscoveryAnswer.__name__: DiscoverySkill(utc_now),
        }
    )


def _hosted(settings: Settings) -> Hosted | None:
    """A model is hosted where its name is given; the address defaults to the vendor's own."""
    if settings.llm_model is None:
        if settings.llm_base_url is not None:
            raise NotConfiguredError("llm_model")
        return None
    return hosted_model(
        base_url=settings.llm_base_url,
        model=settings.llm_model,
        api_key=settings.llm_api_key,
        timeout=settings.llm_timeout_seconds,
    )
