"""The folder that one running Headwater owns: its lock, and the record of its children."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from signal import Signals
from types import TracebackType
from typing import IO

import psutil

from server.embedded.child import Child, started_after
from server.embedded.errors import DataDirInUseError, DataDirUnusableError


@dataclass(frozen=True, slots=True)
class ChildRecord:
    """Enough to recognise a process later: a pid alone may belong to another one by then.

    `started` is as `started_after` tells it.
    """

    pid: int
    started: float
    mark: str
    stop_signal: int
    stop_seconds: float

    @classmethod
    def of(cls, child: Child) -> ChildRecord:
        command = child.command
        return cls(
            child.pid, child.started, command.mark, int(command.stop_signal), command.stop_seconds
        )

    def find(self) -> psutil.Process | None:
        """The process, when it still runs and is the same one."""
        try:
            process = psutil.Process(self.pid)
            same = abs(started_after(process) - self.started) < 1
            ours = any(self.mark in part for part in process.cmdline())
        except psutil.Error:
            return None
        return process if same and ours else None

    def end(self) -> bool:
        """Stop the process when it still runs; tells whether it did."""
        process = self.find()
        if process is None:
            return False
        with contextlib.suppress(psutil.NoSuchProcess):
            process.send_signal(Signals(self.stop_signal))
            try:
                process.wait(self.stop_seconds)
            except psutil.TimeoutExpired:
                process.kill()
                process.wait()
        return True


class DataDir:
    """A context manager that holds the folder's lock; the kernel frees it when the process dies.

    Raises DataDirInUseError, DataDirUnusableError.
    """

    def __init__(self, path: Path) -> None:
        self.path = path.expanduser().absolute()
        self._children: dict[str, ChildRecord] = {}
        self._lock: IO[str] | None = None

    def __enter__(self) -> DataDir:
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            self._lock = (self.path / "lock").open("a+")
            self._take_lock(self._lock)
        except OSError as error:
            raise DataDirUnusableError(self.path, error.strerror or str(error)) from error
        return self

    def _take_lock(self, lock: IO[str]) -> None:
        lock.seek(0)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = lock.read().strip()
            lock.close()
            raise DataDirInUseError(self.path, holder) from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._lock:
            self._lock.close()

    @property
    def _record(self) -> Path:
        return self.path / "children.json"

    def remember(self, name: str, child: Child) -> None:
        self._children[name] = ChildRecord.of(child)
        self._write()

    def forget(self, name: str) -> None:
        self._children.pop(name, None)
        self._write()

    def _write(self) -> None:
        stored = {name: asdict(record) for name, record in self._children.items()}
        fresh = self._record.with_suffix(f".{time.monotonic_ns()}")
        fresh.write_text(json.dumps(stored, indent=1))
        fresh.replace(self._record)

    def end_orphans(self) -> list[str]:
        """Stops what a killed Headwater left running here; returns the names."""
        try:
            stored = json.loads(self._record.read_text())
            records = {name: ChildRecord(**fields) for name, fields in stored.items()}
        except (FileNotFoundError, json.JSONDecodeError, TypeError):
            return []
        return [name for name, record in records.items() if record.end()]
