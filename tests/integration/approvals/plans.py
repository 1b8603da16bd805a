"""A plan to decide on."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from core.cost.estimate import CostEstimate, CostItem
from core.plan import (
    CleanupPolicy,
    Compatibility,
    Plan,
    PlanKind,
    ProductPlan,
    SchemaPlan,
    TopicPlan,
)
from core.quality.rule import Metric, QualityRule
from core.schema.model import Bounds, Field, Kind, Logical, Schema


def field(name: str, kind: Kind, **more: Any) -> Field:
    return Field(name=name, kinds=frozenset({kind}), **more)


def scores() -> Schema:
    fields = (
        field("transaction_id", Kind.STRING, logical=Logical.UUID, doc="Which transaction."),
        field("score", Kind.NUMBER, bounds=Bounds(minimum=0.0, maximum=1e16)),
        field("scored_at", Kind.INTEGER, logical=Logical.EPOCH_MILLIS),
        field("email", Kind.STRING, optional=True, tags=frozenset({"personal"})),
    )
    root = Field(name="", kinds=frozenset({Kind.OBJECT}), children=fields)
    return Schema(root=root, name="FraudScore", namespace="fraud")


def cost_of(partitions: int) -> CostEstimate:
    item = CostItem(
        name="partitions",
        formula="partitions x rate",
        inputs={"partitions": str(partitions), "rate": "0.50 USD"},
        amount=Decimal(partitions) / 2,
    )
    return CostEstimate(currency="USD", price_book="test 1", items=(item,))


def a_plan(topic: str = "fraud.scores.v1", **more: Any) -> Plan:
    given: dict[str, Any] = {
        "kind": PlanKind.CREATE,
        "product": ProductPlan(
            id="fraud-scores",
            name="Fraud scores",
            description="A score for each card payment.",
            owner="group:default/fraud-team",
            domain="fraud",
        ),
        "topic": TopicPlan(
            name=topic,
            partitions=6,
            replication=1,
            retention_ms=604_800_000,
            cleanup=CleanupPolicy.DELETE,
        ),
        "schema_plan": SchemaPlan(
            subject=f"{topic}-value",
            compatibility=Compatibility.BACKWARD,
            value=scores(),
            key="transaction_id",
            event_time="scored_at",
            sensitive=("email",),
        ),
        "rules": (
            QualityRule(
                id="score-range",
                metric=Metric.RANGE,
                field="score",
                minimum=0,
                maximum=1,
                reason="scores between 0 and 1",
            ),
        ),
        "throughput": 1e16,
        "cost": cost_of(6),
    }
    return Plan(**{**given, **more})
