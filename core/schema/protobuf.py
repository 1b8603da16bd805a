"""Reads a compiled Protobuf schema into the field tree, with the .proto file's comments as docs.

Values are described as `core.decoding.protobuf` reads them: enums are text, Timestamp is RFC 3339
text, Struct is a map. A field that may be absent (proto2's and proto3's `optional`, a message, a
member of a oneof) is optional; a plain proto3 scalar is always there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.descriptor_pb2 import DescriptorProto, FileDescriptorProto, FileDescriptorSet

from core.decoding.descriptors import message_name, message_type
from core.decoding.protobuf import WRAPPERS, map_entry
from core.schema.model import ITEMS, VALUES, Field, Kind, Logical, Schema

MAX_FIELDS = 5_000
"""Fields that a tree may have; types nested below are left open then."""

_MESSAGE, _NESTED = 4, 3
_FIELD = 2

MAX_DEPTH = 100
"""Levels of a tree: as many as Protobuf's own parser follows in a message."""

Docs = dict[str, str]


def read(descriptors: bytes, type_name: str | None = None) -> Schema:
    """The tree of a message type, by its full name, or of the file's first one.

    `descriptors` is what `RegisteredSchema` holds. A type that contains itself is described once.
    Raises core.decoding.descriptors.UnreadableDescriptorsError.
    """
    name = type_name or message_name(descriptors)
    descriptor = message_type(descriptors, name)
    docs = _docs(descriptors)
    tree = _Tree(docs)
    root = Field("", frozenset({Kind.OBJECT}), children=tree.fields_of(descriptor, ()))
    return Schema(
        root,
        name=descriptor.name,
        namespace=name.rpartition(".")[0],
        doc=docs.get(name, ""),
        extra={"format": "protobuf"} | ({"truncated": "true"} if tree.left <= 0 else {}),
    )


@dataclass(slots=True)
class _Tree:
    docs: Docs
    left: int = field(default=MAX_FIELDS)

    def fields_of(self, descriptor: Descriptor, above: tuple[str, ...]) -> tuple[Field, ...]:
        if descriptor.full_name in above or self.left <= 0 or len(above) >= MAX_DEPTH:
            return ()
        below = (*above, descriptor.full_name)
        return tuple(self._field(own, below) for own in descriptor.fields)

    def _field(self, own: FieldDescriptor, above: tuple[str, ...]) -> Field:
        self.left -= 1
        doc = self.docs.get(own.full_name, "")
        if entry := map_entry(own):
            value = self._single(VALUES, entry.fields_by_name["value"], above)
            return Field(own.name, frozenset({Kind.MAP}), children=(value,), doc=doc)
        if own.is_repeated:
            item = self._single(ITEMS, own, above)
            return Field(own.name, frozenset({Kind.ARRAY}), children=(item,), doc=doc)
        single = self._single(own.name, own, above)
        return replace(single, optional=own.has_presence and not own.is_required, doc=doc)

    def _single(self, name: str, own: FieldDescriptor, above: tuple[str, ...]) -> Field:
        if own.message_type:
            return self._message(name, own.message_type, above)
        if own.enum_type:
            symbols = tuple(value.name for value in own.enum_type.values)
            return Field(name, frozenset({Kind.STRING}), enum=symbols)
        return Field(name, frozenset({_scalar(own)}))

    def _message(self, name: str, descriptor: Descriptor, above: tuple[str, ...]) -> Field:
        known = descriptor.full_name
        if known in _WELL_KNOWN:
            kinds, logical = _WELL_KNOWN[known]
            return Field(name, kinds, logical=logical, children=_open_children(kinds))
        if known in WRAPPERS:
            return Field(name, frozenset({_scalar(descriptor.fields_by_name["value"])}))
        children = self.fields_of(descriptor, above)
        return Field(name, frozenset({Kind.OBJECT}), children=children)


_SCALARS = {
    FieldDescriptor.CPPTYPE_BOOL: Kind.BOOLEAN,
    FieldDescriptor.CPPTYPE_DOUBLE: Kind.NUMBER,
    FieldDescriptor.CPPTYPE_FLOAT: Kind.NUMBER,
}

_WELL_KNOWN: dict[str, tuple[frozenset[Kind], Logical | None]] = {
    "google.protobuf.Timestamp": (frozenset({Kind.STRING}), Logical.DATE_TIME),
    "google.protobuf.Duration": (frozenset({Kind.STRING}), Logical.DURATION),
    "google.protobuf.FieldMask": (frozenset({Kind.STRING}), None),
    "google.protobuf.Struct": (frozenset({Kind.MAP}), None),
    "google.protobuf.Value": (frozenset(), None),
    "google.protobuf.ListValue": (frozenset({Kind.ARRAY}), None),
}


def _scalar(own: FieldDescriptor) -> Kind:
    if own.type == FieldDescriptor.TYPE_BYTES:
        return Kind.BYTES
    if own.type == FieldDescriptor.TYPE_STRING:
        return Kind.STRING
    return _SCALARS.get(own.cpp_type, Kind.INTEGER)


def _open_children(kinds: frozenset[Kind]) -> tuple[Field, ...]:
    """The members of a Struct or ListValue: of any kind."""
    if Kind.MAP in kinds:
        return (Field(VALUES, frozenset()),)
    return (Field(ITEMS, frozenset()),) if Kind.ARRAY in kinds else ()


def _docs(descriptors: bytes) -> Docs:
    """Comments by the full names of messages and fields.

    Format: SourceCodeInfo's paths of field numbers and indexes, e.g. (4, 0, 2, 1) is the second
    field of the first message; see descriptor.proto.
    """
    docs: Docs = {}
    for file in FileDescriptorSet.FromString(descriptors).file:
        names = dict(_names(file))
        for place in file.source_code_info.location:
            comment = place.leading_comments or place.trailing_comments
            name = names.get(tuple(place.path))
            if name and comment.strip():
                docs[name] = " ".join(comment.split())
    return docs


def _names(file: FileDescriptorProto) -> Iterator[tuple[tuple[int, ...], str]]:
    for index, message in enumerate(file.message_type):
        yield from _names_below(message, (_MESSAGE, index), file.package)


def _names_below(
    message: DescriptorProto, path: tuple[int, ...], scope: str
) -> Iterator[tuple[tuple[int, ...], str]]:
    name = f"{scope}.{message.name}" if scope else message.name
    yield path, name
    for index, own in enumerate(message.field):
        yield (*path, _FIELD, index), f"{name}.{own.name}"
    for index, nested in enumerate(message.nested_type):
        yield from _names_below(nested, (*path, _NESTED, index), name)
