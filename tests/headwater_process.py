"""`headwater up` as a process of its own, for tests that look at it from outside."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import httpx
import psutil
import psycopg
import pytest
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

from server.embedded.port_claims import free_port, free_ports

HEADWATER = (sys.executable, "-m", "server.cli.main")


class HeadwaterProcess:
    """A `headwater up` that can be started, killed and looked into."""

    def __init__(self, data_dir: Path, *options: str) -> None:
        self.data_dir = data_dir
        self.options = options
        self.catalog_port = self.generator_port = self.products_port = 0
        self.ports = free_ports()
        (data_dir / "ports.json").write_text(json.dumps(asdict(self.ports)))
        self.process: subprocess.Popen[str] | None = None

    def ensure_started(self) -> None:
        """Returns when it says that it runs."""
        if self.process and self.process.poll() is None:
            return
        self.catalog_port, self.generator_port, self.products_port = (free_port() for _ in range(3))
        options = ["--port", str(self.catalog_port), "--data-dir", str(self.data_dir)]
        options += ["--generator-port", str(self.generator_port)]
        options += ["--products-port", str(self.products_port)]
        with (self.data_dir / "up.log").open("a") as log:
            self.process = subprocess.Popen(
                [*HEADWATER, "up", *options, *self.options],
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        assert self.process.stdout
        for line in self.process.stdout:
            if "Headwater is running" in line:
                return
        pytest.fail((self.data_dir / "up.log").read_text())

    def end(self, ending: signal.Signals) -> int:
        """The exit code."""
        assert self.process
        self.process.send_signal(ending)
        return self.process.wait(60)

    def children(self) -> list[psutil.Process]:
        """Every process that serves this data folder, whoever its parent is."""
        folder = str(self.data_dir)
        serving = psutil.process_iter(["cmdline", "pid"])
        mine = self.process.pid if self.process else None
        return [
            process
            for process in serving
            if process.pid != mine and folder in " ".join(process.info["cmdline"] or ())
        ]

    @property
    def catalog(self) -> str:
        return f"http://127.0.0.1:{self.catalog_port}"

    @property
    def generator(self) -> str:
        return f"http://127.0.0.1:{self.generator_port}"

    @property
    def products(self) -> str:
        return f"http://127.0.0.1:{self.products_port}"

    @property
    def registry(self) -> str:
        return f"http://127.0.0.1:{self.ports.registry}/apis/ccompat/v7"

    @property
    def database_url(self) -> str:
        password = json.loads((self.data_dir / "postgres.json").read_text())["password"]
        return f"postgresql://headwater:{password}@127.0.0.1:{self.ports.postgres}/headwater"

    def keep(self, name: str) -> None:
        """A topic, a schema and a row of that name."""
        admin = AdminClient({"bootstrap.servers": f"127.0.0.1:{self.ports.kafka}"})
        admin.create_topics([NewTopic(name, 1, 1)])[name].result(20)
        body = {"schema": json.dumps({"type": "record", "name": "R", "fields": []})}
        httpx.post(f"{self.registry}/subjects/{name}/versions", json=body).raise_for_status()
        with psycopg.connect(self.database_url, autocommit=True) as connection:
            connection.execute("create table if not exists kept (name text)")
            connection.execute("insert into kept values (%s)", (name,))

    def has(self, name: str) -> bool:
        """Whether all three servers answer and still know it."""
        try:
            admin = AdminClient(
                {"bootstrap.servers": f"127.0.0.1:{self.ports.kafka}", "log_level": "0"}
            )
            in_kafka = name in admin.list_topics(timeout=2).topics
            in_registry = name in httpx.get(f"{self.registry}/subjects", timeout=2).json()
            with psycopg.connect(self.database_url, connect_timeout=2) as connection:
                row = connection.execute("select 1 from kept where name = %s", (name,)).fetchone()
        except Exception:
            return False
        return in_kafka and in_registry and row is not None
