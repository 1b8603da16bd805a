"""Turns rows into the bytes that a topic's producers would send."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping

import orjson

from server.demo.field import Row
from server.demo.topic import Event, Topic, Writing
from server.demo.wire.avro import Encode, container, raw, shared_records
from server.demo.wire.protobuf import proto_file, protobuf
from server.demo.wire.schema import SchemaKey, schema_text

LOST_SCHEMA_ID = 2_000_000_011
"""An id that no registry has given out."""

_MESSAGE_INDEX = b"\x00"
"""Confluent's short form of "the first message of the file"."""


class Encoder:
    """Writes the events of one topic; `ids` are the registry's for each event and version."""

    def __init__(self, topic: Topic, ids: Mapping[SchemaKey, int]) -> None:
        self._frames = {key: _frame(id_) for key, id_ in ids.items()}
        self._encoders = {
            (event.name, version): _encoder(topic, event, version)
            for event in topic.events
            for version in range(1, event.versions + 1)
        }

    def encode(self, event: str, version: int, row: Row) -> bytes:
        key = (event, version)
        return self._frames.get(key, b"") + self._encoders[key](row)


def with_lost_schema(value: bytes) -> bytes:
    """The same framed payload under a schema id that does not exist."""
    return _frame(LOST_SCHEMA_ID) + value[5:]


def _frame(schema_id: int) -> bytes:
    return b"\x00" + schema_id.to_bytes(4, "big")


def _encoder(topic: Topic, event: Event, version: int) -> Encode:
    match topic.writing:
        case Writing.JSON | Writing.REGISTERED_JSON:
            return orjson.dumps
        case Writing.REGISTERED_AVRO | Writing.RAW_AVRO:
            return raw(schema_text(topic, event, version), shared_records(event).values())
        case Writing.AVRO_CONTAINER:
            return container(schema_text(topic, event, version))
        case Writing.REGISTERED_PROTOBUF:
            plain = protobuf(proto_file(event, topic.namespace, version), event)
            return lambda row: _MESSAGE_INDEX + plain(row)
        case Writing.CSV:
            return _csv_line
        case Writing.TEXT:
            return lambda row: "\n".join(map(str, row.values())).encode()


def _csv_line(row: Row) -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=";", lineterminator="").writerow(row.values())
    return out.getvalue().encode()
