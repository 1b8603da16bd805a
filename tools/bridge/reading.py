"""The values of records as they come: JSON at once, everything else as a scan decodes it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import orjson
from confluent_kafka import Message as Record

from core.decoding.column import Schemas
from core.decoding.decoded import SchemaRef
from core.decoding.framing import VALUE_HEADER
from core.decoding.message import Message
from core.decoding.payload import decode, referenced_schemas
from tools.kafka.dead_letter import named_headers

SchemasOf = Callable[[frozenset[SchemaRef]], Schemas]

_OBJECT = ord("{")


class UnreadableError(ValueError):
    """The record cannot be decoded; the text says why, without its contents."""


class SchemasAwayError(Exception):
    """The registry does not answer: nothing is wrong with the records, so they wait."""


class ValueReader:
    """`schemas_of` asks the registry; what it told is kept."""

    def __init__(self, schemas_of: SchemasOf) -> None:
        self._schemas_of = schemas_of
        self._known: dict[SchemaRef, object] = {}

    def read(self, record: Record) -> Sequence[object]:
        """The values in a record that has one. Raises UnreadableError and SchemasAwayError."""
        data = record.value() or b""
        if is_plain_object(data, record):
            try:
                return (orjson.loads(data),)
            except orjson.JSONDecodeError:
                if data[-64:].rstrip()[-1:] != b"}":
                    # No other format begins as an object and ends as none.
                    raise UnreadableError("JSON that ends within an object") from None
        return self._decoded(_message(record))

    def _decoded(self, message: Message) -> Sequence[object]:
        wanted = frozenset(referenced_schemas([message]))
        missing = wanted - self._known.keys()
        if missing:
            self._known |= self._schemas_of(missing)
        if wanted - self._known.keys():
            raise SchemasAwayError
        batch = decode([message], self._known)  # type: ignore[arg-type]
        if batch.failures:
            raise UnreadableError(batch.failures[0].reason.value.replace("_", " "))
        return [value for group in batch.values for value in group.values]


def is_plain_object(data: bytes, record: Record) -> bool:
    """Whether the value may be one JSON object that names no schema."""
    if not data or data[0] != _OBJECT:
        return False
    # (a loop, since this is asked of every record)
    for name, _ in named_headers(record):  # noqa: SIM110
        if name == VALUE_HEADER:
            return False
    return True


def _message(record: Record) -> Message:
    headers = tuple((n, v.encode() if isinstance(v, str) else v) for n, v in named_headers(record))
    return Message(
        record.partition() or 0, record.offset() or 0, record.timestamp()[1], record.key(),
        record.value(), headers,
    )  # fmt: skip
