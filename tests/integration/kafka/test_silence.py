"""A broker that falls silent, with a Kafka of its own: sampling ends in time and recovers."""

from __future__ import annotations

import os
import signal
import tempfile
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import asdict
from pathlib import Path

import psutil
import pytest
from confluent_kafka.admin._metadata import TopicMetadata

from server.embedded.port_claims import free_ports
from server.embedded.stack import EmbeddedStack
from tests.integration.kafka.topics import Topics
from tests.processes import below
from tools.kafka.admin import KafkaAdmin, Watermarks
from tools.kafka.connection import KafkaConnection
from tools.kafka.errors import KafkaUnreachableError
from tools.kafka.sampler import Limits, Sampler


@pytest.fixture
async def own(registry_url: str, stack: EmbeddedStack) -> AsyncIterator[EmbeddedStack]:
    """Another Kafka beside the session's other servers."""
    with tempfile.TemporaryDirectory(prefix="headwater-test-") as folder:
        os.chmod(folder, 0o755)  # noqa: PTH101, S103
        before = set(_brokers())
        ports = asdict(free_ports())
        addresses = (None, registry_url, stack.database_url)
        async with EmbeddedStack(Path(folder), *addresses, ports=ports, durable=False) as running:
            (broker,) = set(_brokers()) - before
            running.broker = broker  # type: ignore[attr-defined]
            yield running
            _wake(broker)


def _brokers() -> list[int]:
    return [process.pid for process in below(os.getpid(), "kafka.Kafka")]


def _silence(broker: int) -> None:
    """Returns when it has stopped: until then it answers on, scores of requests at times."""
    os.kill(broker, signal.SIGSTOP)
    _, status = os.waitpid(broker, os.WUNTRACED)
    assert os.WIFSTOPPED(status)


def _wake(broker: int) -> None:
    if psutil.pid_exists(broker):
        os.kill(broker, signal.SIGCONT)


class SilentAfter(KafkaAdmin):
    """Stands for an admin whose broker fell silent after it had told of the topics."""

    def __init__(self, connection: KafkaConnection, told: Mapping[str, TopicMetadata]) -> None:
        super().__init__(connection, timeout=2)
        self._told = [told]

    async def _metadata(self) -> dict[str, TopicMetadata]:
        return dict(self._told.pop()) if self._told else await super()._metadata()


class RememberedWatermarks:
    """Stands for a scan whose broker fell silent after it had been asked for the offsets."""

    def __init__(self, marks: Mapping[str, Watermarks]) -> None:
        self.marks = marks

    async def watermarks(self, topics: object) -> Mapping[str, Watermarks]:
        return self.marks


async def test_a_silent_broker_is_named_in_time_and_the_next_call_recovers(own):
    connection = KafkaConnection(own.bootstrap_servers)
    admin = KafkaAdmin(connection, timeout=2)
    topics = Topics(own.bootstrap_servers, admin)
    name = await topics.make()
    topics.fill(name, [b"x"] * 5)
    told = SilentAfter(connection, await admin._metadata())
    remembered = RememberedWatermarks(await admin.watermarks([name]))

    _silence(own.broker)
    for asked, most in ((admin, 6), (told, 8), (remembered, 6)):
        started = time.monotonic()
        with pytest.raises(KafkaUnreachableError):
            await _sampled(Sampler(connection, asked, Limits(seconds=2)), name)  # type: ignore[arg-type]
        assert time.monotonic() - started < most
    _wake(own.broker)

    assert len(await _sampled(Sampler(connection, KafkaAdmin(connection)), name)) == 5


async def _sampled(sampler: Sampler, name: str) -> list[object]:
    return [message async for sample in sampler.sample([name]) for message in sample.messages]
