"""The one schema model: Avro, JSON Schema, Protobuf and inferred schemas become this tree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

ITEMS = "[]"
"""The name of an array's item field."""

VALUES = "*"
"""The name of a map's value field."""


class Kind(StrEnum):
    """What a value is, in JSON's words plus `bytes` and `map` (open keys, values of one kind)."""

    NULL = "null"
    BOOLEAN = "boolean"
    INTEGER = "integer"
    NUMBER = "number"
    STRING = "string"
    BYTES = "bytes"
    OBJECT = "object"
    ARRAY = "array"
    MAP = "map"


class Logical(StrEnum):
    """What a string or number means beyond its kind."""

    DATE_TIME = "date-time"
    DATE = "date"
    TIME = "time"
    EPOCH_SECONDS = "epoch-seconds"
    EPOCH_MILLIS = "epoch-millis"
    EPOCH_MICROS = "epoch-micros"
    DURATION = "duration"
    UUID = "uuid"
    EMAIL = "email"
    URI = "uri"
    IP = "ip"
    DECIMAL = "decimal"
    CURRENCY = "currency"
    COUNTRY = "country"
    LANGUAGE = "language"
    PHONE = "phone"
    HASH = "hash"


@dataclass(frozen=True, slots=True)
class Bounds:
    """Inclusive limits of a number, or of a string's length; None where unknown.

    `pattern` is a regular expression that the whole string matches. `precision` and `scale` are
    the digits of a decimal, all of them and those after the point.
    """

    minimum: float | int | None = None
    maximum: float | int | None = None
    min_length: int | None = None
    max_length: int | None = None
    pattern: str | None = None
    precision: int | None = None
    scale: int | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was measured of a field: counts of messages or items, and never a raw value.

    `parents` counts the objects that could have carried the field, `seen` those that did,
    `distinct` estimates the number of different values, `shapes` are the commonest redacted
    shapes ("AA-9999") with their share of the non-null values.
    """

    parents: int
    seen: int
    null: int = 0
    distinct: float | None = None
    shapes: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Field:
    """One place in a message. `kinds` may be empty: nothing is known about the value."""

    name: str
    kinds: frozenset[Kind]
    optional: bool = False
    children: tuple[Field, ...] = ()
    enum: tuple[str | int, ...] | None = None
    logical: Logical | None = None
    bounds: Bounds = Bounds()
    doc: str = ""
    tags: frozenset[str] = frozenset()
    evidence: Evidence | None = None

    @property
    def nullable(self) -> bool:
        return Kind.NULL in self.kinds


@dataclass(frozen=True, slots=True)
class Schema:
    """A tree whose `root` is unnamed; usually an object, but any kind is allowed."""

    root: Field
    name: str = ""
    namespace: str = ""
    doc: str = ""
    extra: dict[str, str] = field(default_factory=dict, hash=False, compare=False)

    def walk(self) -> Iterator[tuple[str, Field]]:
        """Every field below the root with its path, parents first: `a.b`, `a[]`, `a[].b`, `m.*`."""
        yield from _walk("", self.root)


def child_path(parent: str, name: str) -> str:
    """The path of the field `name` below `parent` ("" is the root)."""
    if name == ITEMS:
        return f"{parent}[]"
    return f"{parent}.{name}" if parent else name


def _walk(path: str, parent: Field) -> Iterator[tuple[str, Field]]:
    for child in parent.children:
        here = child_path(path, child.name)
        yield here, child
        if child.children:
            yield from _walk(here, child)
