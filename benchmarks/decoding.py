"""How fast samples are decoded against the bare libraries on the same messages.

    python -m benchmarks.decoding [--messages 100000]

Batches of 300 messages, as a scan decodes them; "with a stray" has one broken message per batch.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Sequence
from io import BytesIO
from typing import Any

import fastavro
import orjson

from core.decoding.decoded import SchemaRef
from core.decoding.message import Message
from core.decoding.payload import decode
from core.decoding.registered import RegisteredSchema, SchemaKind

_BATCH = 300
_ORDER: dict[str, Any] = {
    "type": "record",
    "name": "Order",
    "fields": [
        {"name": "id", "type": "long"},
        {"name": "customer", "type": "string"},
        {"name": "total", "type": "double"},
        {"name": "currency", "type": "string"},
        {"name": "note", "type": ["null", "string"]},
        {"name": "lines", "type": {"type": "array", "items": "string"}},
        {"name": "paid", "type": "boolean"},
    ],
}


def order(number: int) -> dict[str, Any]:
    return {
        "id": number,
        "customer": f"customer-{number % 997}",
        "total": number / 7,
        "currency": "EUR",
        "note": None if number % 3 else "left at the door",
        "lines": [f"article-{number % 31}", f"article-{number % 17}"],
        "paid": number % 2 == 0,
    }


def rate(run: Callable[[], object], messages: int) -> float:
    """Messages per second of processor time, the best of three runs."""
    times = []
    for _ in range(3):
        started = time.process_time()
        run()
        times.append(time.process_time() - started)
    return messages / min(times)


def batches(values: Sequence[bytes], stray: bytes | None = None) -> list[list[Message]]:
    starts = range(0, len(values), _BATCH)
    return [
        [Message(0, i, 0, b"k", value) for i, value in enumerate([*values[s : s + _BATCH], *extra])]
        for s in starts
        for extra in [[stray] if stray else []]
    ]


def report(name: str, ours: float, floor: float) -> None:
    print(f"{name}: {ours:,.0f} messages/s, {ours / floor:.2f} of the bare library's {floor:,.0f}")


def json_figures(orders: Sequence[dict[str, Any]]) -> None:
    values = [orjson.dumps(o) for o in orders]
    floor = rate(lambda: [orjson.loads(value) for value in values], len(values))
    plain, mixed = batches(values), batches(values, b'{"id": ')
    ours = rate(lambda: [decode(batch, {}) for batch in plain], len(values))
    strays = rate(lambda: [decode(batch, {}) for batch in mixed], len(values))
    report("JSON", ours, floor)
    report("JSON with a stray", strays, floor)


def avro_figures(orders: Sequence[dict[str, Any]]) -> None:
    parsed = fastavro.parse_schema(_ORDER)
    values = []
    for one in orders:
        stream = BytesIO()
        fastavro.schemaless_writer(stream, parsed, one)
        values.append(b"\x00\x00\x00\x00\x07" + stream.getvalue())
    ref = SchemaRef(id=7)
    schemas = {ref: RegisteredSchema(ref, SchemaKind.AVRO, json.dumps(_ORDER))}
    framed = batches(values)
    floor = rate(
        lambda: [fastavro.schemaless_reader(BytesIO(v[5:]), parsed, None) for v in values],
        len(values),
    )
    report("Avro", rate(lambda: [decode(b, schemas) for b in framed], len(values)), floor)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=100_000)
    orders = [order(number) for number in range(parser.parse_args().messages)]
    json_figures(orders)
    avro_figures(orders)


if __name__ == "__main__":
    main()
