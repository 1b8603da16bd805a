"""Plans for tests: small, complete and different only where a test says so."""

from __future__ import annotations

from typing import Any

from core.access import owner_access
from core.plan import Compatibility, Plan, PlanKind, ProductPlan, SchemaPlan, TopicPlan
from core.quality.rule import Metric, QualityRule
from core.schema.model import Field, Kind, Logical, Schema

STRING, NUMBER = frozenset({Kind.STRING}), frozenset({Kind.NUMBER})

SCORES = Schema(
    root=Field(
        "",
        frozenset({Kind.OBJECT}),
        children=(
            Field("transaction_id", STRING, doc="The transaction that was scored."),
            Field("score", NUMBER, doc="From 0, harmless, to 1, fraud."),
            Field("scored_at", STRING, logical=Logical.DATE_TIME),
        ),
    ),
    name="FraudScore",
)


FRAUD_TEAM = owner_access("group:default/fraud-team", "User:{team}")
"""What the owner of these plans gets where a test wants it to."""


def topic_plan(name: str, **more: Any) -> TopicPlan:
    return TopicPlan(
        **{"name": name, "partitions": 2, "replication": 1, "retention_ms": 86_400_000, **more}
    )


def plan_of(name: str, **more: Any) -> Plan:
    """A plan for the topic `name` with two rules; its product's id is made of the name."""
    rules = (
        QualityRule(
            id="score-range",
            metric=Metric.RANGE,
            field="score",
            minimum=0,
            maximum=1,
            reason="scores between 0 and 1",
        ),
        QualityRule(
            id="transaction-id-required",
            metric=Metric.REQUIRED,
            field="transaction_id",
            reason="every score is about a transaction",
        ),
    )
    product = ProductPlan(
        id=name.replace(".", "-"),
        name=name,
        description="Scores of card payments.",
        owner="group:default/fraud-team",
        domain="risk",
    )
    made = {
        "kind": PlanKind.CREATE,
        "product": product,
        "topic": topic_plan(name),
        "schema_plan": SchemaPlan(
            subject=f"{name}-value",
            compatibility=Compatibility.FULL,
            value=SCORES,
            key="transaction_id",
            event_time="scored_at",
        ),
        "rules": rules,
    }
    return Plan(**{**made, **more})
