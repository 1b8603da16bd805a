"""Examples of answers about use."""

from __future__ import annotations

from typing import Any

USAGE: dict[str, Any] = {
    "source": "supplier-events",
    "cluster": "default",
    "owner": "group:default/procurement",
    "product_id": None,
    "product_name": None,
    "written": 86400,
    "written_per_second": 1.0,
    "read": 172000,
    "observed_seconds": 86400.0,
    "written_days": [{"day": "2026-11-27", "messages": 86400, "seconds": 86400.0}],
    "teams": [{"team": "risk", "groups": 1, "messages": 172000}],
    "consumers": [
        {
            "group": "risk.scoring",
            "team": "risk",
            "messages": 172000,
            "per_second": 1.99,
            "lag": 12,
            "lag_before": 340,
            "first_seen": "2026-11-27T00:00:00Z",
            "last_seen": "2026-11-27T23:45:00Z",
            "days": [
                {
                    "day": "2026-11-27",
                    "messages": 172000,
                    "seconds": 86400.0,
                    "lag": 12,
                    "lag_most": 4100,
                }
            ],
        }
    ],
    "views": 4,
    "view_days": [{"day": "2026-11-27", "api": 1, "console": 3, "by": {"user": 4}}],
}

UNUSED: dict[str, Any] = {
    "kind": "silent",
    "name": "supplier_data_raw",
    "title": "supplier_data_raw",
    "owner": "group:default/procurement",
    "topics": ["supplier_data_raw"],
    "why": "Nothing was written to it from 2026-10-30 to 2026-11-28, by the offsets that were "
    "looked at all the while.",
    "observed_since": "2026-10-01T08:00:00Z",
    "last_written": None,
    "last_read": None,
    "messages": 1200,
    "views": 0,
}

SEARCH: dict[str, Any] = {
    "query": "vendor credit limits",
    "searches": 7,
    "nothing_found": 7,
    "last_day": "2026-11-28",
}
