"""What becomes of a record: the unified messages in it, or why there are none."""

from __future__ import annotations

from collections.abc import Sequence

from confluent_kafka import Message as Record

from core.unify.carrying import Carrier, Refusal
from core.unify.compiled import compiled
from core.unify.encoding import Encoder
from core.unify.mapping import Mapping
from tools.bridge.job import BridgeJob
from tools.bridge.reading import UnreadableError, ValueReader, is_plain_object

Made = tuple[Sequence[tuple[bytes | None, bytes | None]], Sequence[Refusal]]
"""Keys and values of unified messages; or, where there are any, the refusals alone."""


class Maker:
    """Of one source. Most messages take the compiled way; the others the one that tells why."""

    def __init__(self, job: BridgeJob, mapping: Mapping, reader: ValueReader) -> None:
        self._key = job.key
        self._reader = reader
        self._carrier = Carrier(mapping, job.tree)
        self._encoder = Encoder(job.avro, job.schema_id)
        self._compiled = compiled(mapping, job.tree, job.avro, job.schema_id, job.key)

    def made(self, record: Record) -> Made:
        """A record comes over whole or not at all; one without a value stays one.

        Raises SchemasAwayError.
        """
        data = record.value()
        if data is None:
            return ((record.key(), None),), ()
        tried = self._compiled is not None and is_plain_object(data, record)
        if tried:
            made = self._compiled.of_json(data)  # type: ignore[union-attr]
            if made is not None:
                return ((made[0] if self._key else record.key(), made[1]),), ()
        try:
            return self._the_long_way(record, tried=tried)
        except UnreadableError as error:
            return (), (Refusal("", None, str(error)),)

    def _the_long_way(self, record: Record, *, tried: bool) -> Made:
        """`tried` of a text that the compiled mapping has left to this one."""
        quickly = self._compiled.of_value if self._compiled is not None and not tried else None
        made: list[tuple[bytes | None, bytes | None]] = []
        for value in self._reader.read(record):
            quick = quickly(value) if quickly is not None else None
            if quick is not None:
                made.append((quick[0] if self._key else record.key(), quick[1]))
                continue
            carried = self._carrier.carry(value)
            if carried.message is None:
                return (), carried.refusals
            key = record.key() if self._key is None else _key(carried.message, self._key)
            try:
                made.append((key, self._encoder.encode(carried.message)))
            except Exception:  # (fastavro raises many kinds, and their texts quote the value)
                return (), (Refusal("", None, "Avro does not take it"),)
        return made, ()


def _key(message: dict[str, object], path: str) -> bytes:
    value: object = message
    for name in path.split("."):
        value = value[name] if isinstance(value, dict) else None
    return str(value).encode()
