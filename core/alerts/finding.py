"""What a look at a source's figures says of one rule, or of one series: broken, or it holds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from core.quality.rule import Dimension, Metric, Severity


class FindingKind(StrEnum):
    """What opened it."""

    RULE = "rule"
    ANOMALY = "anomaly"
    """A series that is far from what it usually is: volume."""
    DRIFT = "drift"
    """Values, nulls or the schema are others than they were."""
    FRESHNESS = "freshness"
    LAG = "lag"


class Position(BaseModel):
    """Where a record lies that broke a rule; `excerpt` is the value's redacted shape."""

    model_config = ConfigDict(frozen=True)
    partition: int
    offset: int
    excerpt: str = ""


class Finding(BaseModel):
    """`since` is the time of the first record (or missing record) that it is about, by the broker's
    clock; `figures` are what was measured, with the names that `told` cites; `told` one sentence
    without values of records. `schema_ids` are those that came in with it, if any did. `inferred`:
    the rule was inferred from the stream and stated by nobody.
    """

    model_config = ConfigDict(frozen=True)
    source: str
    rule_id: str
    metric: Metric
    kind: FindingKind
    field: str | None = None
    dimension: Dimension
    severity: Severity
    broken: bool
    since: datetime
    at: datetime
    figures: Mapping[str, float] = {}
    told: str = ""
    positions: tuple[Position, ...] = ()
    schema_ids: tuple[str, ...] = ()
    inferred: bool = False
