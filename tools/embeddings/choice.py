"""Which embedding model serves: the built-in MiniLM, or an OpenAI-compatible one."""

from __future__ import annotations

from tools.embeddings.hosted import HostedEmbeddings, dimension_of
from tools.embeddings.minilm import MiniLM
from tools.embeddings.model import EmbeddingModel, EmbeddingModelMismatch


def embeddings_of(
    *,
    base_url: str | None = None,
    model: str | None = None,
    api_key: str | None = None,
    dimensions: int | None = None,
    timeout_seconds: float = 30.0,
    threads: int = 2,
) -> EmbeddingModel:
    """MiniLM unless `base_url` is given; then `model` at that address.

    Without `dimensions` the hosted model is asked once. Raises EmbeddingModelUnavailable.
    """
    if base_url is None:
        return MiniLM(threads)
    if model is None:
        raise EmbeddingModelMismatch(
            "An embedding address without a model: set HEADWATER_EMBEDDING_MODEL to its name."
        )
    size = dimensions or dimension_of(base_url, model, api_key, timeout_seconds)
    return HostedEmbeddings(
        base_url, model, api_key, size, timeout_seconds, shortened=dimensions is not None
    )
