"""Apache Kafka itself: one node that is broker and controller, without ZooKeeper (KRaft)."""

from __future__ import annotations

import asyncio
import base64
import secrets
from dataclasses import dataclass
from pathlib import Path
from signal import SIGTERM

from confluent_kafka import KafkaException
from confluent_kafka.admin import AdminClient

from server.embedded.child import Command, open_log, tail
from server.embedded.errors import StartFailedError
from server.embedded.java import Java
from server.embedded.jvm import Jvm
from server.embedded.ports import LOOPBACK, Ports

_CONFIGURATION = """\
# Written at every start; changes are lost.
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@{host}:{controller}
listeners=PLAINTEXT://{host}:{port},CONTROLLER://{host}:{controller}
advertised.listeners=PLAINTEXT://{host}:{port}
controller.listener.names=CONTROLLER
log.dirs={data}
# One node holds every replica.
offsets.topic.replication.factor=1
offsets.topic.num.partitions=8
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=8
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
# A killed broker may come back only when its last sign of life is this old.
broker.session.timeout.ms=5000
broker.heartbeat.interval.ms=1000
group.initial.rebalance.delay.ms=0
auto.create.topics.enable=false
message.max.bytes=20971520
# ACLs are kept as on a secured cluster, and bind nobody: whoever connects here is ANONYMOUS.
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
super.users=User:ANONYMOUS
allow.everyone.if.no.acl.found=true
# An index takes its full size until its segment is closed: small ones, for many topics.
log.index.size.max.bytes=1048576
"""
_LOGGING = (
    "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
    "-Dorg.slf4j.simpleLogger.showDateTime=true",
    "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ss.SSSXXX",
)


@dataclass(frozen=True, slots=True)
class Kafka:
    """`folder` keeps its data, `jars` are its programs."""

    folder: Path
    jars: Path
    java: Java
    ports: Ports
    log: Path

    name = "Kafka"
    start_seconds = 120.0
    attempts = 2

    @property
    def address(self) -> str:
        return f"{LOOPBACK}:{self.ports.kafka}"

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    def command(self) -> Command:
        configuration = self._configure("server.properties", self._data)
        return Command(
            arguments=self._run("kafka.Kafka", str(configuration)),
            directory=self.folder,
            log=self.log,
            mark=str(configuration),
            stop_signal=SIGTERM,
            stop_seconds=30,
        )

    def _run(self, *program: str) -> tuple[str, ...]:
        classpath = ":".join(str(jar) for jar in sorted(self.jars.rglob("*.jar")))
        jvm = Jvm(self.java, self.folder, heap_megabytes=1024)
        return jvm.arguments("-cp", classpath, *program, flags=_LOGGING)

    def _configure(self, name: str, data: Path) -> Path:
        file = self.folder / name
        file.write_text(
            _CONFIGURATION.format(
                host=LOOPBACK,
                port=self.ports.kafka,
                controller=self.ports.kafka_controller,
                data=data,
            )
        )
        return file

    @property
    def prepared(self) -> bool:
        return self._data.exists()

    async def prepare(self) -> None:
        """Format the data folder on the first start; it appears whole or not at all."""
        self.folder.mkdir(parents=True, exist_ok=True)
        unfinished = self.folder / f"data-{secrets.token_hex(4)}"
        await self._format(self._configure("format.properties", unfinished))
        unfinished.rename(self._data)

    async def _format(self, configuration: Path) -> None:
        letters = base64.urlsafe_b64encode(secrets.token_bytes(16)).decode().rstrip("=")
        cluster_id = f"H{letters[1:]}"  # One that begins with "-" is taken for an option.
        format_it = ("format", "--cluster-id", cluster_id, "--config", str(configuration))
        with open_log(self.log) as log:
            process = await asyncio.create_subprocess_exec(
                *self._run("kafka.tools.StorageTool", *format_it), stdout=log, stderr=log
            )
            try:
                code = await process.wait()
            except asyncio.CancelledError:
                process.kill()
                raise
        if code != 0:
            raise StartFailedError(
                self.name, "its storage could not be formatted", self.log, tail(self.log)
            )

    async def answers(self) -> bool:
        return await broker_count(self.address, {}, seconds=3) > 0


async def broker_count(servers: str, config: dict[str, str], seconds: float) -> int:
    """How many brokers a cluster has; 0 when none answers in time."""
    host, _, port = servers.split(",")[0].rpartition(":")
    try:
        _, writer = await asyncio.wait_for(asyncio.open_connection(host, port), seconds)
    except (OSError, TimeoutError):
        if "," not in servers:
            return 0
    else:
        writer.close()
    return await asyncio.to_thread(_brokers, {"bootstrap.servers": servers, **config}, seconds)


def _brokers(config: dict[str, str], seconds: float) -> int:
    try:
        admin = AdminClient({"log_level": "0", **config})
        return len(admin.list_topics(timeout=seconds).brokers)
    except KafkaException:
        return 0
