"""Examples for the OpenAPI document, made of real models; they stand for no real product."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from core.approval import Approval, ApprovalStatus, Decision, Step, StepStatus, Verdict
from core.cost.estimate import CostEstimate, CostItem
from core.impact import impact_of
from core.plan import Compatibility, Plan, PlanKind, ProductPlan, SchemaPlan, TopicPlan
from core.plan_diff import Existing
from core.quality.rule import Metric, QualityRule
from core.schema.model import Bounds, Field, Kind, Logical, Schema
from server.approvals.views import CallbackView, LinkView, approval_view, summary_view

_AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
_ID = "apr-3f9a1c2b7d4e"


def example_plan() -> Plan:
    return Plan(
        kind=PlanKind.CREATE,
        product=ProductPlan(
            id="example-scores",
            name="Example scores",
            description="A score for each payment.",
            owner="group:default/fraud-team",
            domain="fraud",
            tags=("fraud",),
        ),
        topic=TopicPlan(
            name="example.scores", partitions=6, replication=3, retention_ms=604_800_000
        ),
        schema_plan=SchemaPlan(
            subject="example.scores-value",
            compatibility=Compatibility.BACKWARD,
            value=_schema(),
            key="payment_id",
        ),
        rules=(
            QualityRule(
                id="score-range",
                metric=Metric.RANGE,
                field="score",
                minimum=0,
                maximum=1,
                reason="scores between 0 and 1",
            ),
        ),
        throughput=100.0,
        cost=_cost(),
    )


def _schema() -> Schema:
    fields = (
        Field("payment_id", frozenset({Kind.STRING}), logical=Logical.UUID),
        Field("score", frozenset({Kind.NUMBER}), bounds=Bounds(minimum=0, maximum=1)),
    )
    return Schema(Field("", frozenset({Kind.OBJECT}), children=fields), name="ExampleScore")


def _cost() -> CostEstimate:
    item = CostItem(
        name="partitions",
        formula="partitions x replication x price per partition and month",
        inputs={"partitions": "6", "replication": "3", "price": "0.10"},
        amount=Decimal("1.80"),
    )
    return CostEstimate(currency="USD", price_book="example 1", items=(item,))


def _approval(**more: Any) -> Approval:
    plan = example_plan()
    given: dict[str, Any] = {
        "id": _ID,
        "status": ApprovalStatus.PENDING,
        "plan": plan,
        "plan_hash": plan.hash,
        "requested_by": "user:default/jane",
        "thread_id": "generation-5c1f0d8b",
        "created_at": _AT,
        "expires_at": _AT + timedelta(hours=72),
    }
    return Approval(**{**given, **more})


def _decided() -> Approval:
    at = _AT + timedelta(hours=1)
    decision = Decision(
        verdict=Verdict.APPROVE,
        by="user:default/bob",
        via="api",
        comment="as discussed",
        at=at,
        plan_hash=example_plan().hash,
    )
    return _approval(
        status=ApprovalStatus.ACTIVE,
        decision=decision,
        impact=_IMPACT,
        steps=tuple(_step(name, at, result) for name, result in _RESULTS.items()),
        seconds=0.9,
    )


def _step(name: str, at: datetime, result: dict[str, Any]) -> Step:
    return Step(
        name=name,
        status=StepStatus.DONE,
        attempts=1,
        result=result,
        started_at=at,
        finished_at=at + timedelta(milliseconds=210),
    )


_RESULTS: dict[str, dict[str, Any]] = {
    "topic": {"topic": "example.scores", "partitions": 6},
    "schema": {"subject": "example.scores-value", "schema_id": 42, "version": 1},
    "product": {"product_id": "example-scores"},
    "rules": {"rules": 1},
}
_IMPACT = impact_of(example_plan(), Existing(None, None, None), _AT)
_VIEW = approval_view(_approval(), _IMPACT)

SUMMARY: dict[str, Any] = summary_view(_approval()).model_dump(mode="json")
APPROVAL: dict[str, Any] = _VIEW.model_dump(mode="json")
DECIDED: dict[str, Any] = approval_view(_decided(), _IMPACT).model_dump(mode="json")
LINK: dict[str, Any] = LinkView(
    approval=_VIEW, expires_at=_AT + timedelta(hours=24), decider=None
).model_dump(mode="json")
CALLBACK: dict[str, Any] = CallbackView(
    url="http://127.0.0.1:8004/approvals/callback/apr-3f9a1c2b7d4e.5f...",
    token="apr-3f9a1c2b7d4e.5f...",  # noqa: S106 (no token: cut off)
    expires_at=_AT + timedelta(hours=24),
    decider=None,
).model_dump(mode="json")
