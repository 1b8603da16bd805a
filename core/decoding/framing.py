"""Where a message says by which schema it was written.

Format: Confluent's wire format (a zero byte, the schema id as 4 bytes big-endian, then the payload)
and its header framing (`__key_schema_id` / `__value_schema_id` holding either that prefix or a one
byte followed by the schema's GUID). Protobuf payloads open with the path of the message's type.
Apicurio's old framing with 8-byte global ids is not read: global ids are not the ids that the
Confluent API resolves, so it would be a guess.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from core.decoding.decoded import SchemaRef

KEY_HEADER = "__key_schema_id"
VALUE_HEADER = "__value_schema_id"

_MAX_ID = 2**31 - 1
_MAX_INDEXES = 64

Headers = tuple[tuple[str, bytes | None], ...]


class NotFramedError(ValueError):
    """The bytes do not hold what a frame of this kind must hold."""


@dataclass(frozen=True, slots=True)
class Frame:
    """`indexes` are raw message-index bytes that came with a header's GUID (Protobuf)."""

    ref: SchemaRef
    payload: bytes
    indexes: bytes = b""
    from_header: bool = False


def frame_of(data: bytes, headers: Headers, header: str) -> Frame | None:
    """The frame that the headers or the first bytes state, or None. Headers come first."""
    if headers and (framed := _header_frame(data, headers, header)):
        return framed
    if len(data) < 5 or data[0] != 0:
        return None
    schema_id = int.from_bytes(data[1:5], "big")
    if not 0 < schema_id <= _MAX_ID:
        return None
    return Frame(SchemaRef(id=schema_id), data[5:])


def _header_frame(data: bytes, headers: Headers, header: str) -> Frame | None:
    stated = next((value for name, value in headers if name == header), None)
    if not stated:
        return None
    if stated[0] == 0 and len(stated) >= 5:
        schema_id = int.from_bytes(stated[1:5], "big")
        return Frame(SchemaRef(id=schema_id), data, stated[5:], from_header=True)
    if stated[0] == 1 and len(stated) >= 17:
        guid = str(UUID(bytes=stated[1:17]))
        return Frame(SchemaRef(guid=guid), data, stated[17:], from_header=True)
    return None


def message_indexes(data: bytes) -> tuple[tuple[int, ...], int]:
    """The path of a Protobuf message's type within its file, and the bytes it took.

    Zigzag varints: a count, then as many indexes; a lone 0 stands for the first message.
    Raises NotFramedError when the bytes end early or the path is absurdly long.
    """
    count, position = _zigzag(data, 0)
    if count == 0:
        return (0,), position
    if not 0 < count <= _MAX_INDEXES:
        raise NotFramedError(f"{count} message indexes")
    indexes = []
    for _ in range(count):
        index, position = _zigzag(data, position)
        indexes.append(index)
    return tuple(indexes), position


def _zigzag(data: bytes, position: int) -> tuple[int, int]:
    value, position = varint(data, position)
    return (value >> 1) ^ -(value & 1), position


def varint(data: bytes, position: int) -> tuple[int, int]:
    """An unsigned little-endian base-128 number of at most ten bytes and the position after it."""
    value = 0
    for shift in range(0, 70, 7):
        if position >= len(data):
            raise NotFramedError("the bytes end within a number")
        byte = data[position]
        position += 1
        value |= (byte & 0x7F) << shift
        if not byte & 0x80:
            return value, position
    raise NotFramedError("a number of more than ten bytes")
