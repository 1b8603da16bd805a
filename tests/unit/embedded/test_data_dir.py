from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import psutil
import pytest

from server.embedded.child import started_after
from server.embedded.data_dir import ChildRecord, DataDir
from server.embedded.errors import DataDirInUseError, DataDirUnusableError
from tests.processes import await_program


@pytest.fixture
def stray() -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(["sleep", "300.25"])
    await_program(process.pid)
    yield process
    process.kill()
    process.wait()


def _record(process: subprocess.Popen[bytes], folder: Path, **changes: object) -> None:
    started = started_after(psutil.Process(process.pid))
    record = ChildRecord(process.pid, started, "300.25", stop_signal=15, stop_seconds=5)
    (folder / "children.json").write_text(json.dumps({"Kafka": {**asdict(record), **changes}}))


def test_a_child_of_a_killed_parent_is_ended(
    tmp_path: Path, stray: subprocess.Popen[bytes]
) -> None:
    _record(stray, tmp_path)
    with DataDir(tmp_path) as data_dir:
        assert data_dir.end_orphans() == ["Kafka"]
    assert not psutil.pid_exists(stray.pid)


def test_a_child_is_known_again_after_the_clock_was_set(
    tmp_path: Path, stray: subprocess.Popen[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    _record(stray, tmp_path)
    # The kernel tells the time of its boot by the clock; every other file is the real one.
    (tmp_path / "proc").mkdir()
    (tmp_path / "proc" / str(stray.pid)).symlink_to(f"/proc/{stray.pid}")
    moved = f"btime {int(psutil.boot_time()) - 3600}\n"
    (tmp_path / "proc" / "stat").write_text(moved)
    monkeypatch.setattr(psutil, "PROCFS_PATH", str(tmp_path / "proc"))

    with DataDir(tmp_path) as data_dir:
        assert data_dir.end_orphans() == ["Kafka"]


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
