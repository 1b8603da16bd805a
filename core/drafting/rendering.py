"""Sketches as the schema and the quality rules of a plan."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.drafting.composed import Composed
from core.drafting.marks import Trait
from core.drafting.meaning import Limits, limits_of, pattern_for, quoted, secret_of
from core.drafting.sketch import Sketch
from core.drafting.typing_of import NUMBERS, PLAIN, SHAPES, TEXTS, type_of
from core.quality.rule import Metric, QualityRule, Severity
from core.schema.model import ITEMS, VALUES, Bounds, Field, Kind, Logical, Schema
from core.spelling import spell

PRECISION, SCALE = 18, 2
"""Digits of an amount of money."""
RATE_SCALE = 6
MOST_UNIQUE = 3

_LOGICALS = {
    "email": Logical.EMAIL,
    "uri": Logical.URI,
    "ip": Logical.IP,
    "currency": Logical.CURRENCY,
    "country": Logical.COUNTRY,
    "language": Logical.LANGUAGE,
}


def schema_of(composed: Composed, name: str, namespace: str, doc: str) -> Schema:
    """The record of all fields; keys, times and what the text names without doubt are required."""
    needed = {id(composed.key), id(composed.event_time)}
    children = tuple(_field(sketch, id(sketch) in needed) for sketch in composed.sketches)
    return Schema(Field("", frozenset({Kind.OBJECT}), children=children), name, namespace, doc)


def _field(sketch: Sketch, needed: bool, name: str | None = None) -> Field:
    kind_name = type_of(sketch)
    shape = SHAPES[kind_name]
    optional = not needed and is_optional(sketch)
    logical = shape.logical
    if (
        kind_name in TEXTS
        and sketch.attribute is not None
        and sketch.attribute.logical
        and sketch.choice is None
    ):
        logical = _LOGICALS.get(sketch.attribute.logical)
    return Field(
        name or sketch.name,
        frozenset({shape.kind}) | ({Kind.NULL} if optional else frozenset()),
        optional=optional,
        children=_children(sketch, shape.kind),
        enum=_enum(sketch, kind_name),
        logical=logical,
        bounds=_bounds(sketch, kind_name),
        doc=doc_of(sketch),
        tags=frozenset({"sensitive"}) if secret_of(sketch) else frozenset(),
    )


def is_optional(sketch: Sketch) -> bool:
    """What the text calls so, and what it does not name; the words `never empty` outweigh both."""
    if Trait.REQUIRED in sketch.traits:
        return False
    return Trait.OPTIONAL in sketch.traits or not sketch.given


def _children(sketch: Sketch, kind: Kind) -> tuple[Field, ...]:
    members = tuple(_field(member, False) for member in sketch.members)
    if kind is Kind.ARRAY:
        if members:
            return (Field(ITEMS, frozenset({Kind.OBJECT}), children=members),)
        numbers = re.search(r"\b(?:doubles?|numbers?|floats?)\b", sketch.traits.get(Trait.LIST, ""))
        return (Field(ITEMS, frozenset({Kind.NUMBER if numbers else Kind.STRING})),)
    if kind is Kind.MAP:
        return (Field(VALUES, frozenset({Kind.STRING})),)
    return members


def _enum(sketch: Sketch, kind_name: str) -> tuple[str | int, ...] | None:
    if sketch.choice is None or kind_name in ("array", "record", "boolean", "map"):
        return None
    if kind_name == "integer":
        return (
            tuple(int(value) for value in sketch.choice.values if re.fullmatch(r"-?\d+", value))
            or None
        )
    return symbols(sketch)


def symbols(sketch: Sketch) -> tuple[str, ...]:
    """The values as Avro takes them: `out for delivery` is out_for_delivery."""
    values = sketch.choice.values if sketch.choice else ()
    made = [re.sub(r"[^A-Za-z0-9]+", "_", value).strip("_") for value in values]
    made = [f"_{value}" if value[:1].isdigit() else value for value in made if value]
    return tuple(dict.fromkeys(made))


def _bounds(sketch: Sketch, kind_name: str) -> Bounds:
    limits = limits_of(sketch)
    low, high = (limits.minimum, limits.maximum) if limits and limits.certain else (None, None)
    if kind_name == "decimal":
        rate = sketch.attribute is not None and sketch.attribute.kind == "exchange_rate"
        return Bounds(low, high, precision=PRECISION, scale=RATE_SCALE if rate else SCALE)
    if kind_name in NUMBERS:
        return Bounds(low, high)
    pattern = pattern_for(sketch)
    return Bounds(pattern=pattern[0]) if pattern and kind_name in TEXTS else Bounds()


def doc_of(sketch: Sketch) -> str:
    """A sentence: the name in words, its unit, what its values mean, why it is there."""
    name = spell(sketch.name)
    parts = [name[:1].upper() + name[1:]]
    if sketch.unit is not None and sketch.unit.unit.name:
        parts[0] += f" in {sketch.unit.says.strip()}"
    for number, meaning in (pair for bound in sketch.bounds for pair in bound.meanings):
        parts.append(f"{number} means {meaning}")
    if sketch.choice is not None:
        parts.append("one of " + ", ".join(sketch.choice.values))
    for form in sketch.forms[:1]:
        parts.append(f"written {form.says}" if form.example is None else f"such as {form.example}")
    if not sketch.given and sketch.because:
        parts.append(sketch.because)
    return "; ".join(parts) + "."


@dataclass(frozen=True, slots=True)
class Secret:
    """A sensitive field, why it is one, and whether the text says so."""

    path: str
    because: str
    given: bool


def secrets_of(composed: Composed) -> tuple[Secret, ...]:
    found = ((path, secret_of(sketch)) for path, sketch in paths(composed.sketches.fields))
    return tuple(Secret(path, *secret) for path, secret in found if secret is not None)


def paths(sketches: Sequence[Sketch], parent: str = "") -> Iterator[tuple[str, Sketch]]:
    for sketch in sketches:
        path = f"{parent}.{sketch.name}" if parent else sketch.name
        yield path, sketch
        if sketch.members:
            yield from paths(sketch.members, f"{path}[]" if sketch.many else path)


def rules_of(composed: Composed) -> Iterator[QualityRule]:
    """Rules of single fields, each with its reason; a stream's rules are made elsewhere."""
    unique = 0
    for path, sketch in paths(composed.sketches.fields):
        yield from _required(path, sketch, composed)
        yield from _range(path, sketch)
        yield from _values(path, sketch)
        yield from _pattern(path, sketch)
        if "[]" not in path and unique < MOST_UNIQUE:
            for rule in _unique(path, sketch):
                unique += 1
                yield rule


def _unique(path: str, sketch: Sketch) -> Iterator[QualityRule]:
    says = sketch.traits.get(Trait.UNIQUE)
    if (says or sketch.once) and type_of(sketch) in PLAIN:
        yield QualityRule(
            id=_rule_id(path, "unique"),
            metric=Metric.UNIQUE,
            field=path,
            severity=Severity.ERROR if says else Severity.WARNING,
            reason=quoted(says) if says else sketch.once[:300],
        )


def _required(path: str, sketch: Sketch, composed: Composed) -> Iterator[QualityRule]:
    says = sketch.traits.get(Trait.REQUIRED)
    reason = quoted(says) if says else ""
    if sketch is composed.key:
        reason = reason or "it is the key of every message"
    elif sketch is composed.event_time:
        reason = reason or "without it nothing can be put in order or found late"
    if reason:
        yield QualityRule(
            id=_rule_id(path, "required"), metric=Metric.REQUIRED, field=path, reason=reason
        )


def _range(path: str, sketch: Sketch) -> Iterator[QualityRule]:
    limits = limits_of(sketch)
    if (
        limits is None
        or (limits.minimum is None and limits.maximum is None)
        or (sketch.choice is not None)
    ):
        return
    yield QualityRule(
        id=_rule_id(path, "range"),
        metric=Metric.RANGE,
        field=path,
        minimum=limits.minimum,
        maximum=limits.maximum,
        exclusive_minimum=limits.exclusive_minimum and limits.minimum is not None,
        exclusive_maximum=limits.exclusive_maximum and limits.maximum is not None,
        severity=_severity(limits),
        reason=limits.because[:300],
    )


def _severity(limits: Limits) -> Severity:
    return Severity.ERROR if limits.given or limits.certain else Severity.WARNING


def _values(path: str, sketch: Sketch) -> Iterator[QualityRule]:
    enum = _enum(sketch, type_of(sketch))
    if enum and sketch.choice is not None:
        yield QualityRule(
            id=_rule_id(path, "values"),
            metric=Metric.ENUM,
            field=path,
            values=enum,
            reason=quoted(sketch.choice.says),
        )


def _pattern(path: str, sketch: Sketch) -> Iterator[QualityRule]:
    if (found := pattern_for(sketch)) is None:
        return
    pattern, reason, given = found
    yield QualityRule(
        id=_rule_id(path, "pattern"),
        metric=Metric.PATTERN,
        field=path,
        pattern=pattern,
        severity=Severity.ERROR if given else Severity.WARNING,
        reason=reason[:300],
    )


def _rule_id(path: str, what: str) -> str:
    slug = re.sub(r"[^a-z0-9_.]+", "", path.lower()).strip("._")
    return f"{slug or 'field'}-{what}"[:100]
