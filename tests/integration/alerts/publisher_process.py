"""A publisher as a process of its own, which kills itself before or after Kafka has the alerts."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
from collections.abc import Sequence
from dataclasses import dataclass

from tools.alerts.publisher import AlertPublisher
from tools.db.alerts import KeptEvent
from tools.db.pool import open_pool
from tools.kafka.connection import KafkaConnection

POINTS = ("before", "after")


@dataclass(frozen=True)
class Place:
    database_url: str
    bootstrap_servers: str
    topic: str
    point: str


class DyingPublisher(AlertPublisher):
    point: str

    async def _send(self, events: Sequence[KeptEvent]) -> list[int]:
        self._die("before")
        arrived = await super()._send(events)
        self._die("after")
        return arrived

    def _die(self, point: str) -> None:
        if point == self.point:
            os.kill(os.getpid(), signal.SIGKILL)


def start(place: Place) -> multiprocessing.process.BaseProcess:
    context = multiprocessing.get_context("forkserver")
    process = context.Process(target=_main, args=(place,), daemon=True)
    process.start()
    return process


def _main(place: Place) -> None:
    asyncio.run(_work(place))


async def _work(place: Place) -> None:
    pool = await open_pool(place.database_url)
    connection = KafkaConnection(place.bootstrap_servers)
    publisher = DyingPublisher(pool, "default", connection, None, place.topic)
    publisher.point = place.point
    await publisher.publish_due()
