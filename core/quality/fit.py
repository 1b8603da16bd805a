"""Whether a rule fits the schema that it is about: its fields are there, and of a type for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from core.quality.columns.wanted import MARKS, column_of, paths_of
from core.quality.contradiction import contradiction
from core.quality.expression import parsed
from core.quality.formats import EPOCHS
from core.quality.pattern import refusal
from core.quality.rule import Listed, Metric, QualityRule
from core.schema.model import Field, Kind, Logical

_NUMBERS = frozenset({Kind.INTEGER, Kind.NUMBER})
_STRUCTURES = frozenset({Kind.OBJECT, Kind.ARRAY, Kind.MAP})
_TIMES = frozenset(
    {
        Logical.DATE_TIME,
        Logical.DATE,
        Logical.EPOCH_SECONDS,
        Logical.EPOCH_MILLIS,
        Logical.EPOCH_MICROS,
    }
)
_OF_THE_STREAM = frozenset(
    {
        Metric.CONFORMITY, Metric.FRESHNESS, Metric.ROWS, Metric.VOLUME, Metric.SCHEMA_DRIFT,
        Metric.DEAD_LETTERS, Metric.LAG,
    }
)  # fmt: skip
_LEARNT = frozenset({Metric.SPELLING, Metric.DEPENDENCY})
"""What is held against what was learnt, and says nothing without it."""
_IN_COLUMNS = frozenset({Metric.ORDER, Metric.DISTRIBUTION, Metric.NULL_RATE})
"""What is measured of columns alone: one value of one type in each record."""
_LISTED: Mapping[type, frozenset[Kind]] = {
    bool: frozenset({Kind.BOOLEAN}),
    int: _NUMBERS,
    float: frozenset({Kind.NUMBER}),
    str: frozenset({Kind.STRING, Kind.BYTES}),
}


def is_time(place: Field) -> bool:
    """Whether a field says when something was."""
    return place.logical in _TIMES


def misfit(rule: QualityRule, fields: Mapping[str, Field] | None) -> str | None:
    """Why the rule cannot be watched; None where it can.

    `fields` are those of the schema by path; None where no schema is known, which is held against
    no rule. Nor is a field of unknown type.
    """
    if rule.metric in _OF_THE_STREAM and rule.field is not None:
        return (
            f"the rule {rule.id} is about the field {rule.field}, and {_named(rule)} is of the "
            "whole stream: state it for the topic"
        )
    if rule.metric in _LEARNT and not rule.inferred:
        return f"{_named(rule)} rules are learnt from a stream; {rule.id} cannot be stated"
    if rule.pattern is not None and (wrong := refusal(rule.pattern)):
        return f"the pattern of the rule {rule.id} cannot be used: {wrong}"
    return None if fields is None else _misplaced(rule, fields)


def _misplaced(rule: QualityRule, fields: Mapping[str, Field]) -> str | None:
    for path in sorted(paths_of(rule)):
        if path not in fields:
            return f"the rule {rule.id} is about {path!r}, which is no field: {_all(fields)}"
    if rule.metric is Metric.COMPARE:
        wrong = contradiction(parsed(rule.expression or ""), fields)
        return f"the expression of the rule {rule.id} says nothing: {wrong}" if wrong else None
    for path in sorted(paths_of(rule)):
        place = fields[path]
        wrong = next(_wrong_types(rule, path, place), None) if place.kinds - {Kind.NULL} else None
        if wrong:
            return f"the rule {rule.id} does not fit the field {path}: {wrong}"
    return None


def _wrong_types(rule: QualityRule, path: str, place: Field) -> Iterator[str]:
    kinds = place.kinds - {Kind.NULL}
    told = ", ".join(sorted(kind.value for kind in kinds))
    if rule.metric in _IN_COLUMNS and column_of(path, kinds) is None:
        yield f"{_named(rule)} needs one plain value of one type in each record, it is {told}"
    match rule.metric:
        case Metric.TYPE if not kinds & _wider(frozenset(rule.kinds)):
            yield f"by its schema it is {told}, which no value of the rule's kinds is"
        case Metric.RANGE if not (kinds & _NUMBERS or place.logical is Logical.DECIMAL):
            yield f"a range needs a number, it is {told}"
        case Metric.PATTERN if Kind.STRING not in kinds:
            yield f"a pattern needs a string, it is {told}"
        case Metric.FORMAT:
            yield from _wrong_format(rule.format, kinds, told)
        case Metric.TIMELINESS | Metric.ORDER if not is_time(place):
            yield f"{_named(rule)} needs a time (date-time, date or epoch), it is {told}"
        case Metric.UNIQUE if kinds & _STRUCTURES or any(mark in path for mark in MARKS):
            yield f"uniqueness needs a plain value, one in each record; it is {told}"
        case Metric.MISSING if rule.values and kinds <= _STRUCTURES:
            yield f"a list of values needs a plain value, it is {told}"
        case Metric.ENUM:
            yield from _wrong_values(rule.values, place, told)


def _wider(kinds: frozenset[Kind]) -> frozenset[Kind]:
    """Of what kinds a value may be by a schema that says no more than these."""
    return kinds | _NUMBERS if kinds & _NUMBERS else kinds


def _wrong_format(wanted: Logical | None, kinds: frozenset[Kind], told: str) -> Iterator[str]:
    if wanted in EPOCHS and not kinds & _NUMBERS:
        yield f"{wanted} is a number, it is {told}"
    if wanted not in EPOCHS and Kind.STRING not in kinds:
        yield f"{wanted} is the format of a string, it is {told}"


def _wrong_values(values: tuple[Listed, ...], place: Field, told: str) -> Iterator[str]:
    if place.kinds & _STRUCTURES:
        yield "a list of values needs a plain value"
    fitting = [value for value in values if _LISTED[type(value)] & place.kinds]
    if len(fitting) < len(values):
        strange = [repr(value) for value in values if value not in fitting]
        yield f"{', '.join(strange[:5])} can be none of its values, it is {told}"
    strange = [str(value) for value in values if value not in (place.enum or values)]
    if strange:
        enum = ", ".join(map(str, place.enum or ()))
        yield f"{', '.join(strange[:5])} is no value of its enum ({enum})"


def _named(rule: QualityRule) -> str:
    return rule.metric.value.replace("_", " ")


def _all(fields: Mapping[str, Field]) -> str:
    names = list(fields)
    return f"the fields are {', '.join(names[:40])}" if names else "the schema has no fields"
