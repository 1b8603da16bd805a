"""Examples of lineage in the API's description."""

from __future__ import annotations

from typing import Any

_TOPIC = "dataset:cluster%3Adefault:supplier-events"
_GROUP = "job:cluster%3Adefault:billing.sync"

_GROUP_NODE: dict[str, Any] = {
    "id": _GROUP,
    "kind": "job",
    "type": "consumer_group",
    "namespace": "kafka://localhost:9092",
    "name": "billing.sync",
    "distance": 1,
    "more": 0,
    "present": True,
    "managed": False,
    "owner": None,
    "product_id": None,
    "product_name": None,
    "team": "billing",
    "state": "stable",
    "run_at": None,
}

_TOPIC_NODE: dict[str, Any] = {
    **_GROUP_NODE,
    "id": _TOPIC,
    "kind": "dataset",
    "type": "topic",
    "name": "supplier-events",
    "distance": 0,
    "owner": {"ref": "group:default/procurement", "guessed_from": None},
    "team": None,
    "state": None,
}

LINEAGE: dict[str, Any] = {
    "root": _TOPIC,
    "depth": 4,
    "nodes": [_TOPIC_NODE, _GROUP_NODE],
    "edges": [
        {
            "source": _TOPIC,
            "target": _GROUP,
            "flow": "reads",
            "evidence": "consumer_group",
            "certainty": "measured",
            "first_seen": "2026-01-02T03:04:05Z",
            "last_seen": "2026-01-05T08:00:00Z",
            "vanished_at": None,
            "lag": 4,
            "because": "",
        }
    ],
    "fields": [],
    "cut": False,
}

IMPACT: dict[str, Any] = {
    "source": "supplier-events",
    "field": None,
    "affected": [
        {
            "node": _GROUP_NODE,
            "effect": "affected",
            "certainty": "measured",
            "way": ["supplier-events", "billing.sync"],
            "fields": [],
            "last_seen": "2026-01-05T08:00:00Z",
            "vanished": False,
            "lag": 4,
        }
    ],
    "teams": [{"team": "billing", "groups": ["billing.sync"], "topics": []}],
    "products": [],
    "counts": {
        "consumer_groups": 1,
        "topics": 0,
        "products": 0,
        "others": 0,
        "perhaps": 0,
        "vanished": 0,
    },
    "cut": False,
}

EVENT: dict[str, Any] = {
    "eventType": "COMPLETE",
    "eventTime": "2026-01-02T03:04:05.678Z",
    "producer": "https://example.com/score-suppliers",
    "schemaURL": "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent",
    "run": {"runId": "3f5e83fa-3480-44ff-99c5-ff943904e5e8"},
    "job": {"namespace": "flink-production", "name": "score-suppliers"},
    "inputs": [{"namespace": "kafka://localhost:9092", "name": "supplier-events"}],
    "outputs": [
        {
            "namespace": "kafka://localhost:9092",
            "name": "supplier-scores",
            "facets": {
                "columnLineage": {
                    "fields": {
                        "score": {
                            "inputFields": [
                                {
                                    "namespace": "kafka://localhost:9092",
                                    "name": "supplier-events",
                                    "field": "rating",
                                    "transformations": [
                                        {"type": "DIRECT", "subtype": "TRANSFORMATION"}
                                    ],
                                }
                            ]
                        }
                    }
                }
            },
        }
    ],
}

TAKEN: dict[str, Any] = {
    "events": 1,
    "jobs": 1,
    "datasets": 2,
    "topics": 2,
    "edges": 2,
    "fields": 1,
}

RUN: dict[str, Any] = {
    "run_id": "3f5e83fa-3480-44ff-99c5-ff943904e5e8",
    "namespace": "flink-production",
    "job": "score-suppliers",
    "state": "COMPLETE",
    "started_at": "2026-01-02T03:04:00Z",
    "ended_at": "2026-01-02T03:04:05Z",
    "told_at": "2026-01-02T03:04:05Z",
}
