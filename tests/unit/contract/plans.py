"""A plan that uses every part of the schema model and of the rules."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from core.cost.estimate import CostEstimate, CostItem
from core.plan import Plan
from core.quality.rule import QualityRule
from core.schema.model import Bounds, Field, Kind, Logical, Schema

TOPIC = "risk.fraud-scores.v1"


def field(name: str, kinds: str, **more: Any) -> Field:
    """A field; kinds are given in words: `string null`."""
    return Field(name, frozenset(map(Kind, kinds.split())), **more)


def rule(name: str, metric: str, path: str | None = None, **more: Any) -> QualityRule:
    facts = {"id": name, "metric": metric, "field": path, "reason": "the description says so"}
    return QualityRule.model_validate({**facts, **more})


SCHEMA = Schema(
    field(
        "",
        "object",
        children=(
            field("transaction_id", "string", logical=Logical.UUID, doc="Which transaction."),
            field("score", "number", bounds=Bounds(minimum=0, maximum=1), doc="0 to 1."),
            field("level", "string null", optional=True, enum=("low", "high")),
            field("email", "string", logical=Logical.EMAIL, tags=frozenset({"personal"})),
            field("scored_at", "integer", logical=Logical.EPOCH_MILLIS),
            field("born", "string", logical=Logical.DATE, optional=True),
            field("nullable", "string null"),
            field("amount", "bytes", logical=Logical.DECIMAL, bounds=Bounds(precision=12, scale=2)),
            field("code", "string", bounds=Bounds(pattern="^[A-Z]{3}$", max_length=3)),
            field(
                "lines",
                "array",
                children=(
                    field(
                        "[]",
                        "object",
                        children=(
                            field("sku", "string"),
                            field("count", "integer", optional=True),
                        ),
                    ),
                ),
            ),
            field("labels", "map", children=(field("*", "string"),)),
            field("place", "object", children=(field("country", "string"),)),
        ),
    ),
    name="FraudScore",
    namespace="risk.scores",
    doc="A fraud score of a transaction.",
)

RULES = (
    rule("score-range", "range", "score", minimum=0, maximum=1),
    rule("level-enum", "enum", "level", values=("low", "high")),
    rule("sku-pattern", "pattern", "lines[].sku", pattern="^A", severity="warning"),
    rule("country-required", "required", "place.country"),
    rule("transaction-unique", "unique", "transaction_id"),
    rule("scored-soon", "timeliness", "scored_at", max_delay_ms=100),
    rule("still-coming", "freshness", max_delay_ms=60_000),
)

COST = CostEstimate(
    currency="EUR",
    price_book="example 1",
    items=(CostItem(name="storage", formula="a × b", inputs={"a": "1"}, amount=Decimal("4.20")),),
)


def plan(**more: Any) -> Plan:
    facts: dict[str, Any] = {
        "kind": "create",
        "product": {
            "id": "fraud-scores",
            "name": "Fraud Scores",
            "description": "Scores of transactions.",
            "owner": "group:default/fraud-team",
            "domain": "risk",
            "tags": ("fraud", "real-time"),
        },
        "topic": {
            "name": TOPIC,
            "partitions": 3,
            "replication": 1,
            "retention_ms": 7 * 365 * 86_400_000,
        },
        "schema_plan": {
            "subject": f"{TOPIC}-value",
            "compatibility": "BACKWARD",
            "value": SCHEMA,
            "key": "transaction_id",
            "event_time": "scored_at",
            "sensitive": ("email",),
        },
        "rules": RULES,
        "latency_ms": 100,
        "throughput": 12.5,
        "cost": COST,
        "inputs": ("payments",),
    }
    return Plan.model_validate({**facts, **more})
