"""One field of a demo message: how it is drawn, and what it is in a schema."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from server.demo.world import World

Row = dict[str, Any]


class Type(StrEnum):
    """What a schema language can say of a value; `instant` is epoch milliseconds."""

    TEXT = "text"
    UUID = "uuid"
    CHOICE = "choice"
    WHOLE = "whole"
    REAL = "real"
    DECIMAL = "decimal"
    FLAG = "flag"
    DAY = "day"
    INSTANT = "instant"
    INSTANT_TEXT = "instant-text"
    LIST = "list"
    TABLE = "table"
    RECORD = "record"


@dataclass(frozen=True, slots=True)
class Moment:
    """One message in the making: when it happens and whom it is about."""

    rng: random.Random
    world: World
    at: datetime
    progress: float
    about: Any

    def on(self, about: Any) -> Moment:
        return replace(self, about=about)


@dataclass(frozen=True, slots=True)
class Shape:
    """`symbols` of a choice, the `item` of a list or table, the `fields` of a record.

    A `shared` record has a full name under which several schemas refer to it.
    """

    type: Type
    symbols: tuple[str, ...] = ()
    item: Shape | None = None
    fields: Mapping[str, Field] = field(default_factory=dict)
    shared: str = ""
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """`absent` and `null` are shares of messages; `since` is the schema version it came with.

    `event_time` marks the field that says when what the message tells happened.
    """

    shape: Shape
    draw: Callable[[Moment], Any]
    absent: float = 0.0
    null: float = 0.0
    since: int = 1
    doc: str = ""
    event_time: bool = False

    @property
    def optional(self) -> bool:
        return self.absent > 0 or self.null > 0 or self.since > 1

    def maybe(self, share: float) -> Field:
        """Present in about this share of the messages, else left out."""
        return replace(self, absent=1.0 - share)

    def nullable(self, share: float) -> Field:
        """Null in about this share of the messages."""
        return replace(self, null=share)

    def added_in(self, version: int) -> Field:
        return replace(self, since=version)

    def says(self, doc: str) -> Field:
        return replace(self, doc=doc)


def draw_row(fields: Mapping[str, Field], moment: Moment, version: int) -> Row:
    """The values of one record as schema `version` knows it."""
    row: Row = {}
    for name, spec in fields.items():
        if spec.since > version or (spec.absent and moment.rng.random() < spec.absent):
            continue
        empty = spec.null and moment.rng.random() < spec.null
        row[name] = None if empty else spec.draw(moment)
    return row


def newest_version(fields: Mapping[str, Field]) -> int:
    """The highest `since` at any depth."""
    return max((_newest(spec) for spec in fields.values()), default=1)


def _newest(spec: Field) -> int:
    inner = newest_version(spec.shape.fields) if spec.shape.fields else 1
    return max(spec.since, inner, newest_version(spec.shape.item.fields) if spec.shape.item else 1)
