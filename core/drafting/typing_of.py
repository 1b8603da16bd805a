"""What type a field has, by what is said of it and else by its name."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from core.drafting.marks import Trait
from core.drafting.sketch import Sketch
from core.schema.model import Kind, Logical

TEXTS = frozenset({"string", "category"})
NUMBERS = frozenset({"number", "integer", "decimal"})
PLAIN = TEXTS | NUMBERS | {"boolean", "timestamp", "date", "uuid"}
"""Types of a single value."""

_BY_TRAIT: Mapping[Trait, str] = {
    Trait.MAP: "map",
    Trait.BOOLEAN: "boolean",
    Trait.EPOCH: "timestamp",
    Trait.DATE: "date",
    Trait.TIMESTAMP: "timestamp",
    Trait.FRACTION: "number",
    Trait.UUID: "uuid",
    Trait.DECIMAL: "decimal",
    Trait.INTEGER: "integer",
    Trait.TEXT: "string",
}
_TIMES = frozenset({"milliseconds", "seconds", "minutes", "hours", "days"})
_SMALL_SCALE = 100
_ENDINGS = {"at": "timestamp", "by": "string", "count": "integer", "kwh": "number"}


@dataclass(frozen=True, slots=True)
class Shape:
    """A type in the schema model's words."""

    kind: Kind
    logical: Logical | None = None


SHAPES: Mapping[str, Shape] = {
    "string": Shape(Kind.STRING),
    "category": Shape(Kind.STRING),
    "number": Shape(Kind.NUMBER),
    "integer": Shape(Kind.INTEGER),
    "boolean": Shape(Kind.BOOLEAN),
    "map": Shape(Kind.MAP),
    "array": Shape(Kind.ARRAY),
    "record": Shape(Kind.OBJECT),
    "decimal": Shape(Kind.BYTES, Logical.DECIMAL),
    "timestamp": Shape(Kind.INTEGER, Logical.EPOCH_MILLIS),
    "date": Shape(Kind.INTEGER, Logical.DATE),
    "uuid": Shape(Kind.STRING, Logical.UUID),
}


def type_of(sketch: Sketch) -> str:
    """One of the names of `SHAPES`."""
    if sketch.members:
        return "array" if sketch.many else "record"
    if sketch.many or Trait.LIST in sketch.traits:
        return "array"
    for trait, name in _BY_TRAIT.items():
        if trait in sketch.traits and not (trait is Trait.TIMESTAMP and _dated(sketch)):
            return name
    if sketch.choice is not None:
        return (
            "integer"
            if all(re.fullmatch(r"-?\d+", value) for value in sketch.choice.values)
            else "category"
        )
    if sketch.forms:
        return "string"
    if sketch.type is not None:
        return sketch.type
    return _measured(sketch) or _by_name(sketch)


def _dated(sketch: Sketch) -> bool:
    return sketch.attribute is not None and sketch.attribute.type == "date"


def _measured(sketch: Sketch) -> str | None:
    """By unit and bounds: what has them is a number."""
    implied = sketch.attribute.type if sketch.attribute else None
    timed = implied == "timestamp" and sketch.phrase.words[-1] != "timestamp"
    if timed and sketch.unit is not None and sketch.unit.unit.name in _TIMES:
        return "integer"
    if sketch.unit is not None and implied not in ("timestamp", "date"):
        unit = sketch.unit.unit
        if unit.type == "integer" and unit.name in _TIMES and implied in (None, "number", "string"):
            return "integer"
        return (
            implied
            if implied in NUMBERS and not (unit.money and implied != "integer")
            else unit.type
        )
    if not sketch.bounds or implied in (*NUMBERS, "timestamp", "date"):
        return None
    numbers = [
        n for bound in sketch.bounds for n in (bound.minimum, bound.maximum) if n is not None
    ]
    whole = all(isinstance(number, int) for number in numbers)
    low, high = min(numbers), max(numbers)
    coded = any(bound.meanings for bound in sketch.bounds) and high < _SMALL_SCALE
    graded = implied is not None and high - low > 1
    return (
        "integer" if whole and (coded or graded or (low == 1 and high < _SMALL_SCALE)) else "number"
    )


def _by_name(sketch: Sketch) -> str:
    last = sketch.phrase.words[-1]
    if sketch.phrase.words[0] == "is":
        return "boolean"
    if sketch.attribute is not None:
        return sketch.attribute.type
    return _ENDINGS.get(last, "string")
