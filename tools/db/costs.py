"""What costs are measured by: loads of topics, estimates that were decided on, price books."""

from __future__ import annotations

from psycopg.types.json import Jsonb

from core.cost.difference import Planned
from core.cost.estimate import CostEstimate
from core.cost.measured import TopicLoad
from core.cost.price_book import PriceBook
from core.usage.period import Period
from tools.db.pool import Pool
from tools.db.sql import load

_SQL = load("costs")


class PriceBookChangedError(Exception):
    """A price book says something else than it did, under the same version."""

    def __init__(self, book: PriceBook, since: object) -> None:
        super().__init__(
            f"The price book {book.name} {book.version} has other prices or assumptions than it "
            f"had under this version on {since:%Y-%m-%d}, and costs that name it would be "
            "explained by the wrong ones. Raise its `version`."
        )


class CostRepository:
    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def loads(
        self, cluster: str, period: Period, topic: str | None = None
    ) -> list[TopicLoad]:
        """Of all present topics by name, or of one."""
        given = {"cluster": cluster, "topic": topic, **period.model_dump()}
        return [TopicLoad(**row) for row in await self._pool.rows(_SQL["loads"], given)]

    async def planned(self, cluster: str, topic: str) -> Planned | None:
        """The estimate that the topic was made with; None where no plan made it."""
        rows = await self._pool.rows(_SQL["planned"], {"cluster": cluster, "topic": topic})
        if not rows:
            return None
        estimate = CostEstimate.model_validate(rows[0]["estimate"])
        return Planned(rows[0]["approval_id"], rows[0]["decided_at"], estimate)

    async def keep_book(self, book: PriceBook) -> None:
        """Note the book that is in force. Raises PriceBookChangedError."""
        key = {"name": book.name, "version": book.version}
        content = Jsonb(book.model_dump(mode="json"))
        await self._pool.rows(_SQL["keep_book"], {**key, "digest": book.digest, "content": content})
        (known,) = await self._pool.rows(_SQL["book"], key)
        if known["digest"] != book.digest:
            raise PriceBookChangedError(book, known["since"])
