"""The alert worker: brings what happened to alerts to their topic."""

from __future__ import annotations

from contextlib import AsyncExitStack

from server.alerts.link import AlertLinks
from server.settings import Settings
from server.workers.polling import repeatedly
from tools.alerts.book import AlertBook
from tools.alerts.publisher import AlertPublisher
from tools.db.pool import Pool
from tools.kafka.connection import KafkaConnection
from tools.registry.client import Registry

_LOOK_SECONDS = 0.5


class Alerting:
    """`book` is where findings and people's deeds go; `links` lead to an alert's page."""

    def __init__(
        self, settings: Settings, pool: Pool, registry: Registry | None, stack: AsyncExitStack
    ) -> None:
        servers = str(settings.bootstrap_servers)
        self.book = AlertBook(pool, settings.cluster, settings.notifications, settings.alert_policy)
        self.links = AlertLinks(pool, settings.catalog_url, settings.link_secret)
        self._publisher = AlertPublisher(
            pool,
            settings.cluster,
            KafkaConnection(servers, settings.kafka_config),
            registry,
            settings.alerts_topic,
        )
        stack.push_async_callback(self._publisher.close)

    async def run(self) -> None:
        """Work until cancelled."""
        await repeatedly(self._publisher.publish_due, _LOOK_SECONDS, "alert")
