"""Example messages of a plan: they must obey its own rules and survive its own schema."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import jsonschema_rs

from core.plan import Plan
from core.quality.record import broken
from core.quality.rule import Metric, QualityRule
from core.schema import avro_writer, json_schema
from core.schema.example import Examples, Limit
from core.schema.round_trip import RoundTripError, round_trip

EXAMPLES = 4
_TRIED = 64

FRAMING_BYTES = 5
"""Magic byte and schema id before an Avro datum."""

RECORD_BYTES = 20
"""About what Kafka adds to each record of a batch: lengths, offset, time, key and headers."""

Message = dict[str, Any]


def examples_of(plan: Plan) -> tuple[Message, ...]:
    """Messages in their JSON form that keep to the plan's rules, without optional fields last.

    What fields must be to each other is looked for among more messages than are given.
    """
    made = Examples(plan.schema_plan.value, limits_of(plan.rules))
    compared = [rule for rule in plan.rules if rule.metric is Metric.COMPARE]
    tried = range(_TRIED if compared else EXAMPLES)
    fit = [n for n in tried if not broken(made.whole(n), compared)]
    chosen = [*fit, *(n for n in tried if n not in fit)][:EXAMPLES]
    return (*(made.whole(number) for number in chosen), made.sparse())


def limits_of(rules: tuple[QualityRule, ...]) -> dict[str, Limit]:
    """What the rules say of values, by the field's path."""
    limits: dict[str, Limit] = {}
    for rule in rules:
        if rule.field is not None:
            limits[rule.field] = _narrowed(limits.get(rule.field, Limit()), rule)
    return limits


def check_examples(plan: Plan) -> Iterator[str]:
    """Problems that show only in messages, in words."""
    validator = jsonschema_rs.validator_for(json_schema.write(plan.schema_plan.value))
    avro = avro_writer.write(plan.schema_plan.value)
    seen: set[str] = set()
    for message in examples_of(plan):
        for problem in _wrong(plan, message, validator, avro):
            if problem not in seen:
                seen.add(problem)
                yield problem


def message_bytes(plan: Plan) -> float:
    """The mean size of a record, from the examples: datum, framing and what Kafka adds."""
    avro = avro_writer.write(plan.schema_plan.value)
    sizes = [round_trip(avro, message) for message in examples_of(plan)]
    return sum(sizes) / len(sizes) + FRAMING_BYTES + RECORD_BYTES


def _wrong(
    plan: Plan, message: Message, validator: jsonschema_rs.Validator, avro: Any
) -> Iterator[str]:
    for rule in broken(message, [rule for rule in plan.rules if _is_told_by_one(rule)]):
        yield (
            f"rules: no value of {rule.field} can keep both to its schema and to the rule {rule.id}"
        )
    for error in validator.iter_errors(message):
        place = ".".join(str(step) for step in error.instance_path) or "the whole message"
        yield f"schema_plan.value: an example breaks its JSON Schema at {place}: {_kind(error)}"
    try:
        round_trip(avro, message)
    except RoundTripError as error:
        yield f"schema_plan.value: {error}"


def _is_told_by_one(rule: QualityRule) -> bool:
    """Whether an example that breaks the rule shows that no value can keep it: an example is not
    made from an expression, nor from a pattern that Python does not read."""
    if rule.metric is Metric.PATTERN:
        try:
            re.compile(rule.pattern or "")
        except re.error:
            return False
    return rule.metric is not Metric.COMPARE


def _kind(error: jsonschema_rs.ValidationError) -> str:
    return str(error.message)[:160]


def _narrowed(limit: Limit, rule: QualityRule) -> Limit:
    match rule.metric:
        case Metric.REQUIRED:
            return replace(limit, present=True)
        case Metric.RANGE:
            return _ranged(limit, rule)
        case Metric.ENUM:
            return replace(limit, values=rule.values)
        case Metric.PATTERN:
            return replace(limit, pattern=rule.pattern)
        case Metric.TYPE:
            return replace(limit, kinds=frozenset(rule.kinds))
        case Metric.FORMAT:
            return replace(limit, format=rule.format)
        case _:
            return limit


def _ranged(limit: Limit, rule: QualityRule) -> Limit:
    low, high = rule.minimum, rule.maximum
    limit = replace(limit, above=low) if rule.exclusive_minimum else replace(limit, minimum=low)
    return replace(limit, below=high) if rule.exclusive_maximum else replace(limit, maximum=high)
