"""What a bridge carries: from which topics, by which mappings, into which topic."""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass
from typing import Any

from core.unify.mapping import Mapping

DEAD_LETTERS = ".dlq"

GROUP = "headwater-bridge-"
"""How the consumer groups of bridges begin."""


def group_of(consolidation_id: str) -> str:
    """The consumer group of the bridge of a consolidation."""
    return f"{GROUP}{consolidation_id}"


@dataclass(frozen=True, slots=True)
class BridgeJob:
    """`mappings` are by topic; `key` is the field whose value becomes the message's key.

    `tree` is the unified schema, `avro` the same as it is registered under `schema_id`.
    """

    id: str
    mappings: AnyMapping[str, Mapping]
    target: str
    tree: Any
    avro: AnyMapping[str, Any]
    schema_id: int
    key: str | None = None

    @property
    def group(self) -> str:
        """The consumer group whose offsets say how far the bridge has got."""
        return group_of(self.id)

    @property
    def dead_letters(self) -> str:
        return f"{self.target}{DEAD_LETTERS}"


@dataclass(frozen=True, slots=True)
class BridgeProgress:
    """Since the start of this process; `lag` is what is still to be carried, None where unknown."""

    carried: int = 0
    rejected: int = 0
    tombstones: int = 0
    transactions: int = 0
    lag: int | None = None
    seconds: float = 0.0

    @property
    def done(self) -> int:
        return self.carried + self.rejected + self.tombstones
