"""A mergeable sample of distinct values: hashes, exact counts, redacted shapes, no raw values.

Of all values ever seen the `SIZE` with the smallest 64-bit hashes stay (the bottom-k, or KMV,
sketch: Bar-Yossef et al. 2002; coordinated sampling: Cohen and Kaplan 2007). A value that stays
was never dropped before, so its count is exact, and the union of two samples is the sample of the
union, whatever the order: a monoid without randomness. It estimates the number of distinct values
(standard error 1/sqrt(SIZE - 2), exact up to SIZE) and, since all samples hash alike, the
overlap of two fields' values. Equal integers and texts (`7`, "7") hash alike.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from xxhash import xxh3_64_intdigest

from core.inference.form import Form, form_of, shape_of

SIZE = 256
MAX_SYMBOLS = 50
MAX_SYMBOL_LENGTH = 64
_SPACE = float(2**64)


@dataclass(frozen=True, slots=True)
class Entry:
    """One sampled value: how often it was seen and what it looks like.

    `symbol` is the value itself while it may turn out to be an enum's symbol, else None.
    """

    count: int
    shape: str = ""
    form: Form = Form.OTHER
    symbol: str | None = None


@dataclass(frozen=True, slots=True)
class Sample:
    """The sampled values by hash; treat as immutable."""

    entries: dict[int, Entry] = field(default_factory=dict)

    @staticmethod
    def of_texts(counts: Mapping[str, int]) -> Sample:
        return _sample(counts, hashes_of(counts), _text_entry)

    @staticmethod
    def of_opaque(texts: Sequence[str], counts: Iterable[int]) -> Sample:
        """Values by texts that stand for them (numbers, bytes); they are never symbols."""
        return _sample(dict(zip(texts, counts, strict=True)), hashes_of(texts), _opaque_entry)

    def __add__(self, other: Sample) -> Sample:
        if not self.entries or not other.entries:
            return self if self.entries else other
        merged = dict(self.entries)
        for digest, entry in other.entries.items():
            mine = merged.get(digest)
            merged[digest] = entry if mine is None else _joined(mine, entry)
        return Sample(_bounded(merged))

    @property
    def exact(self) -> bool:
        """Whether every distinct value is in the sample."""
        return len(self.entries) < SIZE

    @property
    def distinct(self) -> float:
        if self.exact:
            return float(len(self.entries))
        return max(float(SIZE), (SIZE - 1) * _SPACE / max(self.entries))

    @property
    def total(self) -> int:
        """How often the sampled values were seen together."""
        return sum(entry.count for entry in self.entries.values())

    def symbols(self) -> tuple[str, ...] | None:
        """All values in order, if every one of them is known; commonest first is not kept."""
        found = [entry.symbol for entry in self.entries.values()]
        known = [symbol for symbol in found if symbol is not None]
        return tuple(sorted(known)) if known and len(known) == len(found) else None

    def shares(self, key: Callable[[Entry], str]) -> list[tuple[str, float]]:
        """The shares of seen values by `key`, the largest first."""
        tally: Counter[str] = Counter()
        for entry in self.entries.values():
            tally[key(entry)] += entry.count
        total = max(1, tally.total())
        ordered = sorted(tally.items(), key=lambda item: (-item[1], item[0]))
        return [(name, count / total) for name, count in ordered]

    def without_symbols(self) -> Sample:
        if all(entry.symbol is None for entry in self.entries.values()):
            return self
        return Sample({digest: replace(e, symbol=None) for digest, e in self.entries.items()})

    def overlap(self, other: Sample) -> float:
        """Estimated Jaccard similarity of the two sets of distinct values."""
        union = sorted(self.entries.keys() | other.entries.keys())[:SIZE]
        both = sum(1 for digest in union if digest in self.entries and digest in other.entries)
        return both / len(union) if union else 0.0


def hashes_of(texts: Iterable[str]) -> list[int]:
    """XXH3 of each text's UTF-8."""
    try:
        return list(map(xxh3_64_intdigest, map(str.encode, texts)))
    except UnicodeEncodeError:
        return [xxh3_64_intdigest(text.encode("utf-8", "surrogatepass")) for text in texts]


def _sample(
    counts: Mapping[str, int], hashes: list[int], entry: Callable[[str, int], Entry]
) -> Sample:
    pairs = zip(counts.items(), hashes, strict=True)
    if len(hashes) > SIZE:
        limit = int(np.partition(np.array(hashes, dtype=np.uint64), SIZE - 1)[SIZE - 1])
        kept = {digest: entry(*item) for item, digest in pairs if digest <= limit}
    else:
        kept = {digest: entry(*item) for item, digest in pairs}
    return Sample(_bounded(kept))


def _text_entry(text: str, count: int) -> Entry:
    form = form_of(text)
    symbol = text if len(text) <= MAX_SYMBOL_LENGTH and _encodable(text) else None
    return Entry(count, shape_of(text, form), form, symbol)


def _opaque_entry(text: str, count: int) -> Entry:
    form = Form.DIGITS if text.lstrip("-").isdigit() else Form.OTHER
    return Entry(count, shape_of(text, form), form)


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _joined(a: Entry, b: Entry) -> Entry:
    """The same value seen on both sides; a symbol known to one side is known."""
    return Entry(a.count + b.count, a.shape, a.form, a.symbol if a.symbol is not None else b.symbol)


def _bounded(entries: dict[int, Entry]) -> dict[int, Entry]:
    """At most SIZE entries; symbols only while there are few enough for an enum."""
    if len(entries) > SIZE:
        entries = {digest: entries[digest] for digest in sorted(entries)[:SIZE]}
    if len(entries) > MAX_SYMBOLS and any(e.symbol is not None for e in entries.values()):
        return {digest: replace(e, symbol=None) for digest, e in entries.items()}
    return entries
