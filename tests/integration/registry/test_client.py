from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import AsyncIterator

import pytest

from core.decoding.decoded import Format, SchemaRef
from core.decoding.payload import decode, referenced_schemas
from core.decoding.registered import SchemaKind
from core.schema.protobuf import read
from server.embedded.port_claims import free_port
from tests.unit.decoding.samples import avro, frame, sample
from tools.registry.client import Registry
from tools.registry.errors import (
    IncompatibleSchemaError,
    InvalidSchemaError,
    RegistryFailedError,
    RegistryUnreachableError,
    SubjectNotFoundError,
)
from tools.registry.version import Reference

ADDRESS = {
    "type": "record",
    "name": "Address",
    "namespace": "shop",
    "fields": [{"name": "street", "type": "string"}],
}
CUSTOMER = {
    "type": "record",
    "name": "Customer",
    "namespace": "shop",
    "fields": [{"name": "home", "type": "shop.Address"}],
}


@pytest.fixture
async def registry(registry_url: str) -> AsyncIterator[Registry]:
    registry = Registry(registry_url)
    yield registry
    await registry.close()


@pytest.fixture
async def subject(registry: Registry) -> AsyncIterator[str]:
    """A prefix for subjects, which are deleted after the test, newest first."""
    prefix = f"test-{secrets.token_hex(4)}"
    yield prefix
    for name in reversed([n for n in await registry.subjects() if n.startswith(prefix)]):
        await registry.delete_subject(name)


async def test_an_avro_message_is_decoded_with_referenced_types(registry, subject):
    await registry.register_schema(f"{subject}-a", json.dumps(ADDRESS))
    reference = Reference("shop.Address", f"{subject}-a", 1)
    schema_id = await registry.register_schema(
        f"{subject}-b", json.dumps(CUSTOMER), references=[reference]
    )
    whole = {**CUSTOMER, "fields": [{"name": "home", "type": ADDRESS}]}
    messages = sample(frame(schema_id, avro(whole, {"home": {"street": "Main"}})))

    schemas = await registry.schemas(referenced_schemas(messages))
    batch = decode(messages, schemas)

    assert batch.values[0].values == ({"home": {"street": "Main"}},)
    found = schemas[SchemaRef(id=schema_id)]
    assert found
    assert (found.subject, found.version) == (f"{subject}-b", 1)


async def test_a_protobuf_message_is_decoded_with_its_imports(registry, subject):
    base = 'syntax = "proto3"; package b; message Base { string x = 1; }'
    top = 'syntax = "proto3"; package t; import "base.proto"; message Top { b.Base base = 1; }'
    await registry.register_schema(f"{subject}-a", base, SchemaKind.PROTOBUF)
    reference = Reference("base.proto", f"{subject}-a", 1)
    schema_id = await registry.register_schema(
        f"{subject}-b", top, SchemaKind.PROTOBUF, [reference]
    )
    messages = sample(frame(schema_id, b"\x00\x0a\x03\x0a\x01a"))

    schemas = await registry.schemas(referenced_schemas(messages))
    batch = decode(messages, schemas)

    assert (batch.values[0].format, batch.values[0].type_name) == (Format.PROTOBUF, "t.Top")
    assert batch.values[0].values == ({"base": {"x": "a"}},)
    registered = schemas[SchemaRef(id=schema_id)]
    assert registered
    assert registered.descriptors
    assert [path for path, _ in read(registered.descriptors).walk()] == ["base", "base.x"]


async def test_an_unknown_id_or_guid_is_none_and_remembered(registry_url):
    registry = Registry(registry_url)
    refs = [SchemaRef(id=2_000_000_000), SchemaRef(guid="00000000-0000-4000-8000-000000000000")]

    assert await registry.schemas(refs) == dict.fromkeys(refs)
    await registry.close()  # from here on nobody can be asked
    assert await registry.schemas(refs) == dict.fromkeys(refs)
    with pytest.raises(RuntimeError, match="closed"):
        await registry.schema_by_ref(SchemaRef(id=2_000_000_001))


async def test_one_schema_that_many_ask_for_is_fetched_once(registry, subject):
    text = 'syntax = "proto3"; message One { string x = 1; }'
    schema_id = await registry.register_schema(subject, text, SchemaKind.PROTOBUF)

    found = await asyncio.gather(
        *(registry.schema_by_ref(SchemaRef(id=schema_id)) for _ in range(20))
    )

    assert all(schema is found[0] for schema in found)


async def test_subjects_versions_and_the_newest_one_are_told(registry, subject):
    assert await registry.latest_version(subject) is None
    await registry.register_schema(subject, json.dumps(ADDRESS))
    wider = {
        **ADDRESS,
        "fields": [*ADDRESS["fields"], {"name": "zip", "type": "string", "default": ""}],
    }
    second = await registry.register_schema(subject, json.dumps(wider))

    latest = await registry.latest_version(subject)

    assert latest
    assert (latest.version, latest.id, latest.kind) == (2, second, SchemaKind.AVRO)
    assert json.loads(latest.text) == wider
    assert await registry.versions(subject) == (1, 2)
    assert subject in await registry.subjects()


async def test_an_incompatible_schema_is_refused_and_named(registry, subject):
    await registry.register_schema(subject, json.dumps(ADDRESS))
    await registry.set_compatibility("BACKWARD", subject)
    assert await registry.compatibility(subject) == "BACKWARD"
    other = {**ADDRESS, "fields": [{"name": "town", "type": "string"}]}

    with pytest.raises(IncompatibleSchemaError, match=subject):
        await registry.register_schema(subject, json.dumps(other))
    with pytest.raises(InvalidSchemaError, match=subject):
        await registry.register_schema(f"{subject}-x", "{", SchemaKind.AVRO)
    with pytest.raises(SubjectNotFoundError, match=f"{subject}-x"):
        await registry.versions(f"{subject}-x")


async def test_a_registry_that_is_away_is_named_and_not_asked_again_for_a_while():
    registry = Registry("http://user:secret@127.0.0.1:1", timeout=2, pause=60)

    with pytest.raises(RegistryUnreachableError, match="HEADWATER_SCHEMA_REGISTRY") as caught:
        await registry.subjects()
    assert "secret" not in str(caught.value)
    assert await registry.schemas([SchemaRef(id=i) for i in range(1, 50)]) == {}
    with pytest.raises(RegistryUnreachableError, match="some seconds ago"):
        await registry.schema_by_ref(SchemaRef(id=1))
    await registry.close()


async def test_what_is_no_registry_is_told_apart(registry_url):
    registry = Registry(f"{registry_url}/nowhere")

    with pytest.raises(RegistryFailedError, match="no Confluent-compatible"):
        await registry.subjects()
    await registry.close()


async def test_it_recovers_when_the_registry_comes_back():
    port = free_port()
    registry = Registry(f"http://127.0.0.1:{port}", timeout=2, pause=0.2)
    with pytest.raises(RegistryUnreachableError):
        await registry.subjects()

    async with await asyncio.start_server(_subjects, "127.0.0.1", port):
        await asyncio.sleep(0.3)
        assert await registry.subjects() == ("a",)
        await registry.close()


async def _subjects(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\n["a"]')
    await writer.drain()
    writer.close()


async def test_a_schema_is_found_under_its_subject_by_its_content(registry, subject):
    assert await registry.version_of(f"{subject}-a", json.dumps(ADDRESS)) is None
    schema_id = await registry.register_schema(f"{subject}-a", json.dumps(ADDRESS))

    found = await registry.version_of(f"{subject}-a", json.dumps(ADDRESS))

    assert found is not None
    assert (found.version, found.id) == (1, schema_id)
    assert await registry.version_of(f"{subject}-a", json.dumps({**ADDRESS, "name": "B"})) is None


async def test_one_version_is_deleted_for_good_and_registered_again(registry, subject):
    town = {"name": "town", "type": ["null", "string"], "default": None}
    other = json.dumps({**ADDRESS, "fields": [*ADDRESS["fields"], town]})
    await registry.register_schema(subject, json.dumps(ADDRESS))
    await registry.register_schema(subject, other)

    await registry.delete_version(subject, 2)
    await registry.delete_version(subject, 2)

    assert await registry.versions(subject) == (1,)
    assert await registry.version_of(subject, other) is None
    await registry.register_schema(subject, other)
    assert len(await registry.versions(subject)) == 2


async def test_a_json_schema_is_registered_and_found(registry, subject):
    text = json.dumps({"type": "object", "properties": {"a": {"type": "string"}}})
    schema_id = await registry.register_schema(subject, text, SchemaKind.JSON_SCHEMA)

    found = await registry.version_of(subject, text, SchemaKind.JSON_SCHEMA)

    assert found is not None
    assert found.id == schema_id


async def test_a_subjects_own_level_is_set_and_taken_back(registry, subject):
    for_all = await registry.compatibility()
    await registry.register_schema(subject, json.dumps(ADDRESS))

    await registry.set_compatibility("FULL_TRANSITIVE", subject)
    assert await registry.compatibility(subject) == "FULL_TRANSITIVE"
    await registry.reset_compatibility(subject)
    await registry.reset_compatibility(subject)

    assert await registry.compatibility(subject) == for_all
