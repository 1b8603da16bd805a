"""Teams as they are named: products name owners by references, groups tell a bare name."""

from __future__ import annotations

from collections.abc import Iterable


def owner_named(team: str) -> str:
    """`fraud-team` as the reference that an owner is: `group:default/fraud-team`."""
    plain = team.strip().lower()
    return plain if "/" in plain else f"group:default/{plain}"


def names_of(owners: Iterable[str]) -> list[str]:
    """What consumer groups' teams are called that are these owners: the reference, or its end."""
    named = [owner.lower() for owner in owners]
    return sorted({*named, *(owner.rpartition("/")[2] for owner in named)})
