"""Names split into words: snake, camel, kebab, dots and spaces say the same.

The one splitter of the project. Search, descriptions and inference build on it.
"""

from __future__ import annotations

import re
from functools import lru_cache

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_WORD = re.compile(r"[^\W_]+")
_RUN = re.compile(r"\d+|\D+")


def words(text: str) -> list[str]:
    """Lower-case words of a name or text: `supplierEvents_v2` -> supplier, events, v2."""
    return [word.lower() for word in _WORD.findall(_CAMEL.sub(" ", text))]


def spoken(name: str) -> str:
    """A name as words with spaces between: `supplier-events` -> `supplier events`."""
    return " ".join(words(name))


def key(name: str) -> str:
    """Equal for all spellings: `supplier-events`, `SupplierEvents` -> supplierevents."""
    return "".join(words(name))


@lru_cache(maxsize=16_384)
def parts_of(name: str) -> tuple[str, ...]:
    """The words with digits apart: `addressLine2` -> address, line, 2.

    Inference asks what a field is called, and `status2` is a status; search keeps digits where
    they are, since people look for `v2` and `ga4`.
    """
    return tuple(run for word in words(name) for run in _RUN.findall(word))


def last_part(name: str) -> str:
    parts = parts_of(name)
    return parts[-1] if parts else ""
