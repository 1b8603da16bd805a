"""Examples for the OpenAPI document, made of real models; they stand for no real product."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from core.access import Operation
from core.approval import Approval, ApprovalStatus
from core.grant import GrantPlan
from core.grant_life import Grant, GrantStatus, grant_id_of
from core.impact import impact_of
from core.plan import PlanKind
from core.plan_diff import Existing
from server.approvals.examples import example_plan
from server.approvals.views import approval_view
from server.grants.views import grant_view, request_detail, request_view

_AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
_ID = "apr-5d0a7c41be92"

REQUEST: dict[str, Any] = {
    "team": "payments",
    "purpose": "Hold back payments that are likely fraud.",
    "operations": ["read"],
    "group": "payments.holds",
    "until": "2026-07-01T00:00:00Z",
}


def _asked() -> GrantPlan:
    return GrantPlan(
        team="group:default/payments",
        principal="User:payments",
        topics=("example.scores",),
        operations=(Operation.READ,),
        group="payments.holds",
        purpose=REQUEST["purpose"],
        until=datetime(2026, 7, 1, tzinfo=UTC),
    )


def _approval() -> Approval:
    plan = example_plan().model_copy(
        update={"kind": PlanKind.ACCESS, "grant": _asked(), "cost": None, "rules": ()}
    )
    return Approval(
        id=_ID,
        status=ApprovalStatus.PENDING,
        plan=plan,
        plan_hash=plan.hash,
        requested_by="user:default/joe",
        thread_id="access-5c1f0d8b",
        created_at=_AT,
        expires_at=_AT + timedelta(hours=72),
    )


def _grant() -> Grant:
    return Grant(
        id=grant_id_of(_ID),
        approval_id=_ID,
        cluster="default",
        product_id="example-scores",
        plan=_asked(),
        status=GrantStatus.ACTIVE,
        requested_by="user:default/joe",
        approved_by="user:default/bob",
        own=_asked().permissions,
        created_at=_AT + timedelta(hours=1),
        granted_at=_AT + timedelta(hours=1, seconds=1),
    )


_SHOWN = _approval()
_VIEW = approval_view(_SHOWN, impact_of(_SHOWN.plan, Existing(None, None, None), _AT))

VIEW: dict[str, Any] = request_view(_SHOWN).model_dump(mode="json")
DETAIL: dict[str, Any] = request_detail(_SHOWN, _VIEW).model_dump(mode="json")
GRANT: dict[str, Any] = grant_view(_grant(), _AT + timedelta(days=1)).model_dump(mode="json")
