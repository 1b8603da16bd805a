"""The arithmetic of relevance. docs/search.md has the measurements behind each number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.arrays import Floats, Mask

HUB = 0.25
"""Share of a source's mean similarity to its nearest probes that is taken off."""
TOKENS = 5.4
"""Weight of the late interaction (a cosine), in spreads of the vector similarity."""
WORDS = 0.63
"""What a source gains that has all the query's words, in spreads."""
_BLOCK = 32
"""Rows of a product that is small enough for one thread."""
TYPICAL_CENTRE, TYPICAL_SPREAD = 0.12, 0.08
"""Mean and spread of the similarity until they have been measured (MiniLM, 326 topics)."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Mean and standard deviation of the similarities that probes have to the catalog."""

    centre: float = TYPICAL_CENTRE
    spread: float = TYPICAL_SPREAD


@dataclass(frozen=True, slots=True)
class Signals:
    """One row per candidate. `late` is None where the model tells no token vectors."""

    similarity: Floats
    hub: Floats
    covered: Floats
    late: Floats | None


def relevance(signals: Signals, scale: Scale) -> Floats:
    """(similarity - centre - HUB hub) / spread + TOKENS late + WORDS covered."""
    above = signals.similarity - scale.centre - HUB * signals.hub
    score = np.asarray(above / scale.spread + WORDS * signals.covered, np.float32)
    return score if signals.late is None else score + TOKENS * signals.late


def pack_signs(tokens: Floats) -> bytes:
    """Token vectors as one bit per dimension, row after row."""
    return np.packbits(tokens > 0, axis=1).tobytes()


def late_interaction(query: Floats, packed: Sequence[bytes], dimension: int) -> Floats:
    """Mean over the query's tokens of the best token of each candidate.

    Candidates' tokens are signs, so a token's similarity is q . sign(d) / sqrt(dimension).
    """
    found = np.zeros(len(packed), np.float32)
    filled = [place for place, row in enumerate(packed) if row]
    if not filled or not len(query):
        return found
    width = dimension // 8
    rows = np.frombuffer(b"".join(packed[place] for place in filled), np.uint8).reshape(-1, width)
    lengths = [len(packed[place]) // width for place in filled]
    starts = np.concatenate(([0], np.cumsum(lengths)[:-1])).astype(np.intp)
    best = np.maximum.reduceat(_sign_dots(query, rows), starts, axis=1)
    found[filled] = best.mean(axis=0) / np.sqrt(dimension)
    return found


def _sign_dots(query: Floats, rows: NDArray[np.uint8]) -> Floats:
    """q . sign(d) for each query token and each packed row, shape (query tokens, rows).

    Many small products instead of a large one: those stay on one thread, which under load is ten
    times faster than waiting for BLAS' other threads.
    """
    missing = -len(rows) % _BLOCK
    padded = np.pad(rows, ((0, missing), (0, 0)))
    bits = np.unpackbits(padded, axis=1).astype(np.float32).reshape(-1, _BLOCK, query.shape[1])
    dots = np.matmul(query, bits.transpose(0, 2, 1)).transpose(1, 0, 2)
    flat = dots.reshape(len(query), -1)[:, : len(rows)]
    return np.asarray(2 * flat - query.sum(axis=1, keepdims=True), np.float32)


def pack_terms(terms: Sequence[int]) -> bytes:
    return np.asarray(terms, np.int32).tobytes()


def presence(terms: Sequence[int], packed: Sequence[bytes]) -> Mask:
    """Which candidate holds which of the query's terms, shape (candidates, terms)."""
    sizes = [len(row) // 4 for row in packed]
    held = np.frombuffer(b"".join(packed), np.int32)
    owners = np.repeat(np.arange(len(packed)), sizes)
    table = np.zeros((len(packed), len(terms)), np.bool_)
    for column, wanted in enumerate(terms):
        table[owners[held == wanted], column] = True
    return table


def rarity(counts: Floats, sources: int) -> Floats:
    """Inverse document frequency: log((sources + 1) / (count + 0.5)), never negative."""
    return np.maximum(np.log((sources + 1) / (counts + 0.5)), 0.0).astype(np.float32)


def coverage(held: Mask, weights: Floats) -> Floats:
    """Share of the query's words that a candidate holds, weighed by rarity; 0 without words."""
    total = float(weights.sum())
    if total <= 0:
        return np.zeros(len(held), np.float32)
    return np.asarray(held @ weights / total, np.float32)


def hubness(similarities: Floats, nearest: int = 100) -> Floats:
    """Mean similarity of each source (column) to its `nearest` probes (rows)."""
    count = min(nearest, len(similarities))
    top = np.partition(similarities, len(similarities) - count, axis=0)[-count:]
    return np.asarray(top.mean(axis=0), np.float32)
