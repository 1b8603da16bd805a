"""The teacher of this server: topics that nobody has stated rules for are taught their own."""

from __future__ import annotations

import logging

from server.settings import Settings
from server.workers.polling import repeatedly
from tools.db.pool import Pool
from tools.kafka.admin import KafkaAdmin
from tools.kafka.connection import KafkaConnection
from tools.kafka.errors import KafkaFailedError
from tools.kafka.sampler import Limits, Sampler
from tools.registry.client import Registry
from tools.teaching.teacher import SAMPLE, Teacher

_LOOK_SECONDS = 5.0
_BYTES = 16 * 1024 * 1024
_SECONDS = 20.0

log = logging.getLogger(__name__)


class Teaching:
    def __init__(
        self, settings: Settings, pool: Pool, kafka: KafkaAdmin, registry: Registry | None
    ) -> None:
        connection = KafkaConnection(str(settings.bootstrap_servers), settings.kafka_config)
        sampler = Sampler(connection, kafka, Limits(SAMPLE, _BYTES, _SECONDS))
        self._teacher = Teacher(pool, sampler, registry, settings.cluster, settings.alerts_topic)

    async def run(self) -> None:
        """Teach until cancelled."""
        await repeatedly(self._look, _LOOK_SECONDS, "teacher")

    async def _look(self) -> None:
        try:
            await self._teacher.teach_due()
        except KafkaFailedError as error:
            log.warning("topics are taught later: %s", error)
