"""Strings of one field: how many, how long, and a sample of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from xxhash import xxh3_64_intdigest

from core.inference.sample import Sample, counts_of, opaque_entry, sample_of


@dataclass(frozen=True, slots=True)
class Texts:
    """Strings, or byte strings; lengths in characters or bytes."""

    count: int
    min_length: int
    max_length: int
    sample: Sample

    @staticmethod
    def of(column: Sequence[str], known: Texts | None = None) -> Texts:
        counts = counts_of(column)
        lengths = list(map(len, counts))
        sample = Sample.of_texts(counts, known.sample.limit if known else None)
        return Texts(len(column), min(lengths), max(lengths), sample)

    @staticmethod
    def of_bytes(column: Sequence[bytes]) -> Texts:
        counts = Counter(bytes(value) for value in column)
        lengths = list(map(len, counts))
        hashes = np.array([xxh3_64_intdigest(value) for value in counts], dtype=np.uint64)
        sample = sample_of(counts, hashes, lambda _, seen, __: map(opaque_entry, seen))
        return Texts(len(column), min(lengths), max(lengths), sample)

    def __add__(self, other: Texts) -> Texts:
        return Texts(
            self.count + other.count,
            min(self.min_length, other.min_length),
            max(self.max_length, other.max_length),
            self.sample + other.sample,
        )
