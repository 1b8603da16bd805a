"""Examples of answers about costs."""

from __future__ import annotations

from typing import Any

_PERIOD = {"since": "2026-10-30", "until": "2026-11-28"}

_STORAGE: dict[str, Any] = {
    "name": "storage",
    "formula": "kept messages x mean size x replication x price per GB and month",
    "inputs": {
        "kept messages": "604,800",
        "mean size": "412 B of 300 sampled",
        "replication": "3",
        "amount": "0.748 GB",
        "price": "0.10",
    },
    "amount": "0.07",
}

_PARTITIONS: dict[str, Any] = {
    "name": "partitions",
    "formula": "partitions x replication x price per partition and month",
    "inputs": {
        "partitions": "6",
        "replication": "3",
        "amount": "18 partitions",
        "price": "1.00",
    },
    "amount": "18.00",
}

_LINE: dict[str, Any] = {
    "by": "topic",
    "key": "supplier-events",
    "title": "supplier-events",
    "owner": "group:default/procurement",
    "product_id": None,
    "topics": 1,
    "monthly": "18.07",
    "currency": "USD",
    "items": [_STORAGE, _PARTITIONS],
    "unknown": ["throughput: it was not looked at twice in these days"],
}

COSTS: dict[str, Any] = {
    "items": [_LINE],
    "next_cursor": None,
    "by": "topic",
    "period": _PERIOD,
    "currency": "USD",
    "price_book": "acme 2026-11",
    "total": "18.07",
    "count": 1,
}

COSTS_CSV = (
    "by,key,title,owner,product_id,topics,monthly,currency,storage,throughput_in,throughput_out,"
    "partitions,stream_processors,price_book,from,to,unknown\r\n"
    "topic,supplier-events,supplier-events,group:default/procurement,,1,18.07,USD,0.07,,,18.00,,"
    "acme 2026-11,2026-10-30,2026-11-28,throughput: it was not looked at twice in these days\r\n"
)

SAVINGS: dict[str, Any] = {
    "items": [
        {
            "recommendation_id": 12,
            "kind": "retire",
            "title": "Retire supplier_data_raw",
            "topics": ["supplier_data_raw"],
            "monthly": "18.00",
            "currency": "USD",
            "formula": "the measured cost of the topics that go",
            "items": [
                {
                    **_PARTITIONS,
                    "inputs": {"topic": "supplier_data_raw", **_PARTITIONS["inputs"]},
                }
            ],
            "unknown": [],
        }
    ],
    "next_cursor": None,
    "period": _PERIOD,
    "currency": "USD",
    "together": "18.00",
}

SOURCE_COST: dict[str, Any] = {
    "source": "supplier-events",
    "cluster": "default",
    "owner": "group:default/procurement",
    "product_id": None,
    "period": _PERIOD,
    "monthly": "18.07",
    "measured": {
        "currency": "USD",
        "price_book": "acme 2026-11",
        "items": [_STORAGE, _PARTITIONS],
        "assumed": [],
        "unknown": ["throughput: it was not looked at twice in these days"],
    },
    "difference": None,
}
