from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import psutil
import pytest

from server.embedded.data_dir import ChildRecord, DataDir
from server.embedded.errors import DataDirInUseError, DataDirUnusableError


@pytest.fixture
def stray() -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(["sleep", "300.25"])
    yield process
    process.kill()
    process.wait()


def _record(process: subprocess.Popen[bytes], folder: Path, **changes: object) -> None:
    started = psutil.Process(process.pid).create_time()
    record = ChildRecord(process.pid, started, "300.25", stop_signal=15, stop_seconds=5)
    (folder / "children.json").write_text(json.dumps({"Kafka": {**asdict(record), **changes}}))


def test_a_child_of_a_killed_parent_is_ended(
    tmp_path: Path, stray: subprocess.Popen[bytes]
) -> None:
    _record(stray, tmp_path)
    with DataDir(tmp_path) as data_dir:
        assert data_dir.end_orphans() == ["Kafka"]
    assert not psutil.pid_exists(stray.pid)


@pytest.mark.parametrize("changes", [{"started": 1.0}, {"mark": "another program"}])
def test_a_process_that_only_has_the_same_number_is_left_alone(
    tmp_path: Path, stray: subprocess.Popen[bytes], changes: dict[str, object]
) -> None:
    _record(stray, tmp_path, **changes)
    with DataDir(tmp_path) as data_dir:
        assert data_dir.end_orphans() == []
    assert stray.poll() is None


def test_a_second_owner_is_refused_and_told_who_has_it(tmp_path: Path) -> None:
    with DataDir(tmp_path), pytest.raises(DataDirInUseError, match=r"process \d+.*--data-dir"):
        DataDir(tmp_path).__enter__()
    with DataDir(tmp_path):
        pass


def test_a_folder_that_cannot_be_made_is_named_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DataDirUnusableError, match="file/data cannot be written"):
        DataDir(tmp_path / "file" / "data").__enter__()
