"""Unified messages as Avro in Confluent's framing: a zero, the schema's id, the datum."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any

import fastavro

from core.schema.round_trip import datum

_PLAIN = frozenset({"null", "boolean", "int", "long", "float", "double", "string"})


class Encoder:
    """Of one schema, as `core.schema.avro_writer` writes it; safe to share between no threads."""

    def __init__(self, avro: Mapping[str, Any], schema_id: int) -> None:
        self._head = b"\0" + schema_id.to_bytes(4, "big")
        self._schema = fastavro.parse_schema(dict(avro))
        self._datum: Callable[[dict[str, Any]], Any] = (
            (lambda message: message) if _is_plain(avro) else (lambda message: datum(avro, message))
        )

    def encode(self, message: dict[str, Any]) -> bytes:
        """Raises what fastavro raises for a message that is not of the schema."""
        stream = BytesIO(self._head)
        stream.seek(0, 2)
        fastavro.schemaless_writer(stream, self._schema, self._datum(message))
        return stream.getvalue()


def _is_plain(kind: Any) -> bool:
    """Whether fastavro takes the values in their JSON form."""
    if isinstance(kind, str):
        return kind in _PLAIN
    if isinstance(kind, list):
        return all(map(_is_plain, kind))
    if kind.get("type") == "record":
        return all("original" not in f and _is_plain(f["type"]) for f in kind["fields"])
    if kind.get("logicalType") in ("date", "decimal"):
        return False
    inside = kind.get("items", kind.get("values", kind["type"]))
    return inside != kind and _is_plain(inside)
