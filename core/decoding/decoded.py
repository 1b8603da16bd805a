"""What a sample of a topic turned out to be, grouped by format and schema."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Format(StrEnum):
    """How a key or value was written. `json-schema` is JSON framed with a registered schema."""

    JSON = "json"
    AVRO = "avro"
    AVRO_CONTAINER = "avro-container"
    PROTOBUF = "protobuf"
    JSON_SCHEMA = "json-schema"
    MSGPACK = "msgpack"
    CBOR = "cbor"
    CSV = "csv"
    TEXT = "text"
    BINARY = "binary"


class FailureReason(StrEnum):
    """Why a message could not be decoded."""

    UNKNOWN_SCHEMA = "unknown_schema"
    REGISTRY_UNREACHABLE = "registry_unreachable"
    BROKEN_PAYLOAD = "broken_payload"
    TOO_LARGE = "too_large"


@dataclass(frozen=True, slots=True)
class SchemaRef:
    """A schema that a message names in its bytes or headers: an id or a GUID, never a subject."""

    id: int | None = None
    guid: str | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """A message kept as evidence: where it lies and why it failed, never what it says."""

    partition: int
    offset: int
    reason: FailureReason
    detail: str
    size: int


@dataclass(frozen=True, slots=True)
class Group:
    """Values of one format and schema, JSON-like: dict, list, str, int, float, bool, None, bytes.

    Logical Avro and Protobuf types arrive in their JSON form (RFC 3339 text, decimals as text).
    A message that carries many records (an Avro container, CSV or JSON lines) gives a value for
    each, so `messages` counts the messages behind the values. Big-endian integers, as Java writes
    its keys, are ints of the format `binary`. `bytes` is the size of the encoded values;
    `type_name` is the full name of the Protobuf message type within the schema's file. `places`
    tells of each value which of the messages held it.
    """

    format: Format
    schema: SchemaRef | None
    values: tuple[object, ...]
    bytes: int
    messages: int = 0
    type_name: str | None = None
    places: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class DecodedBatch:
    """A decoded sample of one topic; every message is in a group, a tombstone or a failure."""

    messages: int
    bytes: int
    values: tuple[Group, ...]
    keys: tuple[Group, ...]
    unkeyed: int
    tombstones: int
    header_names: Mapping[str, int]
    failures: tuple[Failure, ...]
