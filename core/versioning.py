"""How a product's version rises: by what a change means to those who consume it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import IntEnum

from pydantic import BaseModel, ConfigDict

FIRST = "1.0.0"

_SEMANTIC = re.compile(r"(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})\.(0|[1-9]\d{0,8})")


class Bump(IntEnum):
    """What part of the version rises: breaking changes, additions, texts."""

    NONE = 0
    PATCH = 1
    MINOR = 2
    MAJOR = 3

    @property
    def word(self) -> str:
        return ("none", "patch", "minor", "major")[self]


class Difference(BaseModel):
    """One change in a readable line, and what it asks of the version."""

    model_config = ConfigDict(frozen=True)
    line: str
    bump: str
    """`major`, `minor` or `patch`."""


def difference(line: str, bump: Bump) -> Difference:
    return Difference(line=line, bump=bump.word)


def needed(differences: Iterable[Difference]) -> Bump:
    """The largest rise that one of the differences asks for."""
    return max((Bump[each.bump.upper()] for each in differences), default=Bump.NONE)


def risen(version: str, bump: Bump) -> str:
    """The version after a rise. One that is not semantic starts anew at 1.0.0 with any change."""
    if bump is Bump.NONE:
        return version
    parts = semantic(version)
    if parts is None:
        return FIRST
    major, minor, patch = parts
    match bump:
        case Bump.MAJOR:
            return f"{major + 1}.0.0"
        case Bump.MINOR:
            return f"{major}.{minor + 1}.0"
    return f"{major}.{minor}.{patch + 1}"


def semantic(version: str) -> tuple[int, int, int] | None:
    """Major, minor and patch; None for what is no plain semantic version."""
    found = _SEMANTIC.fullmatch(version)
    return None if found is None else (int(found[1]), int(found[2]), int(found[3]))


def later(one: str, other: str) -> bool:
    """Whether `one` is a semantic version above `other`."""
    mine, theirs = semantic(one), semantic(other)
    return mine is not None and (theirs is None or mine > theirs)
