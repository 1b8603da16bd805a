"""Decodes a sample of a topic: by the schema that each message names, else by what it is.

Never raises on account of a message: what cannot be decoded is counted with its reason.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import orjson

from core.decoding import framed, unframed
from core.decoding.column import Cell, Column, Schemas
from core.decoding.decoded import DecodedBatch, Failure, Format, Group, SchemaRef
from core.decoding.framing import KEY_HEADER, VALUE_HEADER, frame_of
from core.decoding.message import Message

MAX_REFERENCES = 64
"""Schemas that one sample may ask the registry for; those that most messages name come first."""

_INTEGER_SIZES = (4, 8)


def referenced_schemas(messages: Sequence[Message]) -> set[SchemaRef]:
    """The schemas that the messages' keys and values name in their bytes or headers."""
    named: Counter[SchemaRef] = Counter()
    for message in messages:
        headers = message.headers
        for data, header in ((message.value, VALUE_HEADER), (message.key, KEY_HEADER)):
            if data and (headers or data[0] == 0) and (frame := frame_of(data, headers, header)):
                named[frame.ref] += 1
    return {ref for ref, _ in named.most_common(MAX_REFERENCES)}


def decode(messages: Sequence[Message], schemas: Schemas) -> DecodedBatch:
    """Decode every message. `schemas` answers `referenced_schemas`.

    None stands for a schema that the registry does not know; a schema that is missing from the
    mapping could not be asked for, because the registry was unreachable.
    """
    values, failures = _values(messages, schemas)
    return DecodedBatch(
        messages=len(messages),
        bytes=sum(len(m.value or b"") + len(m.key or b"") for m in messages),
        values=values,
        keys=_keys(messages, schemas),
        unkeyed=sum(m.key is None for m in messages),
        tombstones=sum(m.value is None for m in messages),
        header_names=Counter(name for m in messages for name, _ in m.headers),
        failures=failures,
    )


def _values(
    messages: Sequence[Message], schemas: Schemas
) -> tuple[tuple[Group, ...], tuple[Failure, ...]]:
    if plain_json := _homogeneous_json(messages):
        return (plain_json,), ()
    column = Column()
    cells = [
        Cell(index, message.value, len(message.value), message.headers)
        for index, message in enumerate(messages)
        if message.value is not None
    ]
    unframed.decode(framed.decode(cells, schemas, VALUE_HEADER, column), column)
    failures = (
        Failure(m.partition, m.offset, miss.reason, miss.detail, miss.cell.size)
        for miss in column.misses
        for m in (messages[miss.cell.index],)
    )
    return column.groups(), tuple(failures)


def _homogeneous_json(messages: Sequence[Message]) -> Group | None:
    """The common case at full speed: every value is a JSON object and names no schema."""
    places = [place for place, message in enumerate(messages) if message.value is not None]
    data = [message.value for message in messages if message.value is not None]
    if not data or any(name == VALUE_HEADER for m in messages for name, _ in m.headers):
        return None
    try:
        values = tuple(map(orjson.loads, data))
    except orjson.JSONDecodeError:
        return None
    if set(map(type, values)) != {dict}:
        return None
    return Group(Format.JSON, None, values, sum(map(len, data)), len(data), places=tuple(places))


def _keys(messages: Sequence[Message], schemas: Schemas) -> tuple[Group, ...]:
    """Keys never fail: what cannot be decoded is kept as bytes."""
    column = Column()
    cells = [
        Cell(index, message.key, len(message.key), message.headers)
        for index, message in enumerate(messages)
        if message.key is not None
    ]
    if not _integers(cells, schemas, column):
        unframed.decode(framed.decode(cells, schemas, KEY_HEADER, column), column, tables=False)
    for miss in column.misses:
        column.add(miss.cell, (miss.cell.data,), Format.BINARY)
    return column.groups()


def _integers(cells: Sequence[Cell], schemas: Schemas, column: Column) -> bool:
    """Java's integer and long keys: all of 4 or 8 bytes, and near enough to zero to tell."""
    sizes = {cell.size for cell in cells}
    if len(sizes) != 1 or not sizes <= set(_INTEGER_SIZES):
        return False
    if any(cell.data[0] not in (0, 0xFF) for cell in cells) or _all_known(cells, schemas):
        return False
    for cell in cells:
        value = int.from_bytes(cell.data, "big", signed=True)
        column.add(cell, (value,), Format.BINARY)
    return True


def _all_known(cells: Sequence[Cell], schemas: Schemas) -> bool:
    """Whether every key opens with the id of a registered schema, as framed keys do."""
    frames = [frame_of(cell.data, cell.headers, KEY_HEADER) for cell in cells]
    return all(frame is not None and schemas.get(frame.ref) for frame in frames)
