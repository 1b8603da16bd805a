"""What a schema is called: its telling words, apart from vendor, environment and version."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from core.names import words
from core.similarity.lexicon import Lexicon, lexicon, root

_PART = re.compile(r"[./:]")
_VERSION_END = re.compile(r"(?<=.)[./:_-]v*\d+(?:[-_.]\d+)*$", re.IGNORECASE)
_VERSION = re.compile(r"v*\d+(?:[-_.]\d+)*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Title:
    """`text` is what is compared; `line` the name without its version, equal for all versions.

    `space` is the namespace or vendor in front, empty where a name has none.
    """

    text: str
    line: str
    space: str

    @property
    def happenings(self) -> frozenset[str]:
        """What happens to the thing: `create` for `account created` and `account_creation`."""
        return _happenings(self.text)


def another_happening(one: Title, other: Title) -> bool:
    """Whether both tell what happens, and it is not the same: created against deleted."""
    mine, theirs = one.happenings, other.happenings
    return bool(mine and theirs and not mine & theirs)


@lru_cache(maxsize=50_000)
def _happenings(text: str) -> frozenset[str]:
    known = lexicon().happenings
    found = (known.get(root(word)) for word in text.split())
    return frozenset(happening for happening in found if happening)


@lru_cache(maxsize=50_000)
def title_of(name: str) -> Title:
    """`com.acme.orders.order_created.v1-0-2` -> `order created`, of the space `acme`."""
    known = lexicon()
    bare = _VERSION_END.sub("", name)
    parts = [part for part in _PART.split(bare) if part and not _VERSION.fullmatch(part)]
    parts = [part for part in parts if part.lower() not in known.environments] or [bare]
    vendor = len(parts) > 2 and parts[0].lower() in known.domains
    parts = parts[1:] if vendor else parts
    space = parts[0].lower() if len(parts) > 1 else ""
    return Title(_telling(parts, 1 if vendor else 0, known), ".".join(parts).lower(), space)


def _telling(parts: list[str], first: int, known: Lexicon) -> str:
    """The last part; one that only says what happens, or nothing, takes the part before along."""
    take = 1
    while take < len(parts) - first and _leans(words(" ".join(parts[-take:])), known):
        take += 1
    said = words(" ".join(parts[-take:]))
    telling = [word for word in said if word not in known.generic | known.environments]
    return " ".join(telling or said) or parts[-1]


def _leans(said: list[str], known: Lexicon) -> bool:
    return all(word in known.generic or root(word) in known.happenings for word in said)
