"""What a finding says of a rule, in words and without values of records."""

from __future__ import annotations

from core.quality.rule import Metric, QualityRule


def breaks(rule: QualityRule) -> str:
    """As the beginning of a sentence: `amount` lies outside 0 to 100 ..."""
    field = f"`{rule.field}`" if rule.field is not None else "the record"
    return f"{field[:1].upper()}{field[1:]} {_deed(rule)}"


def _deed(rule: QualityRule) -> str:
    match rule.metric:
        case Metric.REQUIRED:
            return "is missing"
        case Metric.MISSING:
            return "holds a word that stands for nothing"
        case Metric.TYPE:
            return f"is no {' or '.join(kind.value for kind in rule.kinds)}"
        case Metric.RANGE:
            return f"lies outside {_range(rule)}"
        case Metric.ENUM:
            return "is none of its known values"
        case Metric.PATTERN:
            return "does not have its form"
        case Metric.FORMAT:
            return f"is no {rule.format.value if rule.format else 'such format'}"
        case Metric.SPELLING:
            return "is a near miss of a usual value"
        case Metric.DEPENDENCY:
            return "is not what another field of its record says"
        case Metric.COMPARE:
            return f"breaks {rule.expression}"
        case Metric.CONFORMITY:
            return "cannot be read or has not the shape of its schema"
        case Metric.UNIQUE:
            return "is there twice"
        case Metric.TIMELINESS:
            return "is too far from when its message arrived"
        case Metric.ORDER:
            return "goes back in time"
        case Metric.NULL_RATE:
            return "is null or missing"
    return f"breaks {rule.id}"


def _range(rule: QualityRule) -> str:
    if rule.minimum is None:
        return f"up to {rule.maximum:g}"
    if rule.maximum is None:
        return f"{rule.minimum:g} and up"
    return f"{rule.minimum:g} to {rule.maximum:g}"
