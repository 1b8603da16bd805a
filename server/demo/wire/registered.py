"""The fleet's schemas as a registry would hand them out, where no registry runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from google.protobuf import timestamp_pb2
from google.protobuf.descriptor_pb2 import FileDescriptorProto, FileDescriptorSet

from core.decoding.decoded import SchemaRef
from core.decoding.registered import ReferencedSchema, RegisteredSchema, SchemaKind
from server.demo.topic import Topic
from server.demo.wire.protobuf import proto_file
from server.demo.wire.schema import SchemaKey, SchemaText, schemas_of, shared_schemas_of


def numbered(topic: Topic, first: int) -> dict[SchemaKey, int]:
    """Ids for the topic's schemas, counted from `first`."""
    return {schema.key: number for number, schema in enumerate(schemas_of(topic), first)}


def registered(
    topic: Topic, ids: Mapping[SchemaKey, int]
) -> Iterator[tuple[SchemaRef, RegisteredSchema]]:
    """What messages of the topic are decoded by, for those schemas that have an id."""
    shared = tuple(
        ReferencedSchema(schema.subject, schema.subject, 1, schema.text)
        for schema in shared_schemas_of(topic)
    )
    for schema in schemas_of(topic):
        if schema.key in ids:
            ref = SchemaRef(ids[schema.key])
            yield (
                ref,
                RegisteredSchema(
                    ref, schema.kind, schema.text, shared, descriptors=_descriptors(topic, schema)
                ),
            )


def _descriptors(topic: Topic, schema: SchemaText) -> bytes | None:
    if schema.kind is not SchemaKind.PROTOBUF:
        return None
    name, version = schema.key
    event = next(event for event in topic.events if event.name == name)
    clock = FileDescriptorProto.FromString(timestamp_pb2.DESCRIPTOR.serialized_pb)
    files = [clock, proto_file(event, topic.namespace, version)]
    return FileDescriptorSet(file=files).SerializeToString()
