"""A mergeable sample of distinct values: hashes, exact counts, redacted shapes, no raw values.

Of all values ever seen the `SIZE` with the smallest 64-bit hashes stay (the bottom-k, or KMV,
sketch: Bar-Yossef et al. 2002; coordinated sampling: Cohen and Kaplan 2007). A value that stays
was never dropped before, so its count is exact, and the union of two samples is the sample of the
union, whatever the order: a monoid without randomness. It estimates the number of distinct values
(standard error 1/sqrt(SIZE - 2), exact up to SIZE) and, since all samples hash alike, the
overlap of two fields' values. Whole numbers
and their texts (7, 7.0, "7") hash alike.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import repeat
from typing import NamedTuple, TypeVar

import numpy as np
from xxhash import xxh3_64_intdigest

from core.arrays import Hashes
from core.inference.form import MAX_SHAPE, Form, form_of, shapes_of

SIZE = 256
MAX_SYMBOLS = 50
MAX_SYMBOL_LENGTH = 64
_SPACE = float(2**64)
_WHOLE = re.compile(r"0|[1-9][0-9]{0,17}")

_NINES = tuple("9" * digits for digits in range(MAX_SHAPE + 1))

T = TypeVar("T")


class Entry(NamedTuple):
    """One sampled value: how often it was seen and what it looks like.

    `symbol` is the value itself while it may turn out to be an enum's symbol, else None.
    """

    seen: int
    shape: str = ""
    form: Form = Form.OTHER
    symbol: str | None = None


@dataclass(frozen=True, slots=True)
class Sample:
    """The sampled values by hash; treat as immutable."""

    entries: dict[int, Entry] = field(default_factory=dict)

    @staticmethod
    def of_texts(counts: Mapping[str, int], limit: int | None = None) -> Sample:
        """Texts and how often each was seen; `limit` as for `sample_of`."""
        return sample_of(counts, text_hashes(list(counts)), _text_entries, limit)

    def __add__(self, other: Sample) -> Sample:
        if not self.entries or not other.entries:
            return self if self.entries else other
        merged = dict(self.entries)
        for digest, entry in other.entries.items():
            mine = merged.get(digest)
            merged[digest] = entry if mine is None else _joined(mine, entry)
        return Sample(_bounded(merged))

    @property
    def limit(self) -> int | None:
        """The largest hash of a full sample: nothing above it can come in any more."""
        return None if self.exact else max(self.entries)

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
        return sum(entry.seen for entry in self.entries.values())

    def symbols(self) -> tuple[str, ...] | None:
        """All values in order, if every one of them is known; commonest first is not kept."""
        found = [entry.symbol for entry in self.entries.values()]
        known = [symbol for symbol in found if symbol is not None]
        return tuple(sorted(known)) if known and len(known) == len(found) else None

    def shares(self, key: Callable[[Entry], str]) -> list[tuple[str, float]]:
        """The shares of seen values by `key`, the largest first."""
        tally: dict[str, int] = {}
        for entry in self.entries.values():
            name = key(entry)
            tally[name] = tally.get(name, 0) + entry.seen
        total = max(1, sum(tally.values()))
        ordered = sorted(tally.items(), key=lambda item: (-item[1], item[0]))
        return [(name, count / total) for name, count in ordered]

    def without_symbols(self) -> Sample:
        if all(entry.symbol is None for entry in self.entries.values()):
            return self
        return Sample(_closed(self.entries))


def counts_of(column: Sequence[T]) -> dict[T, int]:
    """How often each value occurs; a column of nothing but different values is the quicker case."""
    if len(set(column)) == len(column):
        return dict.fromkeys(column, 1)
    return Counter(column)


def sample_of(
    counts: Mapping[T, int],
    hashes: Hashes,
    entries: Callable[[Sequence[T], Sequence[int], bool], Iterable[Entry]],
    limit: int | None = None,
) -> Sample:
    """The sample of different values; `entries` is asked only for those that stay, with how often
    each was seen and whether they may become symbols.

    With a `limit` only hashes up to it are looked at: enough to be added to a sample of that limit.
    """
    values, seen, digests = list(counts), list(counts.values()), hashes.tolist()
    few = limit is None and len(values) <= MAX_SYMBOLS
    places = None
    if limit is not None:
        places = np.flatnonzero(hashes <= np.uint64(limit)).tolist()
    elif len(values) > SIZE:
        places = np.argpartition(hashes, SIZE - 1)[:SIZE].tolist()
    if places is not None:
        values, seen = [values[i] for i in places], [seen[i] for i in places]
        digests = [digests[i] for i in places]
    return Sample(dict(zip(digests, entries(values, seen, few), strict=True)))


def text_hashes(texts: Sequence[str]) -> Hashes:
    """XXH3 of each text's UTF-8; a text that is a whole number hashes as the number."""
    try:
        digests = list(map(xxh3_64_intdigest, map(str.encode, texts)))
    except UnicodeEncodeError:
        digests = [xxh3_64_intdigest(text.encode("utf-8", "surrogatepass")) for text in texts]
    hashes = np.array(digests, dtype=np.uint64)
    if any(map(str.isdigit, texts)):
        places = [place for place, text in enumerate(texts) if _WHOLE.fullmatch(text)]
        numbers = np.array([int(texts[place]) for place in places], dtype=np.int64)
        hashes[places] = mixed(numbers.view(np.uint64))
    return hashes


def mixed(bits: Hashes) -> Hashes:
    """SplitMix64's finaliser (Steele et al. 2014): a bijection that spreads every bit."""
    spread = bits + np.uint64(0x9E3779B97F4A7C15)
    spread = (spread ^ (spread >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    spread = (spread ^ (spread >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return spread ^ (spread >> np.uint64(31))


def _text_entries(texts: Sequence[str], counts: Sequence[int], few: bool) -> Iterable[Entry]:
    forms = list(map(form_of, texts))
    symbols = map(_symbol, texts) if few else repeat(None)
    return map(Entry, counts, shapes_of(texts, forms), forms, symbols)


def _symbol(text: str) -> str | None:
    """The text, if it may become a symbol."""
    fit = len(text) <= MAX_SYMBOL_LENGTH and (text.isascii() or _encodable(text))
    return text if fit else None


def opaque_entry(seen: int, digits: int = 0) -> Entry:
    """A value that is never a symbol; of whole numbers it is known how many digits they have."""
    return Entry(seen, _NINES[min(digits, MAX_SHAPE)], Form.DIGITS if digits else Form.OTHER)


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _joined(a: Entry, b: Entry) -> Entry:
    """The same value seen on both sides; a symbol known to one side is known."""
    return Entry(a.seen + b.seen, a.shape, a.form, a.symbol if a.symbol is not None else b.symbol)


def _bounded(entries: dict[int, Entry]) -> dict[int, Entry]:
    """At most SIZE entries; symbols only while there are few enough for an enum."""
    if len(entries) > SIZE:
        entries = {digest: entries[digest] for digest in sorted(entries)[:SIZE]}
    if len(entries) > MAX_SYMBOLS and any(e.symbol is not None for e in entries.values()):
        return _closed(entries)
    return entries


def _closed(entries: dict[int, Entry]) -> dict[int, Entry]:
    return {digest: Entry(e.seen, e.shape, e.form) for digest, e in entries.items()}
