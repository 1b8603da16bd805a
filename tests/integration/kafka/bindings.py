"""What Kafka's own client tells of the ACLs of a topic."""

from __future__ import annotations

from confluent_kafka.admin import (
    AclBinding,
    AclBindingFilter,
    AclOperation,
    AclPermissionType,
    AdminClient,
    ResourcePatternType,
    ResourceType,
)


def every_acl(topic: str) -> AclBindingFilter:
    """Of any kind that says something about this topic."""
    return AclBindingFilter(
        ResourceType.TOPIC,
        topic,
        ResourcePatternType.MATCH,
        None,
        None,
        AclOperation.ANY,
        AclPermissionType.ANY,
    )


class Bindings:
    """The ACLs of one topic."""

    def __init__(self, servers: str, topic: str) -> None:
        self._client = AdminClient({"bootstrap.servers": servers})
        self.topic = topic

    def make(self, binding: AclBinding) -> None:
        for future in self._client.create_acls([binding]).values():
            future.result(10)

    def all(self) -> set[AclBinding]:
        return set(self._client.describe_acls(every_acl(self.topic)).result(10))

    def granted(self) -> list[tuple[str, str]]:
        """Principal and operation of each."""
        return sorted((each.principal, each.operation.name.lower()) for each in self.all())

    def clear(self) -> None:
        for future in self._client.delete_acls([every_acl(self.topic)]).values():
            future.result(10)
