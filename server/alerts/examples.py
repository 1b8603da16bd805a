"""Examples of alerts for the API's description."""

from __future__ import annotations

from typing import Any

ALERT: dict[str, Any] = {
    "id": 7,
    "cluster": "default",
    "source": "example-orders",
    "cause": "required-customer-id|customer_id|2026-01-02T04:00:00+00:00",
    "status": "open",
    "severity": "error",
    "title": "example-orders: `customer_id` is missing where it is required, since "
    "2026-01-02 04:00:00 UTC (owned by group:default/example-team)",
    "team": "group:default/example-team",
    "owner_guessed": False,
    "findings": [
        {
            "rule_id": "required-customer-id",
            "metric": "required",
            "kind": "rule",
            "field": "customer_id",
            "dimension": "completeness",
            "severity": "error",
            "inferred": True,
            "since": "2026-01-02T04:00:00Z",
            "at": "2026-01-02T04:01:00Z",
            "held_since": None,
            "withdrawn": False,
            "first": {"broken": 120, "of": 400},
            "last": {"broken": 12000, "of": 60000},
            "told": "`customer_id` is null in 12000 of 60000 records.",
            "positions": [{"partition": 0, "offset": 81234, "excerpt": "null"}],
            "schema_ids": [],
        }
    ],
    "since": "2026-01-02T04:00:00Z",
    "opened_at": "2026-01-02T04:00:05Z",
    "reopened_at": None,
    "updated_at": "2026-01-02T04:01:00Z",
    "acknowledged": None,
    "resolved": None,
    "muted": None,
    "reopened": 0,
    "transitions": 1,
    "actions": [
        {"name": "acknowledge", "method": "POST", "path": "/alerts/7/acknowledge"},
        {"name": "resolve", "method": "POST", "path": "/alerts/7/resolve"},
        {"name": "mute", "method": "POST", "path": "/alerts/7/mute"},
    ],
}

DETAIL: dict[str, Any] = {
    **ALERT,
    "events": [
        {
            "number": 1,
            "kind": "opened",
            "at": "2026-01-02T04:00:05Z",
            "by": None,
            "said": "Opened: `customer_id` is missing where it is required.",
            "told": True,
            "uid": "7f4b8f3e-31a7-5d0c-9b49-0e6a4a4f5d11",
            "published_at": "2026-01-02T04:00:06Z",
        }
    ],
    "deliveries": [
        {
            "id": 4,
            "notice_id": None,
            "alert_event_id": 12,
            "alert_id": 7,
            "channel": "email:team@example.com",
            "status": "sent",
            "attempts": 1,
            "next_at": "2026-01-02T04:01:10Z",
            "sent_at": "2026-01-02T04:00:11Z",
            "error": None,
        }
    ],
}

ACKNOWLEDGED: dict[str, Any] = {
    **ALERT,
    "status": "acknowledged",
    "acknowledged": {
        "by": "user:default/jane",
        "at": "2026-01-02T04:10:00Z",
        "comment": "We look into it.",
    },
}

RESOLVED: dict[str, Any] = {
    **ALERT,
    "status": "resolved",
    "resolved": {
        "by": "user:default/jane",
        "at": "2026-01-02T05:00:00Z",
        "reason": "The producer was rolled back.",
    },
}

MUTED: dict[str, Any] = {
    **ALERT,
    "muted": {
        "until": "2026-01-02T08:00:00Z",
        "by": "user:default/jane",
        "at": "2026-01-02T04:10:00Z",
        "reason": "A migration.",
        "missed": 0,
    },
}

EXPLANATION: dict[str, Any] = {
    "text": "Alert 7 on `example-orders` is open. It is about what broke at 2026-01-02 04:00 UTC: "
    "since then 12,000 of 60,000 records are bad; schema id 12 came with it and was not there in "
    "the hour before. ...",
    "written_by": "offline",
    "fallback": None,
    "alert": {
        **{
            name: ALERT[name]
            for name in ("id", "source", "status", "severity", "title", "team", "since")
        },
        "opened_at": ALERT["opened_at"],
        "resolved_at": None,
        "muted_until": None,
        "reopened": 0,
        "broken": [
            {
                "rule_id": "required-customer-id",
                "field": "customer_id",
                "said": "`customer_id` is null in 12000 of 60000 records. (rule "
                "required-customer-id, inferred from the stream, since 2026-01-02 04:00:00 UTC)",
                "since": "2026-01-02T04:00:00Z",
                "broken": True,
                "inferred": True,
                "figures": {"broken": 12000, "of": 60000},
                "positions": [{"partition": 0, "offset": 81234, "excerpt": "null"}],
            }
        ],
        "broken_left_out": 0,
        "until": "2026-01-02T04:01:00Z",
        "records": 60000,
        "bad": 12000,
        "schemas": [{"schema_id": "12", "since": 60000, "before": 0}],
        "changes": [],
        "owner": {"ref": "group:default/example-team", "guessed_from": None},
        "consuming_teams": ["reporting"],
        "consumers": [],
        "events": [
            {
                "kind": "opened",
                "at": "2026-01-02T04:00:05Z",
                "by": None,
                "said": "Opened: `customer_id` is missing where it is required.",
            }
        ],
        "steps": ["Say that you look after it: `headwater alerts ack 7`."],
    },
}
