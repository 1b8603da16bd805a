"""Quality rules that a discovered topic keeps already: what its profile bears out."""

from __future__ import annotations

import re
from collections.abc import Iterator

from core.promotion_fields import attribute_of, certain
from core.quality.rule import Metric, QualityRule, Severity
from core.schema.model import Evidence, Field, Kind, Schema

ENOUGH = 30
"""A field that was seen less often bears nothing out."""

MOST = 60
"""Rules of one product, the first fields first."""

_NUMBERS = frozenset({Kind.INTEGER, Kind.NUMBER})
_LONGEST_ID = 90


def rules_of(schema: Schema, *, registered: bool) -> tuple[QualityRule, ...]:
    """Required where always there; enums; ranges as warnings, since they were only observed.

    An enum of a `registered` schema is a promise, one that was inferred an observation.
    """
    rules: dict[str, QualityRule] = {}
    for path, place in certain(schema):
        seen = place.evidence
        if seen is None or seen.seen < ENOUGH:
            continue
        for rule in (
            *_required(path, seen),
            *_enum(path, place, seen, registered=registered),
            *_range(path, place, seen),
        ):
            rules.setdefault(rule.id, rule)
    return tuple(rules.values())[:MOST]


def _required(path: str, seen: Evidence) -> Iterator[QualityRule]:
    if seen.seen == seen.parents and not seen.null:
        yield QualityRule(
            id=_id(path, "required"),
            metric=Metric.REQUIRED,
            field=path,
            reason=f"present in all {seen.seen:,} sampled messages",
        )


def _enum(path: str, place: Field, seen: Evidence, *, registered: bool) -> Iterator[QualityRule]:
    if not place.enum:
        return
    promise = "the registered schema allows these alone"
    observed = f"no other among {seen.seen:,} sampled values"
    yield QualityRule(
        id=_id(path, "values"),
        metric=Metric.ENUM,
        field=path,
        values=place.enum,
        severity=Severity.ERROR if registered else Severity.WARNING,
        reason=promise if registered else observed,
    )


def _range(path: str, place: Field, seen: Evidence) -> Iterator[QualityRule]:
    """The limits that such a number has by its meaning where all values keep them; else zero as
    the least. The extremes that happened to be sampled are no limits."""
    low, high = place.bounds.minimum, place.bounds.maximum
    plain = place.kinds <= _NUMBERS and place.logical is None and not place.enum
    if not plain or low is None or high is None:
        return
    known = attribute_of(place.name)
    if known is not None and known.kind == "identifier":
        return
    least, most = (known.minimum, known.maximum) if known else (None, None)
    if most is None or least is None or not (least <= low and high <= most):
        least, most = (0, None) if low >= 0 else (None, None)
    if least is None:
        return
    yield QualityRule(
        id=_id(path, "range"),
        metric=Metric.RANGE,
        field=path,
        minimum=least,
        maximum=most,
        severity=Severity.WARNING,
        reason=f"observed from {low:g} to {high:g} in {seen.seen:,} sampled values",
    )


def _id(path: str, what: str) -> str:
    plain = re.sub(r"[^a-z0-9_.-]+", "-", path.lower()).strip("-.")[:_LONGEST_ID]
    return f"{plain or 'field'}-{what}"
