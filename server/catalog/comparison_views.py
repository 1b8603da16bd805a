"""Comparisons as the API shows them."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import BaseModel, ConfigDict

from core import comparison_words
from core.comparison import Comparison
from core.similarity.kinship import families, kin_of
from core.similarity.relation import Kinship


class ComparisonView(Comparison):
    """A comparison with what it says in words."""

    text: str


class Related(BaseModel):
    """The sources that have something to do with one, the likest first; it stands at the left."""

    model_config = ConfigDict(frozen=True)
    items: tuple[ComparisonView, ...]


class Member(BaseModel):
    """A topic of a family with what its name says of it; null where it says nothing."""

    model_config = ConfigDict(frozen=True)
    name: str
    version: str | None
    environment: str | None
    region: str | None
    role: Kinship | None


class Family(BaseModel):
    """Topics that are alike on purpose, and no duplicates: `stem` is what their names share."""

    model_config = ConfigDict(frozen=True)
    stem: str
    members: tuple[Member, ...]


def families_of(names: Iterable[str]) -> tuple[Family, ...]:
    """By stem."""
    found = {" ".join(stem): members for stem, members in families(names).items()}
    return tuple(
        Family(stem=stem, members=tuple(map(_member, found[stem]))) for stem in sorted(found)
    )


def _member(name: str) -> Member:
    kin = kin_of(name)
    return Member(
        name=name,
        version=kin.version or None,
        environment=kin.environment or None,
        region=kin.region or None,
        role=kin.role,
    )


def view(found: Comparison) -> ComparisonView:
    return ComparisonView(**found.model_dump(), text=comparison_words.said(found))
