"""What every embedding model here offers beyond LangChain's interface."""

from __future__ import annotations

from dataclasses import dataclass

from langchain_core.embeddings import Embeddings

from core.arrays import Floats

Vectors = Floats
"""One unit-length row per text (or per token)."""


class EmbeddingError(Exception):
    """The embedding model cannot serve."""


class EmbeddingModelUnavailable(EmbeddingError):  # noqa: N818 (a state, said as one)
    """The embedding model did not answer."""

    def __init__(self, address: str, cause: str) -> None:
        super().__init__(
            f"The embedding model at {address} did not answer ({cause[:200]}). Check "
            "HEADWATER_EMBEDDING_BASE_URL, _MODEL and _API_KEY, or unset them to use the built-in "
            "model."
        )


class EmbeddingModelMismatch(EmbeddingError):  # noqa: N818
    """The embedding model is not what its configuration says."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """A text's vector and its tokens' vectors (special tokens left out)."""

    vector: Vectors
    tokens: Vectors


class EmbeddingModel(Embeddings):
    """`model_id` names model and precision: vectors of different ids are never compared."""

    model_id: str
    dimension: int

    async def vectors(self, texts: list[str]) -> Vectors:
        """Unit vectors, shape (texts, dimension). Raises EmbeddingModelUnavailable."""
        raise NotImplementedError


class TokenModel(EmbeddingModel):
    """A model that also tells the vector of every token, for late interaction."""

    async def encoded(self, texts: list[str]) -> list[Encoded]:
        """Vector and token vectors of each text."""
        raise NotImplementedError
