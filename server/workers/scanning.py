"""The scan engine with its clients, opened from the settings."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from core.ownership import OwnerRules
from core.scan import ScanRun
from server.settings import Settings
from tools.db.migrate import migrate
from tools.db.pool import Pool, open_pool
from tools.db.scans import ScanRepository
from tools.discovery.describer import Describer, RuleDescriber
from tools.discovery.scan import OnProgress, Scan, ScanClients, ScanFailedError, ScanOptions
from tools.embeddings.choice import embeddings_of
from tools.embeddings.model import EmbeddingModel
from tools.kafka.admin import KafkaAdmin
from tools.kafka.connection import KafkaConnection
from tools.kafka.sampler import Limits, Sampler
from tools.registry.client import Registry
from tools.search.index import SearchIndex


class OwnerRulesMissingError(Exception):
    """The file of owner rules cannot be read."""

    def __init__(self, path: Path, cause: OSError) -> None:
        super().__init__(
            f"The owner rules {path} cannot be read ({cause.strerror}). Correct owner_rules "
            "(HEADWATER_OWNER_RULES), or leave it out for the built-in rules."
        )


@asynccontextmanager
async def open_scan(
    settings: Settings, pool: Pool, embeddings: EmbeddingModel, describer: Describer | None = None
) -> AsyncIterator[Scan]:
    """A scan of the settings' cluster; `describer` None writes descriptions by rules."""
    connection = KafkaConnection(str(settings.bootstrap_servers), settings.kafka_config)
    async with AsyncExitStack() as stack:
        admin = KafkaAdmin(connection)
        registry = None
        if settings.schema_registry is not None:
            registry = Registry(settings.schema_registry)
            stack.push_async_callback(registry.close)
        yield Scan(
            ScanClients(
                pool=pool,
                admin=admin,
                sampler=Sampler(connection, admin, limits_of(settings)),
                registry=registry,
                index=SearchIndex(pool, embeddings),
                describer=describer or RuleDescriber(),
            ),
            ScanOptions(
                cluster=settings.cluster,
                exclude=settings.exclude_topics,
                rules=await owner_rules_of(settings),
            ),
        )


async def scan_now(settings: Settings, requested_by: str, tell: OnProgress) -> ScanRun:
    """Migrate, scan from this process and give back how it went, failed or not."""
    database_url = str(settings.database_url)
    await migrate(database_url)
    pool = await open_pool(database_url)
    try:
        embeddings = embeddings_from(settings)
        async with open_scan(settings, pool, embeddings) as scan:
            run = await ScanRepository(pool).queue(settings.cluster, requested_by)
            try:
                return await scan.run(run.id, tell)
            except ScanFailedError:
                return await ScanRepository(pool).get(run.id)
            except asyncio.CancelledError:
                await ScanRepository(pool).fail(run.id, "Stopped by the user; the rest is kept.")
                raise
    finally:
        await pool.close()


def limits_of(settings: Settings) -> Limits:
    """How much of a topic is sampled."""
    return Limits(settings.sample_messages, settings.sample_bytes, settings.sample_seconds)


def embeddings_from(settings: Settings) -> EmbeddingModel:
    """The embedding model that the settings name; MiniLM where they name none."""
    key = settings.embedding_api_key
    return embeddings_of(
        base_url=settings.embedding_base_url,
        model=settings.embedding_model,
        api_key=key.get_secret_value() if key else None,
        dimensions=settings.embedding_dimensions,
        timeout_seconds=settings.embedding_timeout_seconds,
    )


async def owner_rules_of(settings: Settings) -> OwnerRules:
    """The rules of the settings' file, or the built-in ones. Raises `OwnerRulesError`."""
    path = settings.owner_rules
    if path is None:
        return OwnerRules()
    try:
        text = await asyncio.to_thread(path.read_text, encoding="utf-8")
    except OSError as error:
        raise OwnerRulesMissingError(path, error) from error
    return OwnerRules.from_yaml(text)
