"""A schema as the registry holds it, with everything needed to decode by it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from core.decoding.decoded import SchemaRef


class SchemaKind(StrEnum):
    """The language of a registered schema."""

    AVRO = "avro"
    JSON_SCHEMA = "json-schema"
    PROTOBUF = "protobuf"


@dataclass(frozen=True, slots=True)
class ReferencedSchema:
    """A schema that another one imports under `name` (an Avro full name, a URI, a .proto path)."""

    name: str
    subject: str
    version: int
    text: str


@dataclass(frozen=True, slots=True)
class SubjectVersion:
    """One place where a schema is registered."""

    subject: str
    version: int


@dataclass(frozen=True, slots=True)
class RegisteredSchema:
    """`references` holds the whole closure, each after those that it needs itself.

    `descriptors` is a serialised `google.protobuf.FileDescriptorSet` whose last file is this
    schema (Protobuf only; None when the text does not compile, then `problem` says why).
    `registered_as` is a hint for people: decoding goes by `ref` alone.
    """

    ref: SchemaRef
    kind: SchemaKind
    text: str
    references: tuple[ReferencedSchema, ...] = ()
    registered_as: tuple[SubjectVersion, ...] = ()
    descriptors: bytes | None = None
    problem: str | None = None

    @property
    def subject(self) -> str | None:
        return self.registered_as[0].subject if self.registered_as else None

    @property
    def version(self) -> int | None:
        return self.registered_as[0].version if self.registered_as else None
