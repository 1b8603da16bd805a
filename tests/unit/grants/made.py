"""Grants and plans of access that differ only where a test says so."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from core.access import Operation
from core.grant import GrantPlan
from core.grant_life import Grant, GrantStatus
from core.plan import Plan, PlanKind
from tests.unit.plans.plans import plan

AT = datetime(2027, 1, 1, tzinfo=UTC)


def asked(**more: Any) -> GrantPlan:
    given: dict[str, Any] = {
        "team": "group:default/payments",
        "principal": "User:payments",
        "topics": ("fraud.scores",),
        "operations": (Operation.READ,),
        "group": "payments.holds",
        "purpose": "Hold back payments that are likely fraud.",
        "until": datetime(2027, 3, 31, tzinfo=UTC),
    }
    return GrantPlan(**{**given, **more})


def access_to(grant: GrantPlan | None = None) -> Plan:
    return Plan(**{**dict(plan()), "kind": PlanKind.ACCESS, "grant": grant or asked()})


def grant(name: str, status: GrantStatus = GrantStatus.ACTIVE, **more: Any) -> Grant:
    given: dict[str, Any] = {
        "id": name,
        "approval_id": name.replace("gr-", "apr-"),
        "cluster": "default",
        "product_id": "fraud-scores",
        "plan": asked(),
        "status": status,
        "requested_by": "user:default/joe",
        "approved_by": "user:default/ann",
        "own": asked().permissions,
        "created_at": AT,
    }
    return Grant(**{**given, **more})
