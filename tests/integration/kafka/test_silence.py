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

from server.embedded.ports import Ports
from server.embedded.stack import EmbeddedStack
from tests.integration.kafka.topics import Topics
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
        ports = asdict(Ports.free())
        addresses = (None, registry_url, stack.database_url)
        async with EmbeddedStack(Path(folder), *addresses, ports=ports, durable=False) as running:
            (broker,) = set(_brokers()) - before
            running.broker = broker  # type: ignore[attr-defined]
            yield running
            _signal(broker, signal.SIGCONT)


def _brokers() -> list[int]:
    children = psutil.Process().children(recursive=True)
    return [child.pid for child in children if "kafka.Kafka" in child.cmdline()]


def _signal(pid: int, number: signal.Signals) -> None:
    if psutil.pid_exists(pid):
        os.kill(pid, number)


class RememberedWatermarks:
    """Stands for a scan whose broker went silent after it had been asked for the offsets."""

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
    remembered = RememberedWatermarks(await admin.watermarks([name]))

    _signal(own.broker, signal.SIGSTOP)
    for asked in (admin, remembered):
        started = time.monotonic()
        with pytest.raises(KafkaUnreachableError):
            await _sampled(Sampler(connection, asked, Limits(seconds=2)), name)  # type: ignore[arg-type]
        assert time.monotonic() - started < 6
    _signal(own.broker, signal.SIGCONT)

    assert len(await _sampled(Sampler(connection, admin), name)) == 5


async def _sampled(sampler: Sampler, name: str) -> list[object]:
    return [message async for sample in sampler.sample([name]) for message in sample.messages]
