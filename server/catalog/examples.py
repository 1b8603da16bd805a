"""Examples for the OpenAPI document. Their figures are made up and stand for no real source."""

from __future__ import annotations

from typing import Any

QUALITY_SUMMARY: dict[str, Any] = {
    "source": "example-supplier-topic",
    "score": 0.971,
    "previous": 0.985,
    "records": 2_000,
    "bad": 58,
    "sampled": 1.0,
    "basis": "inferred rules",
    "updated_at": "2026-01-02T04:00:00Z",
    "lag": 0,
}

SUMMARY: dict[str, Any] = {
    "cluster": "default",
    "name": "example-supplier-topic",
    "kind": "discovered",
    "status": "present",
    "description": {"text": "Suppliers with their address and rating.", "by": "rules"},
    "owner": {"ref": "group:default/procurement", "guessed_from": "the name's first word"},
    "domain": "procurement",
    "tags": ["supplier"],
    "product_id": None,
    "product_name": None,
    "format": "json",
    "has_registered_schema": False,
    "fields": 2,
    "messages": 1200,
    "consuming_teams": ["reporting"],
    "first_seen": "2026-01-02T03:04:05Z",
    "scanned_at": "2026-01-02T04:00:00Z",
    "quality": QUALITY_SUMMARY,
}

HIT: dict[str, Any] = {
    "source": SUMMARY,
    "score": 0.71,
    "reasons": [{"match": "name", "text": "the name has “supplier”"}],
}

SEARCH_RESULT: dict[str, Any] = {
    "managed": [],
    "discovered": [HIT],
    "next_cursor": None,
    "took_ms": 8.1,
    "embedding_model": "all-MiniLM-L6-v2-int8",
}

FIELD: dict[str, Any] = {
    "name": "supplier_id",
    "path": "supplier_id",
    "kinds": ["string"],
    "optional": False,
    "logical": None,
    "enum": None,
    "bounds": {"minimum": None, "maximum": None, "min_length": 7, "max_length": 7},
    "doc": "",
    "tags": [],
    "evidence": {
        "parents": 300,
        "seen": 300,
        "null": 0,
        "distinct": 281.0,
        "shapes": [{"shape": "A-99999", "share": 1.0}],
    },
    "children": [],
}

ROOT: dict[str, Any] = {
    "name": "",
    "path": "",
    "kinds": ["object"],
    "optional": False,
    "logical": None,
    "enum": None,
    "bounds": {"minimum": None, "maximum": None, "min_length": None, "max_length": None},
    "doc": "",
    "tags": [],
    "evidence": None,
    "children": [FIELD],
}

CHANGE: dict[str, Any] = {
    "id": 17,
    "cluster": "default",
    "name": "example-supplier-topic",
    "kind": "changed",
    "version": 2,
    "lines": ["added: rating (integer, optional)"],
    "scan_id": 4,
    "at": "2026-01-02T04:00:00Z",
}

SOURCE: dict[str, Any] = {
    "summary": SUMMARY,
    "quality": QUALITY_SUMMARY,
    "schema": {"name": "", "doc": "", "root": ROOT},
    "version": 2,
    "fingerprint": "5f0c",
    "subject": None,
    "schema_id": None,
    "report": {"messages": 300, "bytes": 70500},
    "consumers": [
        {
            "group": "reporting-nightly",
            "team": "reporting",
            "lag": 12,
            "state": "stable",
            "last_seen": "2026-01-02T04:00:00Z",
        }
    ],
    "partitions": 3,
    "replication": 1,
    "config": {"retention.ms": "604800000", "cleanup.policy": "delete"},
    "offsets": {"0": [0, 400]},
    "recent_changes": [CHANGE],
    "last_seen": "2026-01-02T04:00:00Z",
    "vanished_at": None,
}

VERSION: dict[str, Any] = {
    "version": 2,
    "fingerprint": "5f0c",
    "fields": 2,
    "scan_id": 4,
    "created_at": "2026-01-02T04:00:00Z",
}

SCAN: dict[str, Any] = {
    "id": 4,
    "cluster": "default",
    "requested_by": "user:default/jane",
    "status": "running",
    "progress": {"total": 90, "done": 30, "new": 2, "changed": 1, "messages": 8100},
    "error": None,
    "requested_at": "2026-01-02T03:59:00Z",
    "started_at": "2026-01-02T03:59:01Z",
    "finished_at": None,
}

CHAT: dict[str, Any] = {
    "thread_id": "0b9c5a0e",
    "answer": "Found 1 discovered source for “supplier data”.",
    "route": {
        "agent": "discovery",
        "asked_for": ["discovery"],
        "reason": "is closest to the examples of it",
        "written_by": "offline",
    },
    "written_by": "offline",
    "fallback": None,
    "findings": {
        "type": "search",
        "query": "supplier data",
        "filters": {},
        "result": SEARCH_RESULT,
    },
}

THREAD: dict[str, Any] = {
    "thread_id": "0b9c5a0e",
    "messages": [
        {"role": "user", "text": "I need supplier data"},
        {
            "role": "headwater",
            "text": "Found 1 discovered source for “supplier data”.",
            "agent": "discovery",
            "written_by": "offline",
        },
    ],
}

COMPARISON: dict[str, Any] = {
    "left": "example-supplier-topic",
    "right": "example-vendor-topic",
    "relation": "duplicate",
    "kinship": None,
    "similarity": 0.78,
    "probability": 0.97,
    "left_in_right": 0.82,
    "right_in_left": 0.75,
    "alignment": {
        "matches": [
            {
                "left": "country",
                "right": "ctry",
                "sureness": 0.97,
                "why": ["names mean the same", "same type"],
            }
        ],
        "left_only": ["rating"],
        "right_only": ["row_no"],
        "identifiers": {
            "left": "supplier_id",
            "right": "vendor_number",
            "left_seen": 250,
            "right_seen": 240,
            "shared": 0.17,
        },
    },
    "text": "example-supplier-topic and example-vendor-topic are 78% similar: ...",
}

ANALYSIS: dict[str, Any] = {
    "id": 3,
    "cluster": "default",
    "requested_by": "scan",
    "whole": False,
    "status": "done",
    "progress": {
        "sources": 84,
        "total": 2,
        "done": 2,
        "candidates": 41,
        "aligned": 6,
        "duplicates": 1,
        "recommended": 1,
        "settled": 0,
        "seconds": 0.4,
    },
    "error": None,
    "requested_at": "2026-01-02T04:00:00Z",
    "started_at": "2026-01-02T04:00:01Z",
    "finished_at": "2026-01-02T04:00:02Z",
}

RECOMMENDATION: dict[str, Any] = {
    "id": 7,
    "cluster": "default",
    "status": "open",
    "proposal": {
        "kind": "use_managed",
        "sources": ["example-vendor-topic"],
        "instead": "example-supplier-master",
        "title": "Use Supplier Master instead of example-vendor-topic",
        "evidence": ["Supplier Master has 9 of the 12 fields of example-vendor-topic."],
        "benefits": [
            {
                "name": "storage",
                "value": 1200000,
                "unit": "bytes",
                "formula": "retained messages x mean sampled size x replication",
                "inputs": {"example-vendor-topic": "2,000 messages x 600 B x 1 replicas"},
            }
        ],
        "effort": {"level": "medium", "why": "2 consumer groups (a, b) would move"},
        "risk": {"level": "low", "why": "every field is there"},
        "gist": ["0.8"],
    },
    "opened_at": "2026-01-02T04:00:02Z",
    "updated_at": "2026-01-02T04:00:02Z",
    "decided_by": None,
    "decided_at": None,
    "reason": None,
    "reopened": 0,
    "actions": [{"name": "accept", "method": "POST", "path": "/recommendations/7/accept"}],
}

FAMILY: dict[str, Any] = {
    "stem": "example orders",
    "members": [
        {
            "name": name,
            "version": version,
            "environment": None,
            "region": None,
            "role": role,
        }
        for name, version, role in (
            ("example-orders-dlq", None, "dead_letter"),
            ("example-orders.v1", "1", None),
            ("example-orders.v2", "2", None),
        )
    ],
}

SEARCH_ANSWER: dict[str, Any] = {**SEARCH_RESULT, "recommendations": [RECOMMENDATION]}

CONSOLIDATION: dict[str, Any] = {
    "id": "con-0123456789ab",
    "cluster": "default",
    "requested_by": "user:default/jane",
    "created_at": "2026-01-02T04:00:02Z",
    "approval_id": None,
    "current": [
        {
            "name": name,
            "owner": None,
            "product": None,
            "format": "json",
            "fields": 2,
            "teams": ["reporting"],
            "groups": ["reporting.loader"],
            "messages": 1200,
            "mean_bytes": 410.0,
            "stored_bytes": 1476000,
            "registered": False,
        }
        for name in ("example-supplier-topic", "example-vendor-topic")
    ],
    "comparisons": [{name: COMPARISON[name] for name in COMPARISON if name != "text"}],
    "unified": {
        "topic": "procurement.supplier-unified.v1",
        "tree": {},
        "avro": {"type": "record", "name": "Supplier", "fields": []},
        "json_schema": {"type": "object"},
        "fields": [
            {
                "path": "country",
                "kinds": ["string"],
                "optional": False,
                "sources": {"example-supplier-topic": "country", "example-vendor-topic": "ctry"},
                "forms": {"example-supplier-topic": "string", "example-vendor-topic": "string"},
                "differs": "",
            }
        ],
    },
    "mappings": [
        {
            "source": "example-vendor-topic",
            "fields": [{"to": "country", "path": "ctry", "steps": []}],
            "dropped": [],
        }
    ],
    "replays": [
        {
            "source": "example-vendor-topic",
            "messages": 300,
            "unreadable": 3,
            "passed": 296,
            "refused": [],
            "bytes_now": 380.0,
            "bytes_unified": 178.0,
        }
    ],
    "verdict": "`procurement.supplier-unified.v1-value` is new.",
    "benefits": [],
    "steps": [{"who": "platform", "do": "Create the topic.", "rollback": "Delete it."}],
}

LIVE_QUALITY: dict[str, Any] = {
    "source": "example-supplier-topic",
    "score": 0.96,
    "records": 300,
    "bad": 12,
    "records_per_second": 1.0,
    "sampled": 1.0,
    "lag": 0,
    "updated_at": "2026-01-02T04:00:00Z",
    "trend": [0.98, 0.98, 0.97, None, 0.98, 0.98, 0.97, 0.96, 0.96, 0.96],
    "alerts": 1,
}

QUALITY: dict[str, Any] = {
    **QUALITY_SUMMARY,
    "since": "2026-01-01T04:00:00Z",
    "until": "2026-01-02T04:00:00Z",
    "skipped": 0,
    "unread": {"broken_payload": 3},
    "tombstones": 0,
    "dimensions": {"completeness": 0.99, "validity": 0.981},
    "rules": [
        {
            "rule": {
                "id": "rating-range",
                "metric": "range",
                "field": "rating",
                "minimum": 1,
                "maximum": 5,
                "severity": "error",
                "inferred": True,
                "reason": "997 of 1,000 messages",
            },
            "dimension": "validity",
            "broken": 35,
            "checked": 2_000,
            "share": 0.9825,
            "positions": [{"partition": 0, "offset": 17, "excerpt": "number 99"}],
        }
    ],
    "history": [
        {"start": "2026-01-02T03:00:00Z", "minutes": 60, "records": 2_000, "bad": 58},
    ],
    "newest": "2026-01-02T03:59:58Z",
}

RULE_STATEMENT: dict[str, Any] = {
    "metric": "range",
    "field": "rating",
    "minimum": 0,
    "maximum": 5,
    "severity": "error",
    "reason": "ratings are stars",
}

RULE: dict[str, Any] = {
    "id": "rating-range",
    "says": "rating is at least 0 and at most 5",
    "rule": {**RULE_STATEMENT, "id": "rating-range"},
    "origin": "stated",
    "product_id": None,
    "active": True,
    "since": "2026-01-02T03:04:05Z",
    "stated_by": "user:default/jane",
    "switched_by": None,
}
