"""Whether a rule fits the schema that it is about: its field is there, and of a type for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from core.quality.rule import Metric, QualityRule
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


def is_time(place: Field) -> bool:
    """Whether a field says when something was."""
    return place.logical in _TIMES


def misfit(rule: QualityRule, fields: Mapping[str, Field]) -> str | None:
    """Why the rule does not fit; None where it does. `fields` are those of the schema by path."""
    if rule.field is None:
        return None
    place = fields.get(rule.field)
    if place is None:
        return f"the rule {rule.id} is about {rule.field!r}, which is no field: {_all(fields)}"
    wrong = _wrong_type(rule, place)
    return f"the rule {rule.id} does not fit the field {rule.field}: {wrong}" if wrong else None


def _wrong_type(rule: QualityRule, place: Field) -> str | None:
    told = ", ".join(sorted(kind.value for kind in place.kinds)) or "unknown"
    match rule.metric:
        case Metric.RANGE if not (place.kinds & _NUMBERS or place.logical is Logical.DECIMAL):
            return f"a range needs a number, it is {told}"
        case Metric.PATTERN if Kind.STRING not in place.kinds:
            return f"a pattern needs a string, it is {told}"
        case Metric.TIMELINESS if not is_time(place):
            return "timeliness needs a time (date-time, date or epoch)"
        case Metric.UNIQUE if place.kinds & _STRUCTURES:
            return f"uniqueness needs a plain value, it is {told}"
        case Metric.ENUM:
            return _wrong_values(rule.values, place)
    return None


def _wrong_values(values: Sequence[str | int], place: Field) -> str | None:
    if place.kinds & _STRUCTURES:
        return "a list of values needs a plain value"
    if place.enum is None:
        return None
    strange = [str(value) for value in values if value not in place.enum]
    if not strange:
        return None
    return f"{', '.join(strange[:5])} is no value of its enum ({', '.join(map(str, place.enum))})"


def _all(fields: Mapping[str, Field]) -> str:
    names = list(fields)
    return f"the fields are {', '.join(names[:40])}" if names else "the schema has no fields"
