"""The operators and units of a contract's quality entries as a rule's threshold and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from core.quality.threshold import Operator, Threshold, Unit

_RANGES = (Operator.BETWEEN, Operator.NOT_BETWEEN)


def written_threshold(threshold: Threshold | None) -> dict[str, Any]:
    """The members of an entry; without a threshold no record may break the rule."""
    if threshold is None:
        return {Operator.MUST_BE.value: 0}
    values = [_plain(value) for value in threshold.values]
    number: Any = values if threshold.operator in _RANGES else values[0]
    unit = {} if threshold.unit is Unit.ROWS else {"unit": threshold.unit.value}
    return {threshold.operator.value: number, **unit}


def threshold_of(said: Mapping[str, Any]) -> Threshold | str:
    """What an entry allows, or what is wrong with how it says it."""
    named = [operator for operator in Operator if operator.value in said]
    if len(named) != 1:
        return f"it needs one operator: {', '.join(operator.value for operator in Operator)}"
    operator = named[0]
    value = said[operator.value]
    numbers = value if isinstance(value, list) else [value]
    if not all(isinstance(each, int | float) and not isinstance(each, bool) for each in numbers):
        return f"{operator.value} needs a number to count by, and not {str(value)[:60]!r}"
    unit = str(said.get("unit") or Unit.ROWS.value).lower()
    if unit not in list(Unit):
        return f"the unit is rows or percent, and not {unit[:60]!r}"
    try:
        return Threshold(operator=operator, values=tuple(numbers), unit=Unit(unit))
    except ValidationError as error:
        return "; ".join(each["msg"].removeprefix("Value error, ") for each in error.errors()[:3])


def _plain(value: float) -> int | float:
    """5 rather than 5.0, as people write it."""
    return int(value) if value.is_integer() else value
