"""The id of the request that is being worked on: what is written meanwhile is kept with it."""

from __future__ import annotations

from contextvars import ContextVar

current: ContextVar[str | None] = ContextVar("request_id", default=None)
"""None outside of a request, as in a worker."""
