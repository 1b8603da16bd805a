"""Kafka, a Schema Registry and Postgres on this machine, or the real ones given instead."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

from server.embedded import external
from server.embedded.artifacts import Bundle, Cache, read_bundle
from server.embedded.data_dir import DataDir
from server.embedded.errors import DataDirUnusableError, StartFailedError, first_of
from server.embedded.java import find_java
from server.embedded.kafka import Kafka
from server.embedded.maven import Downloads
from server.embedded.ports import kept_ports, require_free
from server.embedded.postgres import Postgres
from server.embedded.postgres_home import open_home
from server.embedded.progress import Progress, Silent
from server.embedded.registry import Registry
from server.embedded.supervisor import Server, Supervisor
from server.settings import Settings


class EmbeddedStack:
    """An async context manager: inside it the three servers answer at the addresses it tells.

    Each address given to the constructor replaces an embedded server by that real one. The data
    is kept in `data_dir`. Raises StackError with advice when something cannot start or be reached.
    """

    bootstrap_servers: str
    schema_registry: str
    database_url: str

    def __init__(
        self,
        data_dir: Path,
        bootstrap_servers: str | None = None,
        schema_registry: str | None = None,
        database_url: str | None = None,
        progress: Progress | None = None,
        *,
        settings: Settings | None = None,
        ports: Mapping[str, int] | None = None,
        durable: bool = True,
    ) -> None:
        """`ports` are fields of `Ports`; those not given are kept from before or chosen free.

        `durable=False` lets Postgres answer before its data is on the disk.
        """
        self.settings = settings or Settings()
        self._data_dir = DataDir(data_dir)
        self._kafka_given = bootstrap_servers
        self._registry_given = schema_registry
        self._database_given = database_url
        self._progress = progress or Silent()
        self._ports_given = ports or {}
        self._durable = durable
        self._supervisors: list[Supervisor] = []

    @classmethod
    def of(cls, settings: Settings, progress: Progress) -> EmbeddedStack:
        """What the settings ask for."""
        ports = {
            "kafka": settings.kafka_port,
            "registry": settings.registry_port,
            "postgres": settings.postgres_port,
        }
        return cls(
            settings.data_dir,
            settings.bootstrap_servers,
            settings.schema_registry,
            settings.database_url,
            progress,
            settings=settings,
            ports={name: port for name, port in ports.items() if port},
        )

    @property
    def endpoints(self) -> Settings:
        """The settings with the addresses of the servers that run."""
        addresses = {
            "bootstrap_servers": self.bootstrap_servers,
            "schema_registry": self.schema_registry,
            "database_url": self.database_url,
        }
        return self.settings.model_copy(update=addresses)

    async def __aenter__(self) -> EmbeddedStack:
        self._data_dir.__enter__()
        try:
            await self._start()
        except BaseException as error:
            await self._stop()
            if isinstance(error, StartFailedError):
                # The likeliest reason, which servers tell at the top of a trace if at all.
                self._require_ports()
            if isinstance(error, OSError):
                place = Path(error.filename or self._data_dir.path)
                raise DataDirUnusableError(place, error.strerror or str(error)) from error
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._stop()

    async def _start(self) -> None:
        await self._require_given()
        await self._end_orphans()
        self.ports = kept_ports(self._data_dir.path / "ports.json", self._ports_given)
        self._require_ports()
        if not (self._kafka_given and self._registry_given):
            self._java = await asyncio.to_thread(find_java, self.settings.java_home)
        try:
            async with asyncio.TaskGroup() as group:
                if not self._kafka_given:
                    group.create_task(self._start_kafka())
                group.create_task(self._start_database_and_registry())
        except BaseExceptionGroup as errors:
            raise first_of(errors) from None

    async def _require_given(self) -> None:
        """Before anything is started: a wrong address is the likeliest mistake."""
        if self._kafka_given:
            await external.require_kafka(self._kafka_given, self.settings.kafka_config)
            self.bootstrap_servers = self._kafka_given
        if self._registry_given:
            await external.require_registry(self._registry_given)
            self.schema_registry = self._registry_given
        if self._database_given:
            await external.require_postgres(self._database_given)
            self.database_url = self._database_given

    async def _end_orphans(self) -> None:
        for name in await asyncio.to_thread(self._data_dir.end_orphans):
            self._progress.say(f"Stopped {name}, left over from a Headwater that was killed")

    def _require_ports(self) -> None:
        ports = self.ports
        if not self._kafka_given:
            require_free(ports.kafka, "Kafka", "--kafka-port or HEADWATER_KAFKA_PORT")
            require_free(ports.kafka_controller, "Kafka's controller", self._kept)
        if not self._registry_given:
            advice = "--registry-port or HEADWATER_REGISTRY_PORT"
            require_free(ports.registry, "the Schema Registry", advice)
            require_free(ports.registry_management, "the registry's management", self._kept)
        if not self._database_given:
            require_free(ports.postgres, "Postgres", "--postgres-port or HEADWATER_POSTGRES_PORT")

    @property
    def _kept(self) -> str:
        return f"an edit of {self._data_dir.path / 'ports.json'}"

    async def _start_kafka(self) -> None:
        jars = await self._downloaded(read_bundle("kafka", "Apache Kafka"))
        kafka = Kafka(
            self._data_dir.path / "kafka", jars, self._java, self.ports, self._log("kafka")
        )
        if not kafka.prepared:
            with self._progress.step("Formatting Kafka's storage"):
                await kafka.prepare()
        await self._supervise(kafka)
        self.bootstrap_servers = kafka.address

    async def _start_database_and_registry(self) -> None:
        """One after the other: the registry keeps its schemas in the database."""
        if not self._database_given:
            await self._start_postgres()
        if not self._registry_given:
            await self._start_registry()

    async def _start_registry(self) -> None:
        program = await self._downloaded(read_bundle("registry", "Apicurio Registry"))
        registry = Registry(
            self._data_dir.path / "registry",
            program / "registry",
            self._java,
            self.ports,
            self.database_url,
            self._log("registry"),
        )
        await registry.prepare()
        await self._supervise(registry)
        self.schema_registry = registry.address

    async def _start_postgres(self) -> None:
        home = await asyncio.to_thread(open_home, self._data_dir.path)
        if not home.folder.is_relative_to(self._data_dir.path):
            self._progress.say(
                f"Postgres keeps its data in {home.folder}: its own user, needed since Headwater "
                f"runs as root, cannot enter {self._data_dir.path}"
            )
        postgres = Postgres(home, self.ports, self._log("postgres"), self._durable)
        if not postgres.prepared:
            with self._progress.step("Creating the database cluster"):
                await postgres.prepare()
        await self._supervise(postgres)
        await postgres.ensure_database()
        self.database_url = postgres.url()

    async def _downloaded(self, bundle: Bundle) -> Path:
        cache = Cache(self.settings.cache_dir.expanduser())
        repository = self.settings.maven_repository
        return await Downloads(cache, self._java, repository, self._progress).folder_of(bundle)

    def _log(self, name: str) -> Path:
        return self._data_dir.path / "logs" / f"{name}.log"

    async def _supervise(self, server: Server) -> None:
        supervisor = Supervisor(server, self._data_dir, self._progress)
        self._supervisors.append(supervisor)
        await supervisor.start()

    async def _stopped(self, supervisor: Supervisor) -> None:
        with self._progress.step(f"Stopping {supervisor.name}"):
            await supervisor.stop()

    async def _stop(self) -> None:
        """Postgres last: the registry writes to it until it ends."""
        by_last: list[list[Supervisor]] = [[], []]
        for supervisor in self._supervisors:
            by_last[supervisor.name == Postgres.name].append(supervisor)
        for together in by_last:
            await asyncio.gather(*(self._stopped(supervisor) for supervisor in together))
        self._supervisors.clear()
        self._data_dir.__exit__(None, None, None)
