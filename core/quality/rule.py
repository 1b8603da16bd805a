"""A quality rule: what must hold of a field, of a record or of a stream, as data."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)

from core.quality.expression import BadExpressionError, parsed
from core.quality.formats import is_checked
from core.quality.pattern import refusal
from core.quality.threshold import NONE, Threshold, Unit
from core.schema.model import Kind, Logical

HOUR_MS = 3_600_000

Listed = bool | int | float | str
"""A value that a rule lists."""


class Metric(StrEnum):
    """What a rule measures: the first of each record, those after ORDER of the stream."""

    REQUIRED = "required"
    MISSING = "missing"
    """A value that stands for none, such as an empty text."""
    TYPE = "type"
    RANGE = "range"
    ENUM = "enum"
    PATTERN = "pattern"
    FORMAT = "format"
    SPELLING = "spelling"
    """No near miss of a usual value; learnt, and held against what was learnt."""
    DEPENDENCY = "dependency"
    """What another field of the record says that it is; learnt likewise."""
    COMPARE = "compare"
    """An expression over fields."""
    CONFORMITY = "conformity"
    """The record can be decoded, and has the shape of its schema."""
    UNIQUE = "unique"
    TIMELINESS = "timeliness"
    """Event time against the broker's time, per record."""
    ORDER = "order"
    """Of one key, the event time never goes back."""
    FRESHNESS = "freshness"
    """How long ago the last record came."""
    ROWS = "rows"
    """How many records came in the window."""
    VOLUME = "volume"
    """How many came, against what is usual at such a time."""
    SCHEMA_DRIFT = "schema_drift"
    DISTRIBUTION = "distribution"
    """The values of a field, against those that it had."""
    NULL_RATE = "null_rate"
    """The share of nulls of a field, against what it was."""
    DEAD_LETTERS = "dead_letters"
    """Records arriving in a dead-letter topic."""
    LAG = "lag"
    """What a consumer group has before it."""


PER_RECORD = frozenset(
    {
        Metric.REQUIRED, Metric.MISSING, Metric.TYPE, Metric.RANGE, Metric.ENUM, Metric.PATTERN,
        Metric.FORMAT, Metric.SPELLING, Metric.DEPENDENCY, Metric.COMPARE, Metric.CONFORMITY,
        Metric.UNIQUE, Metric.TIMELINESS, Metric.ORDER,
    }
)  # fmt: skip
"""Rules that a single record keeps or breaks; the score counts these alone."""

_OF_A_FIELD = PER_RECORD - {Metric.COMPARE, Metric.CONFORMITY, Metric.UNIQUE} | {
    Metric.DISTRIBUTION, Metric.NULL_RATE,
}  # fmt: skip


class Dimension(StrEnum):
    COMPLETENESS = "completeness"
    VALIDITY = "validity"
    UNIQUENESS = "uniqueness"
    TIMELINESS = "timeliness"
    CONSISTENCY = "consistency"


class Severity(StrEnum):
    """A record that breaks an error rule counts as bad; a warning is told and no more."""

    ERROR = "error"
    WARNING = "warning"


DIMENSIONS = {
    Metric.REQUIRED: Dimension.COMPLETENESS,
    Metric.MISSING: Dimension.COMPLETENESS,
    Metric.TYPE: Dimension.VALIDITY,
    Metric.RANGE: Dimension.VALIDITY,
    Metric.ENUM: Dimension.VALIDITY,
    Metric.PATTERN: Dimension.VALIDITY,
    Metric.FORMAT: Dimension.VALIDITY,
    Metric.CONFORMITY: Dimension.VALIDITY,
    Metric.SPELLING: Dimension.VALIDITY,
    Metric.DEPENDENCY: Dimension.CONSISTENCY,
    Metric.COMPARE: Dimension.CONSISTENCY,
    Metric.UNIQUE: Dimension.UNIQUENESS,
    Metric.TIMELINESS: Dimension.TIMELINESS,
    Metric.ORDER: Dimension.CONSISTENCY,
    Metric.FRESHNESS: Dimension.TIMELINESS,
    Metric.ROWS: Dimension.COMPLETENESS,
    Metric.VOLUME: Dimension.COMPLETENESS,
    Metric.SCHEMA_DRIFT: Dimension.CONSISTENCY,
    Metric.DISTRIBUTION: Dimension.CONSISTENCY,
    Metric.NULL_RATE: Dimension.COMPLETENESS,
    Metric.DEAD_LETTERS: Dimension.VALIDITY,
    Metric.LAG: Dimension.TIMELINESS,
}


class QualityRule(BaseModel):
    """`id` is a slug within its product or topic; `field` a path (`a.b`, `a[].b`), None for the
    record or the stream. `fields` are those that are unique together. With `or_null` a null too
    stands for a missing value. `counts_as` is the dimension that somebody put the rule under where
    it is not the metric's own.

    Bounds are inclusive unless `exclusive_*` says otherwise; at least one is given for a range.
    `threshold` is how many records of a `window_ms` may break it (for rows: how many there must
    be); None allows none, which "exactly 0" says as well, and is alerted
    on where they become more than they were. `max_ahead_ms` is how far an event may lie in the
    broker's future. `reason` says where the rule comes from, such as the words of a description;
    `inferred` that the stream itself taught it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    id: str = Field(pattern=r"^[a-z0-9][a-z0-9_.-]{0,99}$")
    metric: Metric
    counts_as: Dimension | None = None
    field: str | None = None
    fields: tuple[str, ...] = ()
    minimum: float | int | None = None
    maximum: float | int | None = None
    exclusive_minimum: bool = False
    exclusive_maximum: bool = False
    values: tuple[Listed, ...] = ()
    or_null: bool = False
    pattern: str | None = None
    kinds: tuple[Kind, ...] = ()
    format: Logical | None = None
    expression: str | None = None
    max_delay_ms: int | None = Field(default=None, gt=0)
    max_ahead_ms: int | None = Field(default=None, ge=0)
    max_lag: int | None = Field(default=None, ge=0)
    threshold: Threshold | None = None
    window_ms: int = Field(default=HOUR_MS, ge=10_000, le=7 * 24 * HOUR_MS)
    severity: Severity = Severity.ERROR
    inferred: bool = False
    reason: str = Field(min_length=1, max_length=300)
    hidden: bool = Field(default=False, exclude_if=lambda value: not value)
    """Shown without what it allows, to somebody who may not know: no rule that is watched."""

    @property
    def dimension(self) -> Dimension:
        return self.counts_as or DIMENSIONS[self.metric]

    @property
    def per_record(self) -> bool:
        return self.metric in PER_RECORD

    @field_validator("counts_as")
    @classmethod
    def _other(cls, value: Dimension | None, told: ValidationInfo) -> Dimension | None:
        return None if value is DIMENSIONS.get(told.data.get("metric")) else value  # type: ignore[arg-type]

    @field_validator("threshold")
    @classmethod
    def _some(cls, value: Threshold | None, told: ValidationInfo) -> Threshold | None:
        allows_none = value in NONE and told.data.get("metric") is not Metric.ROWS
        return None if allows_none else value

    @model_validator(mode="after")
    def _complete(self) -> QualityRule:
        if self.hidden:
            return self
        missing = {
            Metric.MISSING: not (self.values or self.or_null) and "the values that stand for none",
            Metric.TYPE: not self.kinds and "its kinds",
            Metric.RANGE: self.minimum is None and self.maximum is None and "a bound",
            Metric.ENUM: not self.values and "its values",
            Metric.PATTERN: self.pattern is None and "a pattern",
            Metric.FORMAT: not is_checked(self.format) and "a format that can be told from a value",
            Metric.COMPARE: self.expression is None and "an expression",
            Metric.UNIQUE: _unnamed(self.field, self.fields),
            Metric.TIMELINESS: self.max_delay_ms is None and "max_delay_ms",
            Metric.FRESHNESS: self.max_delay_ms is None and "max_delay_ms",
            Metric.ROWS: _uncounted(self.threshold),
            Metric.LAG: self.max_lag is None and "max_lag",
        }.get(self.metric)
        if missing:
            raise ValueError(f"the {self.metric.value} rule {self.id} needs {missing}")
        if self.field is None and self.metric in _OF_A_FIELD:
            raise ValueError(f"the {self.metric.value} rule {self.id} needs a field")
        if self.fields and self.metric is not Metric.UNIQUE:
            raise ValueError(f"the {self.metric.value} rule {self.id} is of one field, not several")
        if self.pattern is not None:
            _compiled(self.id, self.pattern)
        if self.expression is not None:
            _read(self.id, self.expression)
        bounds = (self.minimum, self.maximum)
        if None not in bounds and bounds[0] > bounds[1]:  # type: ignore[operator]
            raise ValueError(f"the rule {self.id} has a minimum above its maximum")
        return self


def _unnamed(field: str | None, fields: tuple[str, ...]) -> str | None:
    if field is None and len(set(fields)) < 2:
        return "a field, or two or more different fields that are unique together"
    return "either a field or fields, not both" if field is not None and fields else None


def _uncounted(threshold: Threshold | None) -> str | None:
    if threshold is None:
        return "how many rows there must be"
    share = threshold.unit is Unit.PERCENT
    return "a number of rows: of themselves they are always 100 percent" if share else None


def readable(stored: Iterable[object]) -> tuple[QualityRule, ...]:
    """Rules out of their JSON; one of a form that this version does not know is passed over."""
    return tuple(rule for told in stored if (rule := _readable(told)) is not None)


def _readable(told: object) -> QualityRule | None:
    try:
        return QualityRule.model_validate(told)
    except ValidationError:
        return None


def _compiled(rule: str, pattern: str) -> None:
    """What Python alone takes may have been stored once; no message is held against it."""
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        if wrong := refusal(pattern):
            raise ValueError(f"the pattern of the rule {rule} cannot be used: {wrong}") from error


def _read(rule: str, expression: str) -> None:
    try:
        parsed(expression)
    except BadExpressionError as error:
        raise ValueError(f"the expression of the rule {rule} cannot be used: {error}") from error
