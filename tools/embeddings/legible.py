"""Vectors by text, of those texts alone that the model can read."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from tools.embeddings.cache import CachedEmbeddings
from tools.embeddings.minilm import MiniLM
from tools.embeddings.model import EmbeddingModel, Vectors


async def vectors_by_text(
    model: EmbeddingModel, texts: Iterable[str], cache: CachedEmbeddings | None = None
) -> dict[str, Vectors]:
    """A unit vector for each different text; none for one in a script the model was not made for.

    What `cache` has is not embedded again. MiniLM has learned English: of Chinese it makes unknown
    tokens, all of them alike.
    """
    wanted = sorted({text for text in texts if text and legible(model, text)})
    found = await (cache or model).vectors(wanted) if wanted else ()
    return dict(zip(wanted, found, strict=True))


def legible(model: EmbeddingModel, text: str) -> bool:
    return not isinstance(model, MiniLM) or latin(text)


def latin(text: str) -> bool:
    """Whether no letter is of another script than Latin."""
    return text.isascii() or all(
        unicodedata.name(letter, "").startswith("LATIN") for letter in text if letter.isalpha()
    )
