"""The HNSW index that each embedding model has over its own rows."""

from __future__ import annotations

import hashlib

from psycopg.sql import SQL, Identifier, Literal

from tools.db.pool import Pool
from tools.db.sql import load
from tools.embeddings.model import EmbeddingModel

_SQL = load("search_models")


async def ensure_index(pool: Pool, model: EmbeddingModel) -> None:
    """Create the model's index if it is not there; cheap to call again."""
    digest = hashlib.sha256(model.model_id.encode()).hexdigest()[:12]
    statement = SQL(_SQL["create_index"]).format(
        name=Identifier(f"search_vectors_{digest}"),
        dimension=Literal(model.dimension),
        model=Literal(model.model_id),
    )
    async with pool.connection() as connection, connection.transaction():
        await connection.execute(_SQL["one_at_a_time"])
        # Over many rows it is built some ten times faster where it fits into memory.
        await connection.execute("set local maintenance_work_mem = '512MB'")
        await connection.execute(statement)
