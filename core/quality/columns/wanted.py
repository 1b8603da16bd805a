"""Which columns a set of rules reads, and of which type each is."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from core.quality.expression import fields_of, parsed
from core.quality.rule import Metric, QualityRule
from core.schema.model import Field, Kind, Logical

MARKS = ("[]", "*")
"""Parts of paths that stand for many values of one record: no column has them."""


class ColumnType(StrEnum):
    TEXT = "text"
    WHOLE = "whole"
    NUMBER = "number"
    FLAG = "flag"


_TYPES: Mapping[frozenset[Kind], ColumnType] = {
    frozenset({Kind.STRING}): ColumnType.TEXT,
    frozenset({Kind.INTEGER}): ColumnType.WHOLE,
    frozenset({Kind.NUMBER}): ColumnType.NUMBER,
    frozenset({Kind.INTEGER, Kind.NUMBER}): ColumnType.NUMBER,
    frozenset({Kind.BOOLEAN}): ColumnType.FLAG,
}
_UNITS = {Logical.EPOCH_SECONDS: 1, Logical.EPOCH_MILLIS: 10**3, Logical.EPOCH_MICROS: 10**6}


_TEXTS = frozenset({Logical.DATE, Logical.TIME, Logical.DECIMAL, Logical.UUID, Logical.DURATION})
_RAW = frozenset({Kind.INTEGER, Kind.BYTES})


@dataclass(frozen=True, slots=True)
class Wanted:
    """`columns` by path; `by_record` are rules that no column can tell, because they look into
    lists and maps or at values of several kinds, and `roots` the fields of the record that those
    read. Column rules are all others on records. `epochs` are the numbers among all that is read
    which say when something was, with their units in a second: decoding gives Avro's as text.
    """

    columns: Mapping[str, ColumnType]
    by_column: tuple[QualityRule, ...]
    by_record: tuple[QualityRule, ...]
    roots: frozenset[str]
    epochs: Mapping[str, int]

    @property
    def parents(self) -> tuple[str, ...]:
        """The objects in which columns lie."""
        above: dict[str, None] = {}
        for path in self.columns:
            while path := path.rpartition(".")[0]:
                above[path] = None
        return tuple(above)


def presence_of(parent: str) -> str:
    """The column that says of each record whether it has the object; no path ends so."""
    return f"{parent}."


def paths_of(rule: QualityRule) -> frozenset[str]:
    """What the rule reads."""
    if rule.metric is Metric.COMPARE:
        return frozenset(fields_of(parsed(rule.expression or "")))
    return frozenset(rule.fields if rule.field is None else (rule.field,))


def wanted(
    rules: Iterable[QualityRule], fields: Mapping[str, Field], more: Collection[str] = ()
) -> Wanted:
    """`fields` are those of the schema by path; a rule's own kinds go before them. A rule on
    conformity wants all fields that a column can have; `more` are paths that are wanted without a
    rule, looked into record by record where they fit no column."""
    given = tuple(rules)
    whole = any(rule.metric is Metric.CONFORMITY for rule in given)
    rules = tuple(rule for rule in given if _reads(rule))
    typed: dict[str, frozenset[Kind]] = {}
    if whole:
        typed = {path: _kinds(field) for path, field in fields.items()}
    for path in more:
        typed.setdefault(path, _kinds(fields.get(path)))
    for rule in rules:
        for path in paths_of(rule):
            typed.setdefault(path, _kinds(fields.get(path)))
            if rule.metric is Metric.TYPE:
                typed[path] = frozenset(rule.kinds) - {Kind.NULL}
    typed_columns = ((path, column_of(path, kinds)) for path, kinds in typed.items())
    columns = {path: kind for path, kind in typed_columns if kind is not None}
    _without_parents(columns)
    roots: frozenset[str] = frozenset()
    while True:
        # A field that is looked into is read once, as it is: no column lies within.
        columns = {path: kind for path, kind in columns.items() if root_of(path) not in roots}
        by_column = tuple(rule for rule in rules if paths_of(rule) <= columns.keys())
        by_record = tuple(rule for rule in rules if rule not in by_column)
        looked = frozenset(root_of(path) for rule in by_record for path in paths_of(rule))
        looked |= {root_of(path) for path in more if path not in columns}
        if looked == roots:
            break
        roots = looked
    used = {path for rule in by_column for path in paths_of(rule)} | set(more)
    kept = {path: kind for path, kind in columns.items() if whole or path in used}
    return Wanted(kept, by_column, by_record, roots, epochs_of(fields))


def epochs_of(fields: Mapping[str, Field]) -> Mapping[str, int]:
    """Numbers that say when something was, by path, with their units in a second."""
    return {
        path: _UNITS[field.logical]
        for path, field in fields.items()
        if field.logical in _UNITS and Kind.STRING not in field.kinds
    }


def _reads(rule: QualityRule) -> bool:
    drifts = rule.metric in (Metric.DISTRIBUTION, Metric.NULL_RATE)
    return (rule.per_record and rule.metric is not Metric.CONFORMITY) or drifts


def _kinds(field: Field | None) -> frozenset[Kind]:
    """As the values are read: logical types that are no epochs come as text."""
    if field is None:
        return frozenset()
    if field.logical in _TEXTS and field.kinds & _RAW:
        return frozenset({Kind.STRING})
    return field.kinds - {Kind.NULL}


def column_of(path: str, kinds: frozenset[Kind]) -> ColumnType | None:
    """None where values are many of one record, or of several types, and where polars would take
    the path for a pattern of names."""
    if any(mark in path for mark in MARKS) or _is_pattern(path):
        return None
    return _TYPES.get(kinds)


def _is_pattern(path: str) -> bool:
    return path == "*" or (path.startswith("^") and path.endswith("$"))


def _without_parents(columns: dict[str, ColumnType]) -> None:
    """A path that is above another one holds an object, whatever a rule says of it."""
    for path in list(columns):
        if any(other.startswith(f"{path}.") for other in columns):
            del columns[path]


def root_of(path: str) -> str:
    """The field of the record in which the path lies."""
    return path.replace("[]", ".[]").split(".")[0]
