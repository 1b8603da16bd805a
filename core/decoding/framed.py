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
    loose, by_ref = _framed(cells, header)
    unknown = {ref: by_ref.pop(ref) for ref in list(by_ref) if not schemas.get(ref)}
    for ref, framed in by_ref.items():
        _by_schema(framed, schemas[ref], column)
    return loose + _unknown(unknown, schemas, bool(by_ref), column)


def _framed(cells: Sequence[Cell], header: str) -> tuple[list[Cell], dict[SchemaRef, list[Framed]]]:
    loose: list[Cell] = []
    by_ref: dict[SchemaRef, list[Framed]] = defaultdict(list)
    refs: dict[bytes, SchemaRef] = {}
    for cell in cells:
        if cell.headers or cell.data[:1] == b"\0":
            prefix = cell.data[:5]
            if not cell.headers and (ref := refs.get(prefix)):
                by_ref[ref].append((cell, Frame(ref, cell.data[5:])))
                continue
            if frame := frame_of(cell.data, cell.headers, header):
                if not frame.from_header:
                    refs[prefix] = frame.ref
                by_ref[frame.ref].append((cell, frame))
                continue
        loose.append(cell)
    return loose, by_ref


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
    payloads = [(cell, frame.payload) for cell, frame in framed]
    _read_all(payloads, read, column, (Format.AVRO, registered.ref, None))


def _json_schema(framed: list[Framed], registered: RegisteredSchema, column: Column) -> None:
    payloads = [(cell, frame.payload) for cell, frame in framed]
    _read_all(payloads, json_text.loads, column, (Format.JSON_SCHEMA, registered.ref, None))


def _protobuf(framed: list[Framed], registered: RegisteredSchema, column: Column) -> None:
    if registered.descriptors is None:
        raise UnreadableSchemaError(registered.problem or "it was not compiled")
    by_type: dict[str, list[tuple[Cell, bytes]]] = defaultdict(list)
    for cell, frame in framed:
        try:
            indexes, used = message_indexes(frame.indexes or frame.payload)
            name = message_name(registered.descriptors, indexes)
        except (NotFramedError, UnreadableDescriptorsError) as error:
            column.miss(cell, FailureReason.BROKEN_PAYLOAD, f"no message type: {error}")
        else:
            payload = frame.payload if frame.indexes else frame.payload[used:]
            by_type[name].append((cell, payload))
    for name, payloads in by_type.items():
        try:
            read = protobuf.reader_of(registered.descriptors, name)
        except UnreadableDescriptorsError as error:
            for cell, _ in payloads:
                column.miss(cell, FailureReason.UNKNOWN_SCHEMA, f"{name} cannot be used: {error}")
        else:
            _read_all(payloads, read, column, (Format.PROTOBUF, registered.ref, name))


def _read_all(
    payloads: list[tuple[Cell, bytes]],
    read: Callable[[bytes], object],
    column: Column,
    target: tuple[Format, SchemaRef, str | None],
) -> None:
    decoded: list[tuple[Cell, list[object]]] = []
    for cell, payload in payloads:
        try:
            decoded.append((cell, [read(payload)]))
        except (BrokenDatumError, BrokenMessageError, json_text.NotJsonError) as error:
            detail = f"not what {_name(target[1])} describes: {error}"
            column.miss(cell, FailureReason.BROKEN_PAYLOAD, detail)
    column.add_all(decoded, *target)


_DECODERS = {
    SchemaKind.AVRO: _avro,
    SchemaKind.JSON_SCHEMA: _json_schema,
    SchemaKind.PROTOBUF: _protobuf,
}
