"""Every text is embedded once: vectors are kept in Postgres by model and content."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from pgvector import HalfVector

from core.ranking.score import pack_signs
from tools.db.pool import Pool
from tools.db.sql import load
from tools.embeddings.model import EmbeddingModel, TokenModel, Vectors

_SQL = load("embeddings")
_AT_ONCE = 64
"""Texts between two writes: what a killed process has embedded is mostly kept."""

_RECENT = 20_000
"""Vectors of short texts that are kept in memory for `known`, some 30 MB."""


@dataclass(frozen=True, slots=True)
class Packed:
    """A text's unit vector and the signs of its token vectors (None: not asked for)."""

    vector: Vectors
    tokens: bytes | None


class CachedEmbeddings:
    """Reads what is known, embeds the rest and keeps it; vectors have half precision."""

    def __init__(self, pool: Pool, model: EmbeddingModel) -> None:
        self._pool = pool
        self.model = model
        self._recent: dict[str, Vectors] = {}
        self._under_way: dict[bytes, asyncio.Event] = {}

    async def vectors(self, texts: Sequence[str]) -> list[Vectors]:
        """A unit vector for each text."""
        return [packed.vector for packed in await self._all(texts, tokens=False)]

    async def packed(self, texts: Sequence[str]) -> list[Packed]:
        """Vector and token signs of each text; no signs where the model tells no tokens."""
        if not isinstance(self.model, TokenModel):
            return [Packed(vector, b"") for vector in await self.vectors(texts)]
        return await self._all(texts, tokens=True)

    async def known(self, texts: Sequence[str]) -> dict[str, Vectors]:
        """The vectors of those texts that were embedded before; embeds nothing."""
        new = {_hash(text): text for text in texts if text not in self._recent}
        if new:
            found = await self._known(list(new), tokens=False)
            if len(self._recent) + len(found) > _RECENT:
                self._recent.clear()
            self._recent |= {new[hashed]: packed.vector for hashed, packed in found.items()}
        return {text: self._recent[text] for text in texts if text in self._recent}

    async def _all(self, texts: Sequence[str], *, tokens: bool) -> list[Packed]:
        by_hash = {_hash(text): text for text in texts}
        found: dict[bytes, Packed] = {}
        while left := by_hash.keys() - found.keys():
            if free := left - self._under_way.keys():
                found |= await self._claimed({hashed: by_hash[hashed] for hashed in free}, tokens)
            else:
                await self._under_way[next(iter(left))].wait()
        return [found[_hash(text)] for text in texts]

    async def _claimed(self, by_hash: Mapping[bytes, str], tokens: bool) -> dict[bytes, Packed]:
        """Texts that no other caller has under way: two at once would embed them twice."""
        done = asyncio.Event()
        self._under_way |= dict.fromkeys(by_hash, done)
        try:
            return await self._made(by_hash, tokens)
        finally:
            for hashed in by_hash:
                del self._under_way[hashed]
            done.set()

    async def _made(self, by_hash: Mapping[bytes, str], tokens: bool) -> dict[bytes, Packed]:
        known = await self._known(list(by_hash), tokens)
        # Texts of like length are embedded together, which wastes little on padding.
        missing = sorted(by_hash.keys() - known.keys(), key=lambda hashed: len(by_hash[hashed]))
        kept: dict[bytes, Packed] = {}
        for start in range(0, len(missing), _AT_ONCE):
            hashes = missing[start : start + _AT_ONCE]
            # The processor embeds the next texts while Postgres writes the last ones.
            fresh, _ = await asyncio.gather(
                self._embed([by_hash[hashed] for hashed in hashes], tokens), self._keep(kept)
            )
            kept = dict(zip(hashes, fresh, strict=True))
            known |= kept
        await self._keep(kept)
        return known

    async def _embed(self, texts: list[str], tokens: bool) -> list[Packed]:
        if tokens and isinstance(self.model, TokenModel):
            encoded = await self.model.encoded(texts)
            return await asyncio.to_thread(
                lambda: [Packed(text.vector, pack_signs(text.tokens)) for text in encoded]
            )
        return [Packed(vector, None) for vector in await self.model.vectors(texts)]

    async def _known(self, hashes: list[bytes], tokens: bool) -> dict[bytes, Packed]:
        given = {"model": self.model.model_id, "hashes": hashes, "tokens": tokens}
        async with self._pool.connection() as connection:
            # Parsing vectors from text costs more than all other work of a lookup.
            rows = await (await connection.execute(_SQL["cached"], given, binary=True)).fetchall()
        return {
            row["hash"]: Packed(row["vector"].to_numpy().astype(np.float32), row["tokens"])
            for row in rows
        }

    async def _keep(self, rows: dict[bytes, Packed]) -> None:
        kept = sorted(rows.items())
        given = {
            "model": self.model.model_id,
            "hashes": [hashed for hashed, _ in kept],
            "vectors": [HalfVector(packed.vector) for _, packed in kept],
            "tokens": [packed.tokens for _, packed in kept],
        }
        if kept:
            async with self._pool.connection() as connection:
                await connection.execute(_SQL["keep"], given)


def _hash(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
