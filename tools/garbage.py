"""Garbage collection beside a loop that makes objects by the million and no cycles of them."""

from __future__ import annotations

import gc
import time
from types import TracebackType

_SECONDS = 60.0


class SeldomCollected:
    """What is loaded by now stays, and for garbage is looked once a minute: at every turn it
    takes up to half of the time. It holds for the whole process."""

    def __enter__(self) -> SeldomCollected:
        gc.freeze()
        gc.disable()
        self._collected = time.monotonic()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        gc.enable()

    def turn(self) -> None:
        """Once for each turn of the loop."""
        now = time.monotonic()
        if now - self._collected >= _SECONDS:
            gc.collect()
            self._collected = time.monotonic()
