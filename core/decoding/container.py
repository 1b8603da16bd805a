"""Reads Avro object container files that lie inside a message.

Format: Avro 1.12, "Object Container Files". Read here and not by fastavro's own file reader,
because a hostile block may expand without limit there.
"""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import cramjam
import fastavro

from core.decoding import compression
from core.decoding.avro import BrokenDatumError, UnreadableSchemaError, datum_reader
from core.decoding.framing import NotFramedError, varint

MAGIC = b"Obj\x01"
MAX_RECORDS = 10_000
"""Records read of one file; the rest adds nothing to a sample."""

_SYNC_BYTES = 16
_METADATA = fastavro.parse_schema({"type": "map", "values": "bytes"})

Inflate = Callable[[bytes], bytes]


def read(data: bytes) -> list[object]:
    """The records of the file.

    Raises BrokenDatumError, UnreadableSchemaError or compression.TooLargeError.
    """
    try:
        return _records(data)
    except (NotFramedError, compression.DamagedError) as error:
        raise BrokenDatumError("the Avro container is damaged or cut off") from error


def _records(data: bytes) -> list[object]:
    stream = BytesIO(data)
    stream.seek(len(MAGIC))
    metadata = _metadata(stream)
    datum = datum_reader(metadata.get("avro.schema", b"").decode("utf-8", "replace"))
    inflate = _codec(metadata.get("avro.codec", b"null"))
    stream.seek(_SYNC_BYTES, 1)
    records: list[object] = []
    position = stream.tell()
    while position < len(data) and len(records) < MAX_RECORDS:
        count, block, position = _block(data, position)
        records += _block_records(inflate(block), min(count, MAX_RECORDS - len(records)), datum)
    return records


def _metadata(stream: BytesIO) -> dict[str, bytes]:
    try:
        metadata: Any = fastavro.schemaless_reader(stream, _METADATA, None)
    except Exception as error:
        raise BrokenDatumError("the Avro container's header is damaged") from error
    return dict(metadata)


def _block(data: bytes, position: int) -> tuple[int, bytes, int]:
    count, position = _long(data, position)
    size, position = _long(data, position)
    end = position + size
    if count < 0 or size < 0 or end + _SYNC_BYTES > len(data):
        raise BrokenDatumError("the Avro container is damaged or cut off")
    return count, data[position:end], end + _SYNC_BYTES


def _long(data: bytes, position: int) -> tuple[int, int]:
    value, position = varint(data, position)
    return (value >> 1) ^ -(value & 1), position


def _block_records(
    block: bytes, count: int, datum: Callable[[BytesIO, int], object]
) -> list[object]:
    stream = BytesIO(block)
    return [datum(stream, len(block)) for _ in range(count)]


def _codec(name: bytes) -> Inflate:
    if name not in _CODECS:
        raise UnreadableSchemaError("its Avro container uses a compression that is not read")
    return _CODECS[name]


_CODECS: dict[bytes, Inflate] = {
    b"null": lambda block: block,
    b"deflate": lambda block: compression.inflate(block, -15),
    b"snappy": lambda block: compression.raw_snappy(block[:-4]),
    b"zstandard": lambda block: compression.grow(cramjam.zstd.decompress_into, block),
}
