"""How long work reports to whoever waits: a terminal, a log, or nobody."""

from __future__ import annotations

from contextlib import AbstractContextManager
from types import TracebackType
from typing import Protocol


class Step(Protocol):
    """One piece of work under way."""

    def advance_to(self, done: float, total: float) -> None:
        """Tell how far it is; the unit is the caller's."""

    def note(self, text: str) -> None:
        """Say more about it beside its title."""


class Progress(Protocol):
    """Shows steps with the time they took, and single lines. Safe to use from several tasks."""

    def say(self, line: str) -> None: ...

    def step(self, title: str, *, size: bool = False) -> AbstractContextManager[Step]:
        """Work from entering to leaving; `size` shows `advance_to` figures as bytes."""


class _SilentStep:
    def advance_to(self, done: float, total: float) -> None: ...

    def note(self, text: str) -> None: ...

    def __enter__(self) -> Step:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...


class Silent:
    """Tells nobody."""

    def say(self, line: str) -> None: ...

    def step(self, title: str, *, size: bool = False) -> AbstractContextManager[Step]:
        return _SilentStep()
