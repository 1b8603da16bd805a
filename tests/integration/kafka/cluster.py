"""A Kafka of a test's own, started as the embedded one but for its settings."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from server.embedded.artifacts import Cache, read_bundle
from server.embedded.data_dir import DataDir
from server.embedded.java import find_java
from server.embedded.kafka import Kafka
from server.embedded.maven import Downloads
from server.embedded.port_claims import free_ports
from server.embedded.progress import Silent
from server.embedded.supervisor import Supervisor
from server.settings import Settings

NO_AUTHORIZER = {
    "authorizer.class.name": None,
    "super.users": None,
    "allow.everyone.if.no.acl.found": None,
}
NO_SUPER_USERS = {"super.users": None}


@dataclass(frozen=True)
class OtherKafka(Kafka):
    """`other` are settings that differ; None takes one out. `{port}` and `{controller}` in one are
    the ports."""

    other: Mapping[str, str | None] = field(default_factory=dict)

    def _configure(self, name: str, data: Path) -> Path:
        file = super()._configure(name, data)
        lines = [
            line
            for line in file.read_text().splitlines()
            if line.partition("=")[0] not in self.other
        ]
        ports = {"port": self.ports.kafka, "controller": self.ports.kafka_controller}
        lines += [
            f"{name}={value.format(**ports)}"
            for name, value in self.other.items()
            if value is not None
        ]
        file.write_text("\n".join(lines) + "\n")
        return file


@asynccontextmanager
async def kafka_with(folder: Path, other: Mapping[str, str | None]) -> AsyncIterator[str]:
    """The address of a Kafka with these settings; its data is kept in `folder`."""
    settings = Settings()
    java, cache = find_java(settings.java_home), Cache(settings.cache_dir.expanduser())
    downloads = Downloads(cache, java, settings.maven_repository, Silent())
    jars = await downloads.folder_of(read_bundle("kafka", "Apache Kafka"))
    log = folder / "kafka.log"
    kafka = OtherKafka(folder / "kafka", jars, java, free_ports(), log, other)
    with DataDir(folder) as data_dir:
        await kafka.prepare()
        supervisor = Supervisor(kafka, data_dir, Silent())
        await supervisor.start()
        yield kafka.address
        await supervisor.stop()
