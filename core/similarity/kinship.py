"""Topics that belong together by their names: versions, environments, regions, and what a topic's
failures and state go to. They are alike on purpose, so they are no duplicates."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from core.names import words
from core.similarity.lexicon import lexicon
from core.similarity.relation import Kinship

_ROLES = {
    Kinship.DEAD_LETTER: (("dlq",), ("dlt",), ("dead", "letter"), ("dead", "letters"),
                          ("dead", "letter", "queue"), ("deadletter",), ("deadletters",)),
    Kinship.RETRY: (("retry",), ("retries",)),
    Kinship.CHANGELOG: (("changelog",), ("repartition",)),
}  # fmt: skip
_VERSION = re.compile(r"v\d{1,4}")
_COUNT = re.compile(r"\d{1,9}(?:ms|s|m|h|d)?")
_SHORT = re.compile(r"\d{1,3}")
_REGION = re.compile(
    r"(?:us|eu|ap|ca|sa|me|af|il|cn)?(?:central|north|south|east|west|northeast|northwest|southeast"
    r"|southwest)?\d?"
)


@dataclass(frozen=True, slots=True)
class Kin:
    """A topic's name taken apart; `stem` is what all of a family share."""

    stem: tuple[str, ...]
    version: str = ""
    environment: str = ""
    region: str = ""
    role: Kinship | None = None


@lru_cache(maxsize=100_000)
def kin_of(name: str) -> Kin:
    """`prod.orders.eu.v2` -> orders, of prod, eu and v2; the stem is never empty."""
    said = tuple(words(name))
    role, said = _role(said)
    version, environment, region, stem = "", "", "", []
    known = lexicon()
    for place, word in enumerate(said):
        last = place == len(said) - 1 and place > 0
        if _VERSION.fullmatch(word) or (last and _SHORT.fullmatch(word)):
            version = word.lstrip("v")
        elif word in known.environments:
            environment = word
        elif word in known.regions or (region and _REGION.fullmatch(word)):
            region += word
        else:
            stem.append(word)
    return Kin(tuple(stem) or said or (name,), version, environment, region, role)


def kinship(one: str, other: str) -> Kinship | None:
    """How two topics belong together; None where their names do not say that they do.

    A dead-letter, retry or changelog topic holds what others hold, however those are called.
    """
    mine, theirs = kin_of(one), kin_of(other)
    if role := mine.role or theirs.role:
        return role
    if mine.stem != theirs.stem:
        return None
    if mine.environment != theirs.environment:
        return Kinship.ENVIRONMENTS
    if mine.region != theirs.region:
        return Kinship.REGIONS
    return Kinship.VERSIONS if mine.version != theirs.version else None


def same_stem(one: str, other: str) -> bool:
    return kin_of(one).stem == kin_of(other).stem


def families(names: Iterable[str]) -> Mapping[tuple[str, ...], tuple[str, ...]]:
    """Stem -> the names that share it, by name; families of one are left out."""
    found: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for name in sorted(set(names)):
        found[kin_of(name).stem].append(name)
    return {stem: tuple(members) for stem, members in found.items() if len(members) > 1}


def _role(said: tuple[str, ...]) -> tuple[Kinship | None, tuple[str, ...]]:
    """What the end of a name makes of it, and the name without it; retries may be counted."""
    bare = said[:-1] if len(said) > 2 and _COUNT.fullmatch(said[-1]) else said
    for role, endings in _ROLES.items():
        for ending in sorted(endings, key=len, reverse=True):
            for ended in (said, bare):
                if len(ended) > len(ending) and ended[-len(ending) :] == ending:
                    return role, ended[: -len(ending)]
    return None, said
