"""A server process started by this one, and how it is stopped."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from signal import SIGKILL, SIGTERM, Signals
from typing import BinaryIO

import psutil

_LAUNCH = Path(__file__).with_name("launch.py")
_LOG_LIMIT = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Command:
    """What to run. `mark` is a part of its command line that nothing else has.

    The environment is exactly the one given: nothing is inherited from the user's.
    """

    arguments: tuple[str, ...]
    directory: Path
    log: Path
    mark: str
    environment: Mapping[str, str] = field(default_factory=dict)
    user: str | None = None
    stop_signal: Signals = SIGTERM
    stop_seconds: float = 20


class Child:
    """A running Command, in a session of its own so that Ctrl-C reaches only its starter."""

    def __init__(self, command: Command, process: asyncio.subprocess.Process) -> None:
        self.command = command
        self._process = process
        self.started = started_after(psutil.Process(process.pid))

    @classmethod
    async def spawn(cls, command: Command) -> Child:
        launch = (sys.executable, "-I", "-S", str(_LAUNCH))
        ties = (str(int(command.stop_signal)), str(os.getpid()), command.user or "-")
        with open_log(command.log) as log:
            process = await asyncio.create_subprocess_exec(
                *(*launch, *ties, *command.arguments),
                cwd=command.directory,
                env={"PATH": os.defpath, "LANG": "C.UTF-8", **command.environment},
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        return cls(command, process)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        return self._process.returncode

    async def wait(self) -> int:
        return await self._process.wait()

    async def stop(self) -> None:
        """Ask it to stop, wait, and kill it when it does not."""
        if self.exit_code is None:
            self._process.send_signal(self.command.stop_signal)
            try:
                await asyncio.wait_for(self._process.wait(), self.command.stop_seconds)
            except TimeoutError:
                self._process.send_signal(SIGKILL)
                await self._process.wait()


def started_after(process: psutil.Process) -> float:
    """Seconds from the machine's boot to the process's start: they stay when its clock is set.

    Raises psutil.NoSuchProcess.
    """
    return process.create_time() - psutil.boot_time()


def open_log(path: Path) -> BinaryIO:
    """Appends; a log that has grown large is put aside once, as `.1`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and path.stat().st_size > _LOG_LIMIT:
        path.replace(path.with_suffix(f"{path.suffix}.1"))
    return path.open("ab")


def tail(path: Path, lines: int = 12) -> str:
    """The last lines of a log."""
    if not path.exists():
        return ""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 16_384))
        text = file.read().decode(errors="replace")
    return "\n".join(f"  {line[:300]}" for line in text.splitlines()[-lines:])


def describe_exit(code: int) -> str:
    """ "killed by SIGKILL" or "exit code 1"."""
    return f"killed by {Signals(-code).name}" if code < 0 else f"exit code {code}"
