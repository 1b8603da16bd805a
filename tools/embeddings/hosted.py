"""An OpenAI-compatible embedding model."""

from __future__ import annotations

import asyncio

import numpy as np
import openai
from langchain_openai import OpenAIEmbeddings
from pydantic import SecretStr

from tools.embeddings.model import (
    EmbeddingModel,
    EmbeddingModelMismatch,
    EmbeddingModelUnavailable,
    Vectors,
)

BATCH = 64


class HostedEmbeddings(EmbeddingModel):
    """LangChain's OpenAIEmbeddings behind our interface; errors become named ones.

    `dimension` is what comes back; `shortened` asks the model to cut its vectors to that.
    """

    def __init__(
        self,
        base_url: str,
        model: str,
        api_key: str | None,
        dimension: int,
        timeout_seconds: float,
        *,
        shortened: bool = False,
    ) -> None:
        self.model_id = f"{model}@{dimension}"
        self.dimension = dimension
        self._address = base_url
        self._client = OpenAIEmbeddings(
            model=model,
            openai_api_base=base_url,
            openai_api_key=SecretStr(api_key or "none"),
            request_timeout=timeout_seconds,
            max_retries=2,
            chunk_size=BATCH,
            dimensions=dimension if shortened else None,
            check_embedding_ctx_length=False,
        )

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        try:
            return self._client.embed_documents(texts)
        except openai.OpenAIError as error:
            raise EmbeddingModelUnavailable(self._address, str(error)) from error

    def embed_query(self, text: str) -> list[float]:
        return self.embed_documents([text])[0]

    async def vectors(self, texts: list[str]) -> Vectors:
        rows = np.asarray(await asyncio.to_thread(self.embed_documents, texts), np.float32)
        if rows.shape != (len(texts), self.dimension):
            raise EmbeddingModelMismatch(
                f"{self.model_id} answered with vectors of {rows.shape[-1]} dimensions instead of "
                f"{self.dimension}: set HEADWATER_EMBEDDING_DIMENSIONS to what the model gives."
            )
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        return np.asarray(rows / np.maximum(lengths, 1e-9), np.float32)


def dimension_of(base_url: str, model: str, api_key: str | None, timeout_seconds: float) -> int:
    """The model's own dimension, found by embedding one word."""
    probe = HostedEmbeddings(base_url, model, api_key, 0, timeout_seconds)
    return len(probe.embed_query("topic"))
