"""Examples for the OpenAPI document. Their figures are made up and stand for no real product."""

from __future__ import annotations

from typing import Any

CONTENT: dict[str, Any] = {
    "name": "Fraud Scores",
    "description": "A score from 0 to 1 of each card payment, as it is made.",
    "owner": "group:default/fraud-team",
    "domain": "risk",
    "tags": ["fraud", "real-time"],
    "ports": [{"topic": "risk.fraud-scores.v1"}],
    "documentation": "# How to read a score\n\nAbove 0.8 a payment is held.",
}

NEW: dict[str, Any] = {"id": "fraud-scores", **CONTENT}

PRODUCT: dict[str, Any] = {
    **NEW,
    "lifecycle": "draft",
    "next": ["pending", "active"],
    "ports": [{"cluster": "default", "topic": "risk.fraud-scores.v1"}],
    "version": "1.0.0",
    "revision": 1,
    "created_at": "2026-01-02T03:04:05Z",
    "updated_at": "2026-01-02T03:04:05Z",
    "deleted": None,
}

NOT_WATCHED: dict[str, Any] = {
    "at": "schema.0.quality.1",
    "topic": "risk.fraud-scores.v1",
    "name": "looks right",
    "why": "it is text for people",
}

STORED_CONTRACT: dict[str, Any] = {**PRODUCT, "not_watched": [NOT_WATCHED]}

DELETED: dict[str, Any] = {
    **PRODUCT,
    "next": [],
    "revision": 2,
    "deleted": {
        "at": "2026-02-03T04:05:06Z",
        "by": "user:default/jane",
        "reason": "nobody reads it any more",
    },
}

CHANGES: list[dict[str, Any]] = [
    {"line": "score: number became string", "bump": "major"},
    {"line": "reason: added (optional string)", "bump": "minor"},
]

VERSION: dict[str, Any] = {
    "version": "2.0.0",
    "created_at": "2026-01-03T03:04:05Z",
    "created_by": "user:default/jane",
    "changes": CHANGES,
}

CONTRACT: dict[str, Any] = {
    "apiVersion": "v3.1.0",
    "kind": "DataContract",
    "id": "fraud-scores",
    "name": "Fraud Scores",
    "version": "1.0.0",
    "status": "active",
    "domain": "risk",
    "dataProduct": "fraud-scores",
    "description": {"purpose": "A score from 0 to 1 of each card payment, as it is made."},
    "schema": [
        {
            "name": "risk.fraud-scores.v1",
            "physicalName": "risk.fraud-scores.v1",
            "physicalType": "topic",
            "logicalType": "object",
            "properties": [
                {
                    "name": "score",
                    "logicalType": "number",
                    "required": True,
                    "logicalTypeOptions": {"minimum": 0, "maximum": 1},
                }
            ],
        }
    ],
    "slaProperties": [{"property": "retention", "value": 7, "unit": "d"}],
    "team": {"name": "group:default/fraud-team"},
}

WHOLE_VERSION: dict[str, Any] = {
    **VERSION,
    "product": {
        **{k: v for k, v in CONTENT.items() if k != "ports"},
        "lifecycle": "active",
        "ports": PRODUCT["ports"],
    },
    "contract": CONTRACT,
}

DIFF: dict[str, Any] = {"from": "1.0.0", "to": "2.0.0", "bump": "major", "changes": CHANGES}

ODPS: dict[str, Any] = {
    "apiVersion": "v1.0.0",
    "kind": "DataProduct",
    "id": "fraud-scores",
    "name": "Fraud Scores",
    "version": "1.0.0",
    "status": "active",
    "outputPorts": [
        {
            "name": "risk.fraud-scores.v1",
            "version": "1.0.0",
            "type": "kafka",
            "contractId": "fraud-scores",
        }
    ],
}

ASYNCAPI: dict[str, Any] = {
    "asyncapi": "3.1.0",
    "id": "urn:headwater:product:fraud-scores",
    "info": {"title": "Fraud Scores", "version": "1.0.0"},
    "channels": {"risk.fraud-scores.v1": {"address": "risk.fraud-scores.v1"}},
}

SNIPPETS: dict[str, Any] = {
    "items": [
        {
            "topic": "risk.fraud-scores.v1",
            "language": "python",
            "role": "consumer",
            "title": "Consume risk.fraud-scores.v1",
            "filename": "consume.py",
            "requires": "pip install 'confluent-kafka[avro,schemaregistry]'",
            "code": "from confluent_kafka import Consumer\n...",
        }
    ]
}
