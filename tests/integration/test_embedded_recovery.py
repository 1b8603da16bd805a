"""What the local stack survives, seen from outside: `headwater up` as a process of its own."""

from __future__ import annotations

import json
import os
import secrets
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from server.embedded.port_claims import free_port
from tests.headwater_process import HEADWATER, HeadwaterProcess


@pytest.fixture(scope="module")
def started(new_data_dir: Callable[[], Path]) -> Iterator[HeadwaterProcess]:
    headwater = HeadwaterProcess(new_data_dir())
    yield headwater
    if headwater.process and headwater.process.poll() is None:
        headwater.end(signal.SIGTERM)


@pytest.fixture
def headwater(started: HeadwaterProcess) -> HeadwaterProcess:
    started.ensure_started()
    return started


def _within(seconds: float, holds: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.2)
    return False


def test_killed_servers_come_back_with_their_data(headwater: HeadwaterProcess) -> None:
    name = f"kept-{secrets.token_hex(3)}"
    headwater.keep(name)
    record = json.loads((headwater.data_dir / "children.json").read_text())
    assert set(record) == {"Kafka", "Schema Registry", "Postgres"}

    for child in record.values():
        os.kill(child["pid"], signal.SIGKILL)

    assert _within(60, lambda: headwater.has(name))


def test_nothing_is_left_of_a_killed_headwater_and_the_next_start_has_its_data(
    headwater: HeadwaterProcess,
) -> None:
    name = f"kept-{secrets.token_hex(3)}"
    headwater.keep(name)
    before = headwater.children()
    assert len(before) >= 3

    headwater.end(signal.SIGKILL)
    headwater.ensure_started()

    assert not [process for process in before if process.is_running()]
    assert _within(20, lambda: headwater.has(name))


def test_ctrl_c_stops_every_process_and_exits_130(headwater: HeadwaterProcess) -> None:
    assert headwater.end(signal.SIGINT) == 130

    assert headwater.children() == []


def test_a_data_folder_in_use_is_refused(headwater: HeadwaterProcess) -> None:
    second = subprocess.run(
        [*HEADWATER, "up", "--port", str(free_port()), "--data-dir", str(headwater.data_dir)],
        capture_output=True,
        text=True,
        check=False,
    )

    assert second.returncode == 1
    assert "in use by another Headwater" in second.stderr
    assert "Traceback" not in second.stderr
