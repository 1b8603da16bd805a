"""A quality rule: what must hold of a field or of a stream, as data."""

from __future__ import annotations

import re
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field, model_validator


class Metric(StrEnum):
    """What a rule measures."""

    REQUIRED = "required"
    RANGE = "range"
    ENUM = "enum"
    PATTERN = "pattern"
    UNIQUE = "unique"
    TIMELINESS = "timeliness"
    """Event time against the broker's time, per record."""
    FRESHNESS = "freshness"
    """How long ago the last record came."""


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
    Metric.RANGE: Dimension.VALIDITY,
    Metric.ENUM: Dimension.VALIDITY,
    Metric.PATTERN: Dimension.VALIDITY,
    Metric.UNIQUE: Dimension.UNIQUENESS,
    Metric.TIMELINESS: Dimension.TIMELINESS,
    Metric.FRESHNESS: Dimension.TIMELINESS,
}


class QualityRule(BaseModel):
    """`id` is a slug within its product; `field` a path (`a.b`, `a[].b`), None for the stream.

    Bounds are inclusive unless `exclusive_*` says otherwise; at least one is given for a range.
    `reason` says where the rule comes from, such as the words of a description.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    id: str = Field(pattern=r"^[a-z0-9][a-z0-9_.-]{0,99}$")
    metric: Metric
    field: str | None = None
    minimum: float | int | None = None
    maximum: float | int | None = None
    exclusive_minimum: bool = False
    exclusive_maximum: bool = False
    values: tuple[str | int, ...] = ()
    pattern: str | None = None
    max_delay_ms: int | None = Field(default=None, gt=0)
    severity: Severity = Severity.ERROR
    reason: str = Field(min_length=1, max_length=300)

    @property
    def dimension(self) -> Dimension:
        return DIMENSIONS[self.metric]

    @model_validator(mode="after")
    def _complete(self) -> QualityRule:
        missing = {
            Metric.RANGE: self.minimum is None and self.maximum is None and "a bound",
            Metric.ENUM: not self.values and "its values",
            Metric.PATTERN: self.pattern is None and "a pattern",
            Metric.TIMELINESS: self.max_delay_ms is None and "max_delay_ms",
            Metric.FRESHNESS: self.max_delay_ms is None and "max_delay_ms",
        }.get(self.metric)
        if missing:
            raise ValueError(f"the {self.metric.value} rule {self.id} needs {missing}")
        if self.field is None and self.metric is not Metric.FRESHNESS:
            raise ValueError(f"the {self.metric.value} rule {self.id} needs a field")
        if self.pattern is not None:
            _compiled(self.id, self.pattern)
        bounds = (self.minimum, self.maximum)
        if None not in bounds and bounds[0] > bounds[1]:  # type: ignore[operator]
            raise ValueError(f"the rule {self.id} has a minimum above its maximum")
        return self


def _compiled(rule: str, pattern: str) -> None:
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"the pattern of the rule {rule} is none: {error}") from error
