"""How good a topic's records were in a stretch of time, by what was counted of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from pydantic import BaseModel, ConfigDict

from core.alerts.finding import Position
from core.quality.implied import SHAPE
from core.quality.rule import Dimension, QualityRule, Severity
from core.quality.summary import Basis
from core.quality.watch import key_of
from core.quality.window import Spot, Window


class RuleScore(BaseModel):
    """`broken` of `checked` records broke the rule; `share` is what kept it. `positions` are some
    of those that did not. Rules on the stream as a whole have no counts."""

    model_config = ConfigDict(frozen=True)
    rule: QualityRule
    dimension: Dimension
    broken: int | None
    checked: int | None
    share: float | None
    positions: tuple[Position, ...] = ()


class Slice(BaseModel):
    """A part of the stretch: a minute or an hour."""

    model_config = ConfigDict(frozen=True)
    start: datetime
    minutes: int
    records: int
    bad: int


class Score(BaseModel):
    """`score` = 1 - bad / records, of the records that were looked at: `bad` ones break at least
    one rule of error severity, or cannot be decoded. `sampled` is the share that was looked at;
    what was `skipped` is not in `records`. `dimensions` are the shares of records that break no
    error rule of that kind; only kinds that some rule is of are told. `newest` is the broker's time
    of the newest record, `updated_at` is when counts were last written, `lag` how many records
    wait to be counted.
    """

    model_config = ConfigDict(frozen=True)
    source: str
    since: datetime
    until: datetime
    basis: Basis
    score: float | None
    records: int
    bad: int
    skipped: int
    sampled: float | None
    unread: dict[str, int]
    tombstones: int
    dimensions: dict[Dimension, float]
    rules: tuple[RuleScore, ...]
    previous: float | None = None
    """The score of the stretch before, of the same length."""
    history: tuple[Slice, ...] = ()
    newest: datetime | None = None
    updated_at: datetime | None = None
    lag: int | None = None

    @property
    def watched(self) -> bool:
        """Whether anything was counted of it, ever."""
        return self.updated_at is not None


def rule_scores(window: Window, rules: Iterable[QualityRule]) -> tuple[RuleScore, ...]:
    """Those that were broken most come first."""
    found = [_rule_score(window, rule) for rule in rules]
    return tuple(sorted(found, key=lambda one: (-(one.broken or 0), one.rule.id)))


def dimensions(window: Window, rules: Sequence[QualityRule]) -> dict[Dimension, float]:
    """By the error rules that there are; that messages can be decoded is always held against
    validity."""
    if not window.records:
        return {}
    told = {rule.dimension for rule in rules if rule.per_record and _counts(rule)}
    return {
        dimension: 1 - window.bad_by[dimension.value] / window.records
        for dimension in Dimension
        if dimension in told or window.bad_by[dimension.value]
    }


def basis_of(rules: Sequence[QualityRule], *, contract: bool) -> Basis:
    """`contract` where a product's contract has rules on the topic."""
    per_record = [rule for rule in rules if rule.per_record and rule != SHAPE]
    if contract:
        return Basis.CONTRACT
    if any(not rule.inferred for rule in per_record):
        return Basis.STATED
    return Basis.INFERRED if per_record else Basis.NONE


def _counts(rule: QualityRule) -> bool:
    return rule.severity is Severity.ERROR


def _rule_score(window: Window, rule: QualityRule) -> RuleScore:
    if not rule.per_record:
        return RuleScore(rule=rule, dimension=rule.dimension, broken=None, checked=None, share=None)
    key = key_of(rule)
    broken = window.broken[key]
    # A rule that did not see all records counted those it saw; of the others all were seen.
    checked = window.checked[key] or window.records - window.tombstones
    return RuleScore(
        rule=rule,
        dimension=rule.dimension,
        broken=broken,
        checked=checked,
        share=1 - broken / checked if checked else None,
        positions=positions_of(window.positions.get(key, ())),
    )


def positions_of(spots: Iterable[Spot]) -> tuple[Position, ...]:
    """As they are told of."""
    return tuple(
        Position(partition=partition, offset=offset, excerpt=excerpt)
        for partition, offset, excerpt in spots
    )
