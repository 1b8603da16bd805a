"""Texts to vectors: the built-in MiniLM or a configured model, each text embedded once."""

from tools.embeddings.choice import embeddings_of
from tools.embeddings.model import EmbeddingModel

__all__ = ["EmbeddingModel", "embeddings_of"]
