"""A plan to begin from, and small changes of it."""

from __future__ import annotations

from typing import Any

from core.plan import Compatibility, Plan, PlanKind, ProductPlan, SchemaPlan, TopicPlan
from core.quality.rule import Metric, QualityRule
from core.schema.model import Bounds, Field, Kind, Logical, Schema

TEXT = frozenset({Kind.STRING})


def text(name: str, **more: Any) -> Field:
    return Field(name, TEXT, **more)


SCORES = (
    text("score_id", logical=Logical.UUID, doc="Identifies the score."),
    text("scored_at", logical=Logical.DATE_TIME),
    Field("score", frozenset({Kind.NUMBER}), bounds=Bounds(0, 1)),
    text("decision", enum=("allow", "review", "block")),
    Field("reasons", frozenset({Kind.ARRAY}), True, (text("[]"),)),
    text("analyst_email", optional=True, logical=Logical.EMAIL),
)


def schema_of(*fields: Field) -> Schema:
    return Schema(Field("", frozenset({Kind.OBJECT}), children=fields), name="FraudScore")


def rule(metric: Metric, field: str | None, **more: Any) -> QualityRule:
    name = (field or "stream").replace("[]", "items")
    given = {"id": f"{name}-{metric.value}", "metric": metric, "field": field, "reason": "asked"}
    return QualityRule.model_validate({**given, **more})


def plan(
    fields: tuple[Field, ...] = SCORES,
    rules: tuple[QualityRule, ...] = (),
    kind: PlanKind = PlanKind.CREATE,
    **topic: Any,
) -> Plan:
    given = {"name": "risk.fraud-scores.v1", "partitions": 6, "replication": 1}
    return Plan(
        kind=kind,
        product=ProductPlan(
            id="fraud-scores",
            name="Fraud scores",
            description="A score for each payment.",
            owner="group:default/fraud-team",
            domain="risk",
        ),
        topic=TopicPlan.model_validate({**given, "retention_ms": 86_400_000, **topic}),
        schema_plan=SchemaPlan(
            subject="risk.fraud-scores.v1-value",
            compatibility=Compatibility.BACKWARD,
            value=schema_of(*fields),
            key="score_id" if fields is SCORES else None,
            event_time="scored_at" if fields is SCORES else None,
        ),
        rules=rules,
    )


def with_schema(given: Plan, **more: Any) -> Plan:
    return given.model_copy(update={"schema_plan": given.schema_plan.model_copy(update=more)})
