"""ACLs of topics, asked and changed on a real Kafka."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator

import pytest
from confluent_kafka.admin import (
    AclBinding,
    AclOperation,
    AclPermissionType,
    ResourcePatternType,
    ResourceType,
)

from tests.integration.kafka.bindings import Bindings
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


@pytest.fixture
def admin(bootstrap_servers: str) -> KafkaAdmin:
    return KafkaAdmin(KafkaConnection(bootstrap_servers))


@pytest.fixture
async def raw(bootstrap_servers: str) -> AsyncIterator[Bindings]:
    raw = Bindings(bootstrap_servers, f"test-{secrets.token_hex(4)}")
    yield raw
    raw.clear()


async def test_what_is_granted_is_there_at_once_and_once_only(
    admin: KafkaAdmin, raw: Bindings
) -> None:
    await admin.create_acls(raw.topic, {READ})
    await admin.create_acls(raw.topic, {READ, WRITE})

    assert await admin.acls(raw.topic) == {READ, WRITE}
    assert raw.all() == {
        binding(raw.topic),
        binding(raw.topic, operation=AclOperation.WRITE),
    }


async def test_only_what_is_named_is_taken_back(admin: KafkaAdmin, raw: Bindings) -> None:
    await admin.create_acls(raw.topic, {READ, WRITE})

    assert await admin.delete_acls(raw.topic, {READ}) == {READ}
    assert await admin.delete_acls(raw.topic, {READ}) == frozenset()

    assert await admin.acls(raw.topic) == {WRITE}


@pytest.mark.parametrize(
    "other",
    [
        {"permission_type": AclPermissionType.DENY},
        {"host": "10.0.0.1"},
        {"resource_pattern_type": ResourcePatternType.PREFIXED},
    ],
)
async def test_a_binding_of_another_kind_is_neither_told_nor_touched(
    admin: KafkaAdmin, raw: Bindings, other: dict[str, object]
) -> None:
    made = binding(raw.topic, **other)
    raw.make(made)

    assert await admin.acls(raw.topic) == frozenset()
    assert await admin.delete_acls(raw.topic, {READ}) == frozenset()
    assert raw.all() == {made}


async def test_a_cluster_that_keeps_acls_and_lets_us_change_them_is_taken(
    admin: KafkaAdmin,
) -> None:
    await admin.require_acls()
