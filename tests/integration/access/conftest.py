from __future__ import annotations

from tests.integration.catalog.conftest import embeddings

__all__ = ["embeddings"]
