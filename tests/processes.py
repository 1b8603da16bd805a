"""Processes as they are told apart by their command lines."""

from __future__ import annotations

import contextlib
import time

import psutil


def below(pid: int, word: str) -> list[psutil.Process]:
    """Those with that argument, children of children too; what ends meanwhile is left out."""
    found = []
    for process in psutil.Process(pid).children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):
            if word in process.cmdline():
                found.append(process)
    return found


def await_program(pid: int, seconds: float = 30) -> None:
    """Returns when its command line can be read: of a process that is just being started the
    kernel tells none for a moment, after its starter has gone on already."""
    deadline = time.monotonic() + seconds
    while not psutil.Process(pid).cmdline():
        assert time.monotonic() < deadline, f"process {pid} never became a program"
        time.sleep(0.001)
