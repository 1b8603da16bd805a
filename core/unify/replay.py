"""Real messages through a mapping: how many come through, and why the others do not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict

from core.schema.round_trip import RoundTripError, round_trip
from core.unify.carrying import Carrier, Refusal

_SHAPES = 3
_REASONS = 20


class Refused(BaseModel):
    """Messages that do not come through for one reason, with the redacted shapes of values."""

    model_config = ConfigDict(frozen=True)
    to: str
    path: str | None
    reason: str
    messages: int
    shapes: tuple[str, ...] = ()


class Replay(BaseModel):
    """Of one source. `messages` were sampled, of which `unreadable` could not even be decoded;
    `passed` went through the mapping and validate as Avro. A message may be refused for several
    reasons. Mean sizes are of the values that passed, in bytes: as they lay, and as Avro."""

    model_config = ConfigDict(frozen=True)
    source: str
    messages: int
    unreadable: int
    passed: int
    refused: tuple[Refused, ...]
    bytes_now: float
    bytes_unified: float

    @property
    def share(self) -> float:
        return self.passed / self.messages if self.messages else 0.0


def replayed(
    source: str,
    values: Iterable[object],
    unreadable: int,
    bytes_now: float,
    carrier: Carrier,
    avro: Mapping[str, Any],
) -> Replay:
    """`avro` is the unified schema as `core.schema.avro_writer` writes it."""
    passed = total = 0
    size = 0
    counts: Counter[tuple[str, str | None, str]] = Counter()
    shapes: dict[tuple[str, str | None, str], Counter[str]] = {}
    for value in values:
        total += 1
        carried = carrier.carry(value)
        refusals = carried.refusals
        if carried.message is not None:
            try:
                size += round_trip(avro, carried.message)
                passed += 1
            except RoundTripError:
                # The text may quote the value.
                refusals = (Refusal("", None, "Avro does not take it"),)
        for refusal in set(refusals):
            key = refusal.to, refusal.path, refusal.reason
            counts[key] += 1
            shapes.setdefault(key, Counter())[refusal.shape] += 1
    refused = [
        Refused(
            to=key[0],
            path=key[1],
            reason=key[2],
            messages=count,
            shapes=tuple(shape for shape, _ in shapes[key].most_common(_SHAPES) if shape),
        )
        for key, count in sorted(counts.items(), key=lambda item: (-item[1], item[0][0]))
    ]
    return Replay(
        source=source,
        messages=total + unreadable,
        unreadable=unreadable,
        passed=passed,
        refused=tuple(refused[:_REASONS]),
        bytes_now=round(bytes_now, 1),
        bytes_unified=round(size / passed, 1) if passed else 0.0,
    )
