"""What a running server holds open, from its start to its end."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import Annotated

import httpx
from fastapi import Depends, Request
from langgraph.checkpoint.postgres.aio import AsyncPostgresSaver

from core.approval import Approval, ApprovalStatus
from core.ownership import OwnerRules
from core.plan import PlanKind
from graph.build import build
from graph.context import AgentContext
from graph.describer import ModelDescriber
from graph.explainer import Explainer
from graph.flow import Flow
from graph.generation.generator import Generator
from graph.models.offline.model import OfflineModel
from graph.models.offline.routing import RouteClassifier
from graph.provisioning.grants import Granting
from graph.provisioning.saga import Saga
from graph.state import serializer
from prompts import route_examples
from server.access.reading import is_open
from server.approvals.desk import Desk, desk_for
from server.asker import ChatAnalyst, ChatInbox, ChatProposer
from server.bearer import Bearers
from server.chat import Chat
from server.configured import configured
from server.consolidations import Consolidations
from server.database import prepare
from server.generations import Generations
from server.grants.ends import GrantEnds
from server.grants.requests import AccessRequests
from server.lineage.namespaces import emitter_of, namespaces_of
from server.metrics.page import Metrics
from server.models import drafting_models_of, hosted_of, models_of, offline_model
from server.notices.link import NoticeLinks
from server.principal import STRANGER, Principal, Principals, principal_of
from server.promotions import Promotions
from server.readiness import PROBE_SECONDS, Probes
from server.settings import Settings
from server.tracing import tracing_of
from server.workers.alerting import Alerting
from server.workers.analysis import Analyzing
from server.workers.bridges import Bridges
from server.workers.crew import Crew, Work
from server.workers.discovery import Discovery
from server.workers.generation import GenerationQueue
from server.workers.measuring import Measuring
from server.workers.polling import repeatedly
from server.workers.provisioning import OnEnded, Provisioning
from server.workers.roles import Worker
from server.workers.scanning import embeddings_from, limits_of, open_scan, owner_rules_of
from server.workers.stream_analysis import StreamAnalysis
from server.workers.usage import Usage, usage_of
from tools.clients import Clients
from tools.comparison.advice import Advice
from tools.comparison.analysis import Analysis
from tools.comparison.comparer import Comparer
from tools.consolidation.consolidator import Consolidator
from tools.cost.costs import Costs
from tools.cost.price_book import read_price_book
from tools.db.alerts import AlertRepository
from tools.db.analyses import AnalysisRepository
from tools.db.approvals import ApprovalRepository
from tools.db.audit import AuditLog
from tools.db.bridges import BridgeRepository
from tools.db.consolidations import ConsolidationRepository
from tools.db.costs import CostRepository
from tools.db.dashboard import DashboardRepository
from tools.db.facets import FacetRepository
from tools.db.generations import GenerationRepository
from tools.db.grants import GrantRepository
from tools.db.idempotency import IdempotencyKeys
from tools.db.keys import KeyRepository
from tools.db.lineage_telling import LineageTelling
from tools.db.notices import NoticeRepository
from tools.db.pairs import PairRepository
from tools.db.plan_facts import PlanFactsRepository
from tools.db.pool import Pool, open_pool
from tools.db.products import ProductRepository
from tools.db.quality import QualityRepository
from tools.db.recommendations import RecommendationRepository
from tools.db.rules import RuleRepository
from tools.db.scans import ScanRepository
from tools.db.sources import SourceRepository
from tools.db.usage_reading import UsageRepository
from tools.embeddings.model import EmbeddingModel, EmbeddingModelUnavailable
from tools.existing import ExistingReader
from tools.kafka.admin import KafkaAdmin
from tools.kafka.connection import KafkaConnection
from tools.kafka.sampler import Sampler
from tools.masking import Sight, seen_through
from tools.notifications.noticing import Noticing
from tools.notifications.outbox import Outbox
from tools.plan_review import PlanReviewer
from tools.provenance.intake import LineageIntake
from tools.provenance.reader import LineageReader
from tools.provenance.runs import RunTeller
from tools.registry.client import Registry
from tools.search.search import Search
from tools.survey import Surveyor

log = logging.getLogger(__name__)

OUTBOX_SECONDS = 2.0
"""How often notices are looked for whose time has come."""

GRANT_SECONDS = 5.0
"""How often grants are looked for whose time is over."""


@dataclass(frozen=True)
class Services:
    """Opened by the lifespan; requests borrow from it."""

    settings: Settings
    pool: Pool
    bearers: Bearers
    keys: KeyRepository
    audit: AuditLog
    search: Search
    sources: SourceRepository
    scans: ScanRepository
    facets: FacetRepository
    dashboard: DashboardRepository
    products: ProductRepository
    idempotency: IdempotencyKeys
    chat: Chat
    discovery: Discovery
    analyses: AnalysisRepository
    analyzing: Analyzing
    comparer: Comparer
    pairs: PairRepository
    recommendations: RecommendationRepository
    notices: NoticeRepository
    noticing: Noticing
    notice_links: NoticeLinks
    outbox: Outbox
    alerting: Alerting
    consolidations: Consolidations
    worked_out: ConsolidationRepository
    bridges: BridgeRepository
    bridging: Bridges
    quality: QualityRepository
    alerts: AlertRepository
    clients: Clients
    stream_analysis: StreamAnalysis
    explainer: Explainer
    rules: RuleRepository
    owner_rules: OwnerRules
    usage: Usage
    uses: UsageRepository
    costs: Costs
    desk: Desk
    flow: Flow
    generator: Generator
    generations: Generations
    promotions: Promotions
    access_requests: AccessRequests
    grants: GrantRepository
    grant_ends: GrantEnds
    provisioning: Provisioning
    reviewer: PlanReviewer
    kafka: KafkaAdmin
    registry: Registry | None
    classifier: RouteClassifier
    crew: Crew
    metrics: Metrics
    probes: Probes
    lineage: LineageReader
    lineage_intake: LineageIntake

    @property
    def cluster(self) -> str:
        return self.settings.cluster

    def seen_by(self, asker: Principal) -> Services:
        """All that reads for somebody, showing no more than the asker may see."""
        seen = seen_through(Sight(self.pool, asker.is_of), self.pool)
        clients = replace(
            self.clients, sources=seen.sources, quality=seen.quality, alerts=seen.alerts
        )
        return replace(
            self,
            sources=seen.sources,
            quality=seen.quality,
            rules=seen.rules,
            alerts=seen.alerts,
            worked_out=seen.consolidations,
            clients=clients,
            chat=self.chat.reading(clients),
            explainer=self.explainer.reading(clients),
        )

    async def work(self, workers: Collection[Worker] = tuple(Worker)) -> None:
        """The background work of this process, until cancelled: all of it, or these parts."""
        parts: dict[Worker, Mapping[str, Work]] = {
            Worker.DISCOVERY: {"discovery": self.discovery.run},
            Worker.ANALYSIS: {"analysis": self.analyzing.run},
            Worker.PROVISIONING: {
                "provisioning": partial(self.provisioning.run, self.desk.gate.expire),
                "grants": partial(repeatedly, self.grant_ends.end_due, GRANT_SECONDS, "grant"),
            },
            Worker.GENERATION: {"generation": self.generations.work},
            Worker.NOTICES: {
                "outbox": partial(repeatedly, self.outbox.deliver_due, OUTBOX_SECONDS, "outbox")
            },
            Worker.ALERTS: {"alerts": self.alerting.run},
            Worker.BRIDGES: {"bridges": self.bridging.run},
            Worker.USAGE: {
                "usage": self.usage.run,
                "measuring": Measuring(self.dashboard, self.cluster).run,
            },
            Worker.STREAMS: self.stream_analysis.workers,
        }
        await self.crew.run({name: work for part in workers for name, work in parts[part].items()})

    async def warm_up(self) -> None:
        """Load what the first question would otherwise wait for; the next question tries again."""
        try:
            await self.classifier.fitted()
        except EmbeddingModelUnavailable as error:
            log.warning("the embedding model is away, the first questions will wait: %s", error)


async def running(request: Request) -> Services:
    """What is open, as who asks may read it: sensitive fields are masked for those who don't own
    them. Where no token is looked at, such as behind a signed link, nobody in particular asks."""
    services: Services = request.app.state.services
    open_to_all = is_open(request.scope["route"])
    asker = STRANGER if open_to_all else await principal_of(request)
    return services if asker.may_decide else services.seen_by(asker)


Running = Annotated[Services, Depends(running)]


@asynccontextmanager
async def open_services(
    settings: Settings, metrics: Metrics | None = None
) -> AsyncIterator[Services]:
    """Migrates the database, then opens everything. Raises what says which server is away.

    `metrics` are where an app counts already; None makes those of this process.
    """
    database_url = configured(settings, "database_url")
    configured(settings, "bootstrap_servers")
    await prepare(database_url)
    async with AsyncExitStack() as stack:
        # First, so that what is opened knows of it, and its end is traced too.
        await stack.enter_async_context(tracing_of(settings))
        pool = await open_pool(database_url)
        stack.push_async_callback(pool.close)
        yield await _Opening(settings, pool, stack, metrics or Metrics()).services()


class _Opening:
    """Builds the services one upon another; what must be closed goes on the stack."""

    def __init__(
        self, settings: Settings, pool: Pool, stack: AsyncExitStack, metrics: Metrics
    ) -> None:
        self._settings = settings
        self._pool = pool
        self._stack = stack
        self._metrics = metrics

    async def services(self) -> Services:
        settings, pool = self._settings, self._pool
        embeddings = embeddings_from(settings)
        kafka, registry = self._kafka(), self._registry()
        search = Search(pool, embeddings)
        classifier = RouteClassifier(embeddings, route_examples())
        offline = offline_model(classifier)
        saver = AsyncPostgresSaver(pool, serde=serializer())
        book = read_price_book(settings.price_book)
        costs = Costs(CostRepository(pool), RecommendationRepository(pool), book)
        await costs.repository.keep_book(book)
        clients = self._clients(search, costs)
        reviewer = PlanReviewer(
            PlanFactsRepository(pool), kafka, registry, book, settings.acl_principal
        )
        surveyor = Surveyor(
            search, SourceRepository(pool), kafka, settings.cluster, settings.topic_naming
        )
        figures = self._metrics.models
        generator = Generator(drafting_models_of(settings, offline, figures), surveyor, reviewer)
        flow = Flow(
            saver,
            ApprovalRepository(pool),
            Saga(pool, kafka, registry, bootstrap_servers=settings.bootstrap_servers),
            generator,
            lifetime=settings.policy.lifetime,
        )
        noticing = Noticing(pool, settings.cluster, settings.notifications)
        notice_links = NoticeLinks(pool, settings.catalog_url, settings.link_secret)
        alerting = Alerting(settings, pool, registry, self._stack)
        analyzing = Analyzing(
            Analysis(pool, embeddings, settings.cluster),
            Advice(pool, settings.cluster, book, noticing.tell),
            pool,
            str(settings.database_url),
            settings.cluster,
            runs := self._runs(),
        )
        owner_rules = await owner_rules_of(settings)
        usage = usage_of(settings, pool, owner_rules)
        discovery = await self._discovery(embeddings, analyzing, usage, runs)
        on_ended = _scanning(discovery) if settings.scan_after_provisioning else None
        provisioning = Provisioning(
            flow, pool, str(settings.database_url), on_ended=on_ended, runs=runs
        )
        existing = ExistingReader(kafka, registry, ProductRepository(pool))
        desk = desk_for(settings, pool, existing, provisioning, reviewer)
        generations = self._generations(flow, generator, desk)
        promotions = Promotions(
            SourceRepository(pool), ProductRepository(pool), kafka, registry, reviewer, flow
        )
        crew = Crew()
        comparer = Comparer(pool, embeddings)
        consolidations = self._consolidations(comparer, kafka, registry, reviewer, flow)
        return Services(
            settings=settings,
            pool=pool,
            bearers=self._bearers(),
            keys=KeyRepository(pool),
            audit=AuditLog(pool),
            search=search,
            sources=SourceRepository(pool),
            scans=ScanRepository(pool),
            facets=FacetRepository(pool),
            dashboard=DashboardRepository(pool, settings.quality_floor),
            products=ProductRepository(pool),
            idempotency=IdempotencyKeys(pool),
            chat=self._chat(
                saver, offline, clients, generations, promotions, comparer, consolidations
            ),
            discovery=discovery,
            analyses=AnalysisRepository(pool),
            analyzing=analyzing,
            comparer=comparer,
            pairs=PairRepository(pool),
            recommendations=RecommendationRepository(pool),
            notices=NoticeRepository(pool),
            noticing=noticing,
            notice_links=notice_links,
            outbox=Outbox(
                pool,
                settings.notifications,
                notice_links.links_of,
                alerting.links.link_of,
                f"{settings.catalog_url.rstrip('/')}/approvals/{{}}".format,
            ),
            alerting=alerting,
            consolidations=consolidations,
            worked_out=ConsolidationRepository(pool),
            bridges=BridgeRepository(pool),
            bridging=Bridges(pool, settings, runs),
            quality=QualityRepository(pool),
            alerts=AlertRepository(pool),
            clients=clients,
            stream_analysis=StreamAnalysis(settings, pool, kafka, registry, alerting.book, crew),
            explainer=Explainer(clients, models_of(settings, offline, figures)),
            rules=RuleRepository(pool),
            owner_rules=owner_rules,
            usage=usage,
            uses=UsageRepository(pool),
            costs=costs,
            desk=desk,
            flow=flow,
            generator=generator,
            generations=generations,
            promotions=promotions,
            access_requests=AccessRequests(
                pool,
                kafka,
                registry,
                reviewer,
                flow,
                settings.acl_principal,
                owner_rules,
                settings.notifications,
            ),
            grants=GrantRepository(pool),
            grant_ends=GrantEnds(pool, Granting(pool, kafka)),
            provisioning=provisioning,
            reviewer=reviewer,
            kafka=kafka,
            registry=registry,
            classifier=classifier,
            crew=crew,
            metrics=self._metrics,
            probes=Probes(
                {
                    "postgres": partial(pool.rows, "select 1", {}),
                    "kafka": partial(kafka.topics, ()),
                    "schema_registry": None if registry is None else registry.subjects,
                }
            ),
            lineage=clients.lineage,
            lineage_intake=LineageIntake(LineageTelling(pool), namespaces_of(settings)),
        )

    def _bearers(self) -> Bearers:
        settings = self._settings
        client = httpx.AsyncClient(timeout=PROBE_SECONDS)
        self._stack.push_async_callback(client.aclose)
        principals = Principals(settings.principals, open_to_all=settings.open)
        return Bearers(principals, KeyRepository(self._pool), settings.oidc, client)

    def _kafka(self) -> KafkaAdmin:
        servers = str(self._settings.bootstrap_servers)
        connection = KafkaConnection(servers, self._settings.kafka_config)
        return KafkaAdmin(connection, timeout=PROBE_SECONDS)

    def _registry(self) -> Registry | None:
        if self._settings.schema_registry is None:
            return None
        registry = Registry(self._settings.schema_registry, timeout=PROBE_SECONDS)
        self._stack.push_async_callback(registry.close)
        return registry

    def _runs(self) -> RunTeller:
        emitter = emitter_of(self._settings)
        if emitter is not None:
            self._stack.push_async_callback(asyncio.to_thread, emitter.close)
        names = namespaces_of(self._settings)
        return RunTeller(LineageTelling(self._pool), names.outside, emitter)

    async def _discovery(
        self, embeddings: EmbeddingModel, analyzing: Analyzing, usage: Usage, runs: RunTeller
    ) -> Discovery:
        settings = self._settings
        hosted = hosted_of(settings, self._metrics.models)
        describer = None if hosted is None else ModelDescriber(hosted)
        scan = await self._stack.enter_async_context(
            open_scan(settings, self._pool, embeddings, describer)
        )

        async def follow() -> None:
            await usage.enqueue()
            await analyzing.enqueue("scan")

        url = str(settings.database_url)
        return Discovery(scan, self._pool, url, settings.scan_cron, follow, runs)

    def _consolidations(
        self,
        comparer: Comparer,
        kafka: KafkaAdmin,
        registry: Registry | None,
        reviewer: PlanReviewer,
        flow: Flow,
    ) -> Consolidations:
        settings, pool = self._settings, self._pool
        connection = KafkaConnection(str(settings.bootstrap_servers), settings.kafka_config)
        sources = SourceRepository(pool)
        consolidator = Consolidator(
            sources,
            RecommendationRepository(pool),
            comparer,
            Sampler(connection, kafka, limits_of(settings)),
            kafka,
            registry,
            reviewer.book,
            settings.topic_naming,
        )
        return Consolidations(
            consolidator,
            ConsolidationRepository(pool),
            sources,
            ProductRepository(pool),
            reviewer,
            flow,
            (str(settings.bootstrap_servers), str(settings.schema_registry)),
        )

    def _generations(self, flow: Flow, generator: Generator, desk: Desk) -> Generations:
        repository = GenerationRepository(self._pool)
        queue = GenerationQueue(repository, str(self._settings.database_url))
        return Generations(self._pool, repository, queue, flow, generator, desk.gate)

    def _clients(self, search: Search, costs: Costs) -> Clients:
        return Clients(
            search=search,
            sources=SourceRepository(self._pool),
            facets=FacetRepository(self._pool),
            quality=QualityRepository(self._pool),
            alerts=AlertRepository(self._pool),
            lineage=LineageReader.of(self._pool, namespaces_of(self._settings)),
            cluster=self._settings.cluster,
            costs=costs,
        )

    def _chat(
        self,
        saver: AsyncPostgresSaver,
        offline: OfflineModel,
        clients: Clients,
        generations: Generations,
        promotions: Promotions,
        comparer: Comparer,
        consolidations: Consolidations,
    ) -> Chat:
        settings, approvals = self._settings, ApprovalRepository(self._pool)
        seconds = 30 + 4 * settings.llm_timeout_seconds
        context = AgentContext(
            **vars(clients),
            models=models_of(settings, offline, self._metrics.models),
            proposer=ChatProposer(
                generations, promotions, approvals, cluster=settings.cluster, seconds=seconds / 2
            ),
            inbox=ChatInbox(approvals),
            analyst=ChatAnalyst(
                comparer,
                PairRepository(self._pool),
                SourceRepository(self._pool),
                consolidations,
                cluster=settings.cluster,
            ),
        )
        return Chat(build(saver), context, seconds=seconds)


def _scanning(discovery: Discovery) -> OnEnded:
    """A scan once a product became active, so that the catalog has its topic too."""

    async def scan(approval: Approval) -> None:
        makes_sources = approval.plan.kind is not PlanKind.ACCESS
        if approval.status is ApprovalStatus.ACTIVE and makes_sources:
            await discovery.enqueue_scan("provisioning")

    return scan
