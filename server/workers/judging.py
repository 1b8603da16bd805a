"""The judge of this server: one of a cluster sits, the others wait to take its place."""

from __future__ import annotations

from server.workers.polling import repeatedly
from tools.db.pool import Pool
from tools.judging.bench import Bench, Book

_LOOK_SECONDS = 1.0
_AGAIN_SECONDS = 5.0


class Judging:
    def __init__(self, pool: Pool, cluster: str, book: Book) -> None:
        self.bench = Bench(pool, cluster, book)

    async def run(self) -> None:
        """Judge until cancelled."""
        await repeatedly(self._sit, _AGAIN_SECONDS, "judge")

    async def _sit(self) -> None:
        await self.bench.sit(_LOOK_SECONDS)
