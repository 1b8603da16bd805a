"""Turns a serialised FileDescriptorSet into message types, without touching the global pool."""

from __future__ import annotations

from functools import lru_cache

from google.protobuf.descriptor import Descriptor
from google.protobuf.descriptor_pb2 import DescriptorProto, FileDescriptorProto, FileDescriptorSet
from google.protobuf.descriptor_pool import DescriptorPool


class UnreadableDescriptorsError(ValueError):
    """The descriptor set is damaged, incomplete or names no such type."""


@lru_cache(maxsize=256)
def pool_of(descriptors: bytes) -> tuple[DescriptorPool, FileDescriptorProto]:
    """A pool of the set's files and the set's last file, which is the schema itself."""
    pool = DescriptorPool()
    try:
        files = FileDescriptorSet.FromString(descriptors).file
        for file in files:
            pool.AddSerializedFile(file.SerializeToString())
        return pool, files[-1]
    except Exception as error:
        raise UnreadableDescriptorsError(
            f"unusable descriptors ({type(error).__name__})"
        ) from error


@lru_cache(maxsize=1024)
def message_name(descriptors: bytes, indexes: tuple[int, ...] = (0,)) -> str:
    """The full name of the message type at a path of the file, e.g. (1, 0): first within second."""
    _, file = pool_of(descriptors)
    level, names = list(file.message_type), [file.package] if file.package else []
    for index in indexes:
        if not 0 <= index < len(level):
            raise UnreadableDescriptorsError(f"the schema has no message type at {indexes}")
        found: DescriptorProto = level[index]
        names.append(found.name)
        level = list(found.nested_type)
    return ".".join(names)


def message_type(descriptors: bytes, name: str) -> Descriptor:
    """The message type of that full name. Raises UnreadableDescriptorsError."""
    try:
        return pool_of(descriptors)[0].FindMessageTypeByName(name)
    except KeyError as error:
        raise UnreadableDescriptorsError(f"the schema has no message type {name}") from error
