"""The words a field's name is made of."""

from __future__ import annotations

import re
from functools import lru_cache

_WORDS = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+|[^\W\d_]+")


@lru_cache(maxsize=16_384)
def words_of(name: str) -> tuple[str, ...]:
    """`orderStatus`, `order_status` and "Order Status" are all ("order", "status")."""
    return tuple(word.lower() for word in _WORDS.findall(name))


def last_word(name: str) -> str:
    words = words_of(name)
    return words[-1] if words else ""
