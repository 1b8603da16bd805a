"""Notices, and what teams answered."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from core.notices.notice import Answer, Answered, Notice, NoticeText
from tools.db.cursor import Page, read_cursor, write_cursor
from tools.db.deliveries import DeliveryRepository
from tools.db.pool import Connection, Pool
from tools.db.sql import load

_SQL = load("notices")


class NoticeNotFoundError(LookupError):
    """There is no notice with this number."""

    def __init__(self, notice_id: int) -> None:
        super().__init__(f"There is no notice {notice_id}. List them to see those that exist.")


class NoticeRepository:
    """Written by the analysis, read by the outbox, answered by people."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._deliveries = DeliveryRepository(pool)

    async def first_analysis(self, connection: Connection, cluster: str) -> datetime | None:
        """When the cluster's first analysis ended; None where none has."""
        rows = await connection.execute(_SQL["first_analysis"], {"cluster": cluster})
        row = await rows.fetchone()
        return None if row is None else row["ended"]

    async def add(
        self,
        connection: Connection,
        cluster: str,
        fact: str,
        recommendation_id: int,
        text: NoticeText,
        channels: Iterable[str],
    ) -> bool:
        """Within the caller's transaction, so that what is found and what is told of it stand
        together; False where the fact was told already."""
        given = {
            "cluster": cluster,
            "fact": fact,
            "team": text.team,
            "recommendation_id": recommendation_id,
            "text": Jsonb(text.model_dump(mode="json")),
        }
        row = await (await connection.execute(_SQL["add"], given)).fetchone()
        if row is None:
            return False
        await self._deliveries.queue_notice(connection, row["id"], channels)
        return True

    async def get(self, notice_id: int) -> Notice:
        """Raises NoticeNotFoundError."""
        async with self._pool.connection() as connection:
            return await self._one(connection, "get", notice_id)

    async def locked(self, connection: Connection, notice_id: int) -> Notice:
        """Until the caller's transaction ends. Raises NoticeNotFoundError."""
        return await self._one(connection, "get_for_update", notice_id)

    async def answer(
        self,
        connection: Connection,
        notice_id: int,
        answer: Answer,
        by: str,
        comment: str | None,
    ) -> Notice:
        given = {"id": notice_id, "answer": answer, "by": by, "comment": comment}
        row = await (await connection.execute(_SQL["answer"], given)).fetchone()
        if row is None:
            raise NoticeNotFoundError(notice_id)
        return _notice(row)

    async def list(
        self,
        cluster: str,
        *,
        team: str | None = None,
        source: str | None = None,
        answered: bool | None = None,
        limit: int = 50,
        cursor: str | None = None,
    ) -> Page[Notice]:
        """Newest first."""
        (before,) = read_cursor(cursor, int)
        given = {
            "cluster": cluster, "team": team, "source": source, "answered": answered,
            "before_id": before, "limit": limit + 1,
        }  # fmt: skip
        rows = await self._pool.rows(_SQL["list"], given)
        items = tuple(_notice(row) for row in rows[:limit])
        return Page(items, write_cursor(items[-1].id) if len(rows) > limit else None)

    async def _one(self, connection: Connection, query: str, notice_id: int) -> Notice:
        row = await (await connection.execute(_SQL[query], {"id": notice_id})).fetchone()
        if row is None:
            raise NoticeNotFoundError(notice_id)
        return _notice(row)


def _notice(row: DictRow) -> Notice:
    answered = None
    if row["answer"] is not None:
        answered = Answered(
            answer=row["answer"], by=row["answered_by"], at=row["answered_at"],
            comment=row["comment"],
        )  # fmt: skip
    return Notice(
        id=row["id"],
        cluster=row["cluster"],
        fact=row["fact"],
        recommendation_id=row["recommendation_id"],
        text=NoticeText.model_validate(row["text"]),
        created_at=row["created_at"],
        answered=answered,
    )
