"""A database of its own, and the catalog's API over a fleet whose use was counted."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tools.db.pool import Pool, open_pool


@pytest.fixture
async def pool(database_url: str) -> AsyncIterator[Pool]:
    pool = await open_pool(database_url)
    yield pool
    await pool.close()
