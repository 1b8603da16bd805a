"""Examples of keys and of audit entries for the API's description."""

from __future__ import annotations

from typing import Any

KEY: dict[str, Any] = {
    "id": "0123456789",
    "name": "nightly export",
    "principal": "user:default/jane",
    "roles": ["owner"],
    "teams": ["group:default/fraud-team"],
    "status": "active",
    "made_by": "user:default/jane",
    "made_at": "2026-01-02T04:00:00Z",
    "expires_at": "2026-04-02T04:00:00Z",
    "rotated_at": None,
    "overlap_until": None,
    "revoked_at": None,
    "revoked_by": None,
    "last_used_at": "2026-01-03T02:00:00Z",
}

ISSUED: dict[str, Any] = {
    "key": {**KEY, "last_used_at": None},
    "secret": "hw_0123456789_...",
}

ROTATED: dict[str, Any] = {
    "key": {
        **KEY,
        "rotated_at": "2026-01-03T04:00:00Z",
        "overlap_until": "2026-01-04T04:00:00Z",
    },
    "secret": "hw_0123456789_...",
}

REVOKED: dict[str, Any] = {
    **KEY,
    "status": "revoked",
    "revoked_at": "2026-01-03T04:00:00Z",
    "revoked_by": "user:default/jane",
}

WHO: dict[str, Any] = {
    "principal": "user:default/jane",
    "authenticated": True,
    "roles": ["owner"],
    "teams": ["group:default/fraud-team"],
    "key_id": "0123456789",
}

ENTRY: dict[str, Any] = {
    "id": 12,
    "at": "2026-01-02T04:00:00Z",
    "actor": "user:default/jane",
    "action": "rule.put",
    "target": "rule:default/supplier-events/rating-range",
    "before": None,
    "after": {"metric": "range", "field": "rating", "minimum": 1, "maximum": 5},
    "request_id": "5c1f0d8b",
}
