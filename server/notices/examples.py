"""Examples of notices for the API's description."""

from __future__ import annotations

from typing import Any

NOTICE: dict[str, Any] = {
    "id": 3,
    "cluster": "default",
    "fact": "use_managed|example-vendor-topic|example-supplier-master|0.8",
    "recommendation_id": 7,
    "text": {
        "team": "group:default/example-team",
        "why_them": "group:default/example-team owns example-vendor-topic",
        "source": "example-vendor-topic",
        "instead": "example-supplier-master",
        "title": "Supplier Master has most of what example-vendor-topic has",
        "facts": ["Supplier Master has 9 of the 12 fields of example-vendor-topic."],
        "options": {
            "switch": "Read Supplier Master instead, and retire example-vendor-topic.",
            "promote": "example-vendor-topic is something of its own: make it a product.",
            "explain": "Keep example-vendor-topic beside Supplier Master, and say why.",
        },
    },
    "created_at": "2026-01-02T04:00:02Z",
    "answered": None,
    "deliveries": [
        {
            "id": 4,
            "notice_id": 3,
            "alert_event_id": None,
            "alert_id": None,
            "channel": "email:team@example.com",
            "status": "sent",
            "attempts": 1,
            "next_at": "2026-01-02T04:01:02Z",
            "sent_at": "2026-01-02T04:00:03Z",
            "error": None,
        }
    ],
    "actions": [{"name": "answer", "method": "POST", "path": "/notices/3/answer"}],
}

ANSWERED: dict[str, Any] = {
    **NOTICE,
    "answered": {
        "answer": "switch",
        "by": "user:default/jane",
        "at": "2026-01-02T09:00:00Z",
        "comment": "After the release.",
    },
}
