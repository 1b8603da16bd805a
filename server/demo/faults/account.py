"""What was planted, counted as Kafka took it: the known answer to hold alerts against."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from server.demo.faults.fault import Fault


class Phase(StrEnum):
    """`cut-short`: the demo was stopped before the fault's end."""

    PLANNED = "planned"
    BEGUN = "begun"
    ENDED = "ended"
    CUT_SHORT = "cut-short"


class Span(BaseModel):
    """The first and last offset of a partition, and how many records of it are meant."""

    model_config = ConfigDict(frozen=True)
    first: int
    last: int
    count: int


class Planted(BaseModel):
    """`hit` records were damaged or sent again, `withheld` never came; `messages` is all that the
    topic got while the fault lasted.

    `offsets` are those of hit records, `during` of all records meanwhile, by partition. `schema_id`
    is the schema that the fault's records brought with them. `undelivered` were sent, and not yet
    taken by Kafka when this was written.
    """

    model_config = ConfigDict(frozen=True)
    phase: Phase
    fault: Fault
    topic: str
    event: str | None
    field: str | None
    share: float
    begins: datetime
    ends: datetime
    schema_id: int | None = None
    messages: int = 0
    hit: int = 0
    withheld: int = 0
    undelivered: int = 0
    offsets: Mapping[int, Span] = {}
    during: Mapping[int, Span] = {}


@dataclass(slots=True)
class Account:
    """Counts up to now; `sent` and `arrived` are of the time while the fault lasts."""

    sent: int = 0
    arrived: int = 0
    hit: int = 0
    withheld: int = 0
    offsets: dict[int, Span] = field(default_factory=dict)
    during: dict[int, Span] = field(default_factory=dict)

    @property
    def pending(self) -> int:
        return self.sent - self.arrived

    def note(self, partition: int, offset: int, hit: bool) -> None:
        """Kafka has taken a record that was sent while the fault lasts."""
        self.arrived += 1
        _widen(self.during, partition, offset)
        if hit:
            self.hit += 1
            _widen(self.offsets, partition, offset)


def _widen(spans: dict[int, Span], partition: int, offset: int) -> None:
    span = spans.get(partition) or Span(first=offset, last=offset, count=0)
    spans[partition] = Span(
        first=min(span.first, offset), last=max(span.last, offset), count=span.count + 1
    )
