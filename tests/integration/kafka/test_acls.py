from __future__ import annotations

import secrets
from collections.abc import AsyncIterator

import pytest
from confluent_kafka.admin import (
    AclBinding,
    AclBindingFilter,
    AclOperation,
    AclPermissionType,
    AdminClient,
    ResourcePatternType,
    ResourceType,
)

from tools.kafka.admin import Acl, KafkaAdmin
from tools.kafka.connection import KafkaConnection

READ, WRITE = Acl("User:team-a", "read"), Acl("User:team-a", "write")


def binding(name: str, **more: object) -> AclBinding:
    """What `READ` is on the topic of that name, but for what a test wants otherwise."""
    given = {
        "restype": ResourceType.TOPIC,
        "name": name,
        "resource_pattern_type": ResourcePatternType.LITERAL,
        "principal": READ.principal,
        "host": "*",
        "operation": AclOperation.READ,
        "permission_type": AclPermissionType.ALLOW,
    }
    return AclBinding(**{**given, **more})


class Raw:
    """Kafka's own client on one topic's ACLs."""

    def __init__(self, servers: str, name: str) -> None:
        self._client = AdminClient({"bootstrap.servers": servers})
        self.name = name

    def make(self, **more: object) -> AclBinding:
        made = binding(self.name, **more)
        for future in self._client.create_acls([made]).values():
            future.result(10)
        return made

    def all(self) -> set[AclBinding]:
        return set(self._client.describe_acls(self._every()).result(10))

    def clear(self) -> None:
        for future in self._client.delete_acls([self._every()]).values():
            future.result(10)

    def _every(self) -> AclBindingFilter:
        return AclBindingFilter(
            ResourceType.TOPIC,
            self.name,
            ResourcePatternType.MATCH,
            None,
            None,
            AclOperation.ANY,
            AclPermissionType.ANY,
        )


@pytest.fixture
def admin(bootstrap_servers: str) -> KafkaAdmin:
    return KafkaAdmin(KafkaConnection(bootstrap_servers))


@pytest.fixture
async def raw(bootstrap_servers: str) -> AsyncIterator[Raw]:
    raw = Raw(bootstrap_servers, f"test-{secrets.token_hex(4)}")
    yield raw
    raw.clear()


async def test_what_is_granted_is_there_at_once_and_once_only(admin: KafkaAdmin, raw: Raw) -> None:
    await admin.create_acls(raw.name, {READ})
    await admin.create_acls(raw.name, {READ, WRITE})

    assert await admin.acls(raw.name) == {READ, WRITE}
    assert raw.all() == {
        binding(raw.name),
        binding(raw.name, operation=AclOperation.WRITE),
    }


async def test_only_what_is_named_is_taken_back(admin: KafkaAdmin, raw: Raw) -> None:
    await admin.create_acls(raw.name, {READ, WRITE})

    assert await admin.delete_acls(raw.name, {READ}) == {READ}
    assert await admin.delete_acls(raw.name, {READ}) == frozenset()

    assert await admin.acls(raw.name) == {WRITE}


@pytest.mark.parametrize(
    "other",
    [
        {"permission_type": AclPermissionType.DENY},
        {"host": "10.0.0.1"},
        {"resource_pattern_type": ResourcePatternType.PREFIXED},
    ],
)
async def test_a_binding_of_another_kind_is_neither_told_nor_touched(
    admin: KafkaAdmin, raw: Raw, other: dict[str, object]
) -> None:
    made = raw.make(**other)

    assert await admin.acls(raw.name) == frozenset()
    assert await admin.delete_acls(raw.name, {READ}) == frozenset()
    assert raw.all() == {made}


async def test_a_cluster_that_keeps_acls_and_lets_us_change_them_is_taken(
    admin: KafkaAdmin,
) -> None:
    await admin.require_acls()
