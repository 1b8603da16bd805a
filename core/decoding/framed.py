"""Decodes the cells that name their schema; hands back those that only look as if they did."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from itertools import chain

from core.decoding import avro, json_text, protobuf
from core.decoding.avro import BrokenDatumError, UnreadableSchemaError
from core.decoding.column import Cell, Column, Schemas
from core.decoding.decoded import FailureReason, Format, SchemaRef
from core.decoding.descriptors import UnreadableDescriptorsError, message_name
from core.decoding.framing import Frame, NotFramedError, frame_of, message_indexes
from core.decoding.protobuf import BrokenMessageError
from core.decoding.registered import RegisteredSchema, SchemaKind

Framed = tuple[Cell, Frame]

_MESSAGES_PER_ID = 4
"""Below this mean, ids that the registry does not know are bytes that happen to begin with zero."""


def decode(cells: Sequence[Cell], schemas: Schemas, header: str, column: Column) -> list[Cell]:
    """Decode into `column` what is framed; returns the cells that are not."""
    loose: list[Cell] = []
    by_ref: dict[SchemaRef, list[Framed]] = defaultdict(list)
    for cell in cells:
        frame = frame_of(cell.data, cell.headers, header)
        if frame is None:
            loose.append(cell)
        else:
            by_ref[frame.ref].append((cell, frame))
    unknown = {ref: by_ref.pop(ref) for ref in list(by_ref) if not schemas.get(ref)}
    for ref, framed in by_ref.items():
        _by_schema(framed, schemas[ref], column)
    return loose + _unknown(unknown, schemas, bool(by_ref), column)


def _unknown(
    unknown: dict[SchemaRef, list[Framed]], schemas: Schemas, others: bool, column: Column
) -> list[Cell]:
    """Count cells of schemas nobody knows as failures, unless their zero byte is mere chance."""
    prefixed = [f for framed in unknown.values() for f in framed if not f[1].from_header]
    ids = {frame.ref for _, frame in prefixed}
    chance = not others and len(ids) > max(1, len(prefixed) // _MESSAGES_PER_ID)
    loose = []
    for cell, frame in chain.from_iterable(unknown.values()):
        if chance and not frame.from_header:
            loose.append(cell)
        elif frame.ref in schemas:
            column.miss(cell, FailureReason.UNKNOWN_SCHEMA, f"{_name(frame.ref)} is not registered")
        else:
            detail = f"{_name(frame.ref)} could not be asked for"
            column.miss(cell, FailureReason.REGISTRY_UNREACHABLE, detail)
    return loose


def _name(ref: SchemaRef) -> str:
    return f"schema id {ref.id}" if ref.id is not None else f"schema GUID {ref.guid}"


def _by_schema(framed: list[Framed], registered: RegisteredSchema | None, column: Column) -> None:
    if registered is None:
        return
    try:
        _DECODERS[registered.kind](framed, registered, column)
    except (UnreadableSchemaError, UnreadableDescriptorsError) as error:
        detail = f"{_name(registered.ref)} cannot be used: {error}"
        for cell, _ in framed:
            column.miss(cell, FailureReason.UNKNOWN_SCHEMA, detail)


def _avro(framed: list[Framed], registered: RegisteredSchema, column: Column) -> None:
    read = avro.reader_of(registered.text, registered.references)
    for cell, frame in framed:
        _one(cell, frame.payload, read, column, (Format.AVRO, registered.ref, None))


def _json_schema(framed: list[Framed], registered: RegisteredSchema, column: Column) -> None:
    for cell, frame in framed:
        target = (Format.JSON_SCHEMA, registered.ref, None)
        _one(cell, frame.payload, json_text.loads, column, target)


def _protobuf(framed: list[Framed], registered: RegisteredSchema, column: Column) -> None:
    if registered.descriptors is None:
        raise UnreadableSchemaError(registered.problem or "it was not compiled")
    for cell, frame in framed:
        try:
            indexes, used = message_indexes(frame.indexes or frame.payload)
            name = message_name(registered.descriptors, indexes)
            read = protobuf.reader_of(registered.descriptors, name)
        except (NotFramedError, UnreadableDescriptorsError) as error:
            column.miss(cell, FailureReason.BROKEN_PAYLOAD, f"no message type: {error}")
            continue
        payload = frame.payload if frame.indexes else frame.payload[used:]
        _one(cell, payload, read, column, (Format.PROTOBUF, registered.ref, name))


def _one(
    cell: Cell,
    payload: bytes,
    read: Callable[[bytes], object],
    column: Column,
    target: tuple[Format, SchemaRef, str | None],
) -> None:
    try:
        value = read(payload)
    except (BrokenDatumError, BrokenMessageError, json_text.NotJsonError) as error:
        detail = f"not what {_name(target[1])} describes: {error}"
        column.miss(cell, FailureReason.BROKEN_PAYLOAD, detail)
    else:
        column.add(cell, (value,), *target)


_DECODERS = {
    SchemaKind.AVRO: _avro,
    SchemaKind.JSON_SCHEMA: _json_schema,
    SchemaKind.PROTOBUF: _protobuf,
}
