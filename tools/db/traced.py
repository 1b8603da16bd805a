"""Statements as spans: a cursor that connections have where tracing is on, and nowhere else."""

from __future__ import annotations

from typing import Any

from opentelemetry.trace import SpanKind
from psycopg import AsyncCursor
from psycopg.rows import DictRow

from tools.db.sql import name_of
from tools.tracing import span


class TracedCursor(AsyncCursor[DictRow]):
    """Told are the names of statements, which are ours; never their values."""

    async def execute(self, query: Any, params: Any = None, **more: Any) -> TracedCursor:
        name = name_of(query)
        with span(
            f"postgres {name}",
            SpanKind.CLIENT,
            db__system__name="postgresql",
            db__query__summary=name,
        ):
            return await super().execute(query, params, **more)
