"""The quality of one source in a line: what lists and search hits carry."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

GOOD, FAIR = 0.95, 0.8
"""From where on a score is shown as good, and as fair."""


class Basis(StrEnum):
    """Whose rules the records were put to."""

    CONTRACT = "contract"
    STATED = "stated rules"
    INFERRED = "inferred rules"
    NONE = "no rules"


def share_good(records: int, bad: int) -> float | None:
    """Of the records that were looked at; None of none."""
    return None if not records else 1 - bad / records


class QualitySummary(BaseModel):
    """The score of the last 24 hours and what it rests on; `previous` is that of the 24 hours
    before. `score` is null where no record was counted."""

    model_config = ConfigDict(frozen=True)
    source: str
    score: float | None
    previous: float | None
    records: int
    bad: int
    sampled: float | None
    basis: Basis
    updated_at: datetime | None
    lag: int | None


class LiveQuality(BaseModel):
    """What is counted now. `score` is of the last five minutes, by the broker's clock;
    `records_per_second` of the last minute or two, those that were not looked at among them.
    `trend` has the scores of the last half hour in slices of three minutes, oldest first; null
    where no record came."""

    model_config = ConfigDict(frozen=True)
    source: str
    score: float | None
    records: int
    bad: int
    records_per_second: float
    sampled: float | None
    lag: int | None
    updated_at: datetime | None
    trend: tuple[float | None, ...] = ()
    alerts: int = 0
    """That stand."""


def worst_first(found: QualitySummary) -> tuple[bool, float, int, str]:
    """A key to sort by: the lowest score first, of equal ones that of more records, and what has
    no score last."""
    score = found.score
    return (score is None, 1.0 if score is None else score, -found.records, found.source)
