"""What the local stack survives, seen from outside: `headwater up` as a process of its own."""

from __future__ import annotations

import json
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

import httpx
import psutil
import psycopg
import pytest
from confluent_kafka.admin import AdminClient
from confluent_kafka.cimpl import NewTopic

from server.embedded.ports import Ports, is_free

HEADWATER = (sys.executable, "-m", "server.cli.main")


class Headwater:
    """A `headwater up` that can be started, killed and looked into."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self.ports = Ports.free()
        (data_dir / "ports.json").write_text(json.dumps(asdict(self.ports)))
        self.process: subprocess.Popen[str] | None = None

    def ensure_started(self) -> None:
        """Returns when it says that it runs."""
        if self.process and self.process.poll() is None:
            return
        catalog_port = next(port for port in range(18_004, 19_000) if is_free(port))
        options = ["--port", str(catalog_port), "--data-dir", str(self.data_dir)]
        with (self.data_dir / "up.log").open("a") as log:
            self.process = subprocess.Popen(
                [*HEADWATER, "up", *options],
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


@pytest.fixture(scope="module")
def started(new_data_dir: Callable[[], Path]) -> Iterator[Headwater]:
    headwater = Headwater(new_data_dir())
    yield headwater
    if headwater.process and headwater.process.poll() is None:
        headwater.end(signal.SIGTERM)


@pytest.fixture
def headwater(started: Headwater) -> Headwater:
    started.ensure_started()
    return started


def _within(seconds: float, holds: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.2)
    return False


def test_killed_servers_come_back_with_their_data(headwater: Headwater) -> None:
    name = f"kept-{secrets.token_hex(3)}"
    headwater.keep(name)
    record = json.loads((headwater.data_dir / "children.json").read_text())
    assert set(record) == {"Kafka", "Schema Registry", "Postgres"}

    for child in record.values():
        os.kill(child["pid"], signal.SIGKILL)

    assert _within(60, lambda: headwater.has(name))


def test_nothing_is_left_of_a_killed_headwater_and_the_next_start_has_its_data(
    headwater: Headwater,
) -> None:
    name = f"kept-{secrets.token_hex(3)}"
    headwater.keep(name)
    before = headwater.children()
    assert len(before) >= 3

    headwater.end(signal.SIGKILL)
    headwater.ensure_started()

    assert not [process for process in before if process.is_running()]
    assert _within(20, lambda: headwater.has(name))


def test_ctrl_c_stops_every_process_and_exits_130(headwater: Headwater) -> None:
    assert headwater.end(signal.SIGINT) == 130

    assert headwater.children() == []


def test_a_data_folder_in_use_is_refused(headwater: Headwater) -> None:
    second = subprocess.run(
        [*HEADWATER, "up", "--port", "18999", "--data-dir", str(headwater.data_dir)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert second.returncode == 1
    assert "in use by another Headwater" in second.stderr
    assert "Traceback" not in second.stderr
