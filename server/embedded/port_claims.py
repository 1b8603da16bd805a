"""Free ports that no other process picks before a server listens on them."""

from __future__ import annotations

import fcntl
import os
import random
import tempfile
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import IO

from server.embedded.ports import Ports, is_free

_BLOCKS = range(20_000, 32_000, 40)
"""Below the range that the system hands to clients."""


class NoPortsError(OSError):
    """All blocks of ports are held by processes that run."""


class PortClaims:
    """Hands out the ports of blocks that this process holds: each by the lock of a file in
    `folder`, which the kernel frees when the process ends."""

    def __init__(self, folder: Path, blocks: range = _BLOCKS) -> None:
        """`blocks` are the first ports of each, as far apart as a block is long."""
        self._folder = folder
        self._blocks = blocks
        self._locks: list[IO[str]] = []
        self._ports: Iterator[int] = iter(())

    def take(self) -> int:
        """One that is free now and was not handed out before.

        Raises NoPortsError, and OSError where the folder cannot be written.
        """
        while (port := next(self._ports, None)) is None:
            self._ports = filter(is_free, self._claimed())
        return port

    def _claimed(self) -> range:
        self._folder.mkdir(mode=0o700, exist_ok=True)
        for start in random.sample(self._blocks, len(self._blocks)):
            lock = (self._folder / str(start)).open("a")
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                lock.close()
            else:
                self._locks.append(lock)
                return range(start, start + self._blocks.step)
        raise NoPortsError(f"{NoPortsError.__doc__} Their locks are in {self._folder}.")


_CLAIMS = PortClaims(Path(tempfile.gettempdir()) / f"headwater-ports-{os.getuid()}")


def free_port() -> int:
    """As `PortClaims.take`, from those of this user."""
    return _CLAIMS.take()


def free_ports() -> Ports:
    """Of an embedded stack that only one run needs."""
    return Ports(*(free_port() for _ in fields(Ports)))
