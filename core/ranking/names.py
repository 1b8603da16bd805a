"""What search makes of names: their telling end, and stems of their words."""

from __future__ import annotations

import re
import zlib
from functools import lru_cache

import snowballstemmer

from core.names import key as key
from core.names import spoken as spoken
from core.names import words as words


def _list(text: str) -> frozenset[str]:
    return frozenset(text.split())


_PART = re.compile(r"[./:]")
_VERSION = re.compile(r"v?\d+(?:[-_.]\d+)*", re.IGNORECASE)
_GENERIC = _list(
    "data dlq event events json avro proto message messages queue raw record records stream "
    "topic value values out in"
)
_STOP = _list(
    "a an and any are as at be by data did do does for find from has have how i in is it its me "
    "need of on or our show that the their this to us was we were what when where which who whom "
    "will with you your all"
)


def leaf(name: str) -> str:
    """The telling end of a dotted name as words: `com.acme.order.created.v1` -> `created`.

    Version numbers are dropped; a last part that every topic could carry (events, raw ...) takes
    the part before it along.
    """
    parts = [part for part in _PART.split(name) if part and not _VERSION.fullmatch(part)]
    take = 1
    while take < len(parts) and all(word in _GENERIC for word in words(" ".join(parts[-take:]))):
        take += 1
    return spoken(" ".join(parts[-take:])) or spoken(name)


@lru_cache(maxsize=50_000)
def field_words(path: str) -> str:
    """The words of a field's own name: `order.lineItems[].unit_price` -> `unit price`."""
    names = [part for part in path.replace("[]", "").split(".") if part not in ("", "*")]
    return spoken(names[-1]) if names else ""


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """Porter's second English stem: the same for `refund`, `refunds` and `refunded`."""
    # A stemmer keeps its word within itself: one that is shared would mix those of two threads.
    return str(snowballstemmer.stemmer("english").stemWord(word))


def stems(text: str) -> dict[str, str]:
    """Stem -> the word it came from, in order, without words that say nothing."""
    found: dict[str, str] = {}
    for word in words(text):
        if word not in _STOP:
            found.setdefault(stem(word), word)
    return found


def term(stem: str) -> int:
    """A stem as a signed 32-bit number, so that sets of stems pack into few bytes."""
    return zlib.crc32(stem.encode()) - 2**31
