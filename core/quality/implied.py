"""Rules that hold without anybody saying so: the shape of the schema, and the source's habits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from core.names import last_part
from core.quality.columns.wanted import MARKS, paths_of
from core.quality.rule import Metric, QualityRule, Severity
from core.schema.model import Field, Kind, Logical, Schema

MOST = 12
"""Fields whose habits are watched; those that rules read come first."""

SHAPE = QualityRule(
    id="conformity",
    metric=Metric.CONFORMITY,
    reason="messages of a data product have the shape of its schema",
)
VOLUME = QualityRule(
    id="stream-volume",
    metric=Metric.VOLUME,
    severity=Severity.WARNING,
    inferred=True,
    reason="against what usually comes at such a time",
)
LETTERS = QualityRule(
    id="dead-letters",
    metric=Metric.DEAD_LETTERS,
    severity=Severity.ERROR,
    inferred=True,
    reason="the topic's name says that it is for dead letters",
)
_PLAIN = (frozenset({Kind.STRING}), frozenset({Kind.INTEGER}), frozenset({Kind.NUMBER}),
          frozenset({Kind.INTEGER, Kind.NUMBER}), frozenset({Kind.BOOLEAN}))  # fmt: skip
_NUMBERS = frozenset({Kind.INTEGER, Kind.NUMBER})
_IDENTIFIERS = frozenset(
    {"id", "ids", "no", "nr", "number", "num", "key", "uuid", "guid", "code", "hash", "offset",
     "sequence", "seq", "index", "version", "row"}
)  # fmt: skip
_CLOCK = 631_152_000
"""Seconds of 1990: whole numbers that are never below it are times or ids."""
_MOVING = frozenset(
    {Logical.EPOCH_SECONDS, Logical.EPOCH_MILLIS, Logical.EPOCH_MICROS, Logical.DATE,
     Logical.DATE_TIME}
)  # fmt: skip
"""Tomorrow's values are others."""


def completed(
    rules: tuple[QualityRule, ...], schema: Schema | None, *, managed: bool
) -> tuple[QualityRule, ...]:
    """The rules with what they imply; nothing for a source that has none, and for one of dead
    letters: it has no habits to keep."""
    if not rules or any(rule.metric is Metric.DEAD_LETTERS for rule in rules):
        return rules
    more = [VOLUME]
    if managed and not any(rule.metric is Metric.CONFORMITY for rule in rules):
        more.append(SHAPE)
    if schema is not None:
        more += _habits(rules, dict(schema.walk()))
    taken = {rule.id for rule in rules}
    return (*rules, *(rule for rule in more if rule.id not in taken))


def _habits(rules: tuple[QualityRule, ...], fields: Mapping[str, Field]) -> Iterator[QualityRule]:
    read = [path for rule in rules for path in sorted(paths_of(rule))]
    plain = [path for path, field in fields.items() if _is_plain(path, field)]
    for path in list(dict.fromkeys([*(p for p in read if p in plain), *plain]))[:MOST]:
        yield _habit(Metric.NULL_RATE, path, "against the share of nulls that it had")
        if _is_spread(fields[path]):
            yield _habit(Metric.DISTRIBUTION, path, "against the values that it had")


def _habit(metric: Metric, path: str, reason: str) -> QualityRule:
    slug = "".join(c if c.isalnum() or c in "_.-" else "-" for c in path.lower())[:80]
    return QualityRule(
        id=f"habit.{slug.strip('-.')}.{metric.value.replace('_', '-')}",
        metric=metric,
        field=path,
        severity=Severity.WARNING,
        inferred=True,
        reason=reason,
    )


def _is_plain(path: str, field: Field) -> bool:
    if any(mark in path for mark in MARKS):
        return False
    return field.kinds - {Kind.NULL} in _PLAIN


def _is_spread(field: Field) -> bool:
    """Whether the values come again: numbers that measure something, flags, and lists of words."""
    kinds = field.kinds - {Kind.NULL}
    if field.logical in _MOVING:
        return False
    if kinds == {Kind.BOOLEAN} or field.enum is not None:
        return True
    measures = last_part(field.name) not in _IDENTIFIERS
    low = field.bounds.minimum
    clock = kinds == {Kind.INTEGER} and low is not None and low >= _CLOCK
    return bool(kinds & _NUMBERS) and measures and not clock
