"""How long work looks to a person: bars and spinners on a terminal, plain lines elsewhere."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)

from server.embedded.progress import Step

_LINE_SECONDS = 5.0


def progress_on(console: Console) -> TerminalProgress | LineProgress:
    """What fits the console: a file or a pipe gets lines."""
    return TerminalProgress(console) if console.is_terminal else LineProgress(console)


@dataclass(slots=True)
class _Bar:
    shown: Progress
    task: TaskID
    size: bool
    noted: str = ""

    def advance_to(self, done: float, total: float) -> None:
        amount = amount_of(done, total, self.size)
        self.shown.update(self.task, completed=done, total=total, amount=amount)

    def note(self, text: str) -> None:
        self.noted = text
        self.shown.update(self.task, amount=escape(text))


class TerminalProgress:
    """Running steps below, finished ones above them. Nothing is drawn while no step runs."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._lock = threading.Lock()
        self._shown: Progress | None = None
        self._running = 0

    def say(self, line: str) -> None:
        self._console.print(line, markup=False, highlight=False)

    @contextmanager
    def step(self, title: str, *, size: bool = False) -> Iterator[Step]:
        shown = self._enter()
        bar = _Bar(shown, shown.add_task(escape(title), total=None, amount=""), size)
        started = time.monotonic()
        try:
            yield bar
            self._console.print(_finished(title, started, bar.noted), highlight=False)
        finally:
            shown.remove_task(bar.task)
            self._leave(shown)

    def _enter(self) -> Progress:
        with self._lock:
            self._running += 1
            if self._shown is None:
                self._shown = Progress(
                    SpinnerColumn(),
                    TextColumn("{task.description}"),
                    BarColumn(bar_width=30),
                    TextColumn("{task.fields[amount]}"),
                    TimeElapsedColumn(),
                    console=self._console,
                    transient=True,
                )
                self._shown.start()
            return self._shown

    def _leave(self, shown: Progress) -> None:
        with self._lock:
            self._running -= 1
            if self._running == 0:
                shown.stop()
                self._shown = None


@dataclass(slots=True)
class _Line:
    console: Console
    title: str
    size: bool
    noted: str = ""
    _printed: float = field(default_factory=time.monotonic)

    def advance_to(self, done: float, total: float) -> None:
        if time.monotonic() - self._printed > _LINE_SECONDS:
            self._printed = time.monotonic()
            _print(self.console, f"{self.title}: {amount_of(done, total, self.size)}")

    def note(self, text: str) -> None:
        self.noted = text


class LineProgress:
    """A line when a step begins, one every few seconds while it reports, one at its end."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def say(self, line: str) -> None:
        _print(self._console, line)

    @contextmanager
    def step(self, title: str, *, size: bool = False) -> Iterator[Step]:
        _print(self._console, f"{title} ...")
        line = _Line(self._console, title, size)
        started = time.monotonic()
        yield line
        noted = f" {line.noted}" if line.noted else ""
        _print(self._console, f"{title}: done in {_seconds(started)}{noted}")


def _print(console: Console, line: str) -> None:
    console.print(line, markup=False, highlight=False, soft_wrap=True)


def _finished(title: str, started: float, noted: str) -> str:
    return f"[green]✓[/] {escape(title)} [dim]{_seconds(started)}[/] {escape(noted)}"


def _seconds(started: float) -> str:
    return f"{time.monotonic() - started:.1f} s"


def amount_of(done: float, total: float, size: bool) -> str:
    """ "45.0 of 158.6 MB", or "45 of 158" when the figures are no bytes."""
    if size:
        return f"{done / 1e6:.1f} of {total / 1e6:.1f} MB"
    return f"{done:g} of {total:g}"
