"""Which field of one schema is which of the other, one to one, with the reasons and how sure."""

from __future__ import annotations

from dataclasses import dataclass

HELD = 0.5
"""Sureness from which a match counts as one: it is then likelier right than wrong."""


@dataclass(frozen=True, slots=True)
class Match:
    """Two fields by path. `likeness` is what was measured; `sureness` how often a match of that
    likeness was right on labelled pairs."""

    left: str
    right: str
    likeness: float
    sureness: float
    why: tuple[str, ...] = ()

    @property
    def held(self) -> bool:
        return self.sureness >= HELD


@dataclass(frozen=True, slots=True)
class Alignment:
    """Best matches first. Shares are of the fields' weight by rarity, from 0 to 1."""

    matches: tuple[Match, ...]
    similarity: float
    left_in_right: float
    right_in_left: float

    @property
    def held(self) -> tuple[Match, ...]:
        return tuple(match for match in self.matches if match.held)
