"""The Python snippets run as they are: one produces a valid example, the other reads it back."""

from __future__ import annotations

import ast
import asyncio
import datetime
import json
import secrets
import signal
import sys
from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from confluent_kafka.admin import AdminClient

from core.decoding.registered import SchemaKind
from core.quality.record import broken
from core.schema import avro_writer, json_schema
from server.app import products_app
from server.embedded.stack import EmbeddedStack
from tests.integration.catalog.conftest import client_of, settings_of
from tests.integration.products.requests import ANY, contract, created
from tests.unit.contract.plans import RULES, SCHEMA, plan
from tools.registry.client import Registry

Client = httpx.AsyncClient

_SECONDS = 40


@pytest.fixture
async def registry(registry_url: str) -> AsyncIterator[Registry]:
    registry = Registry(registry_url)
    yield registry
    await registry.close()


async def snippets(client: Client, product_id: str, language: str) -> dict[str, str]:
    asked = {"language": language}
    items = (await client.get(f"/products/{product_id}/snippets", params=asked)).json()["items"]
    return {item["role"]: item["code"] for item in items}


async def ran(code: str, folder: Path) -> str:
    """What a snippet says that ends by itself."""
    (folder / "snippet.py").write_text(code)
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(folder / "snippet.py"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await asyncio.wait_for(process.communicate(), _SECONDS)
    assert process.returncode == 0, said.decode()
    return said.decode()


async def first_line(code: str, folder: Path) -> str:
    """The first line of a snippet that goes on until Ctrl-C."""
    (folder / "snippet.py").write_text(code)
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(folder / "snippet.py"),
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    line = await asyncio.wait_for(process.stdout.readline(), _SECONDS)
    process.send_signal(signal.SIGINT)
    assert await asyncio.wait_for(process.wait(), _SECONDS) == 0
    return line.decode()


def read_back(line: str) -> tuple[str, dict[str, Any]]:
    """The key and the record that a consumer has printed, as Python shows them."""
    key, _, record = line.partition("' ")
    known = {"datetime": datetime, "Decimal": Decimal, "UUID": UUID}
    return ast.literal_eval(f"{key}'").decode(), eval(record, known)  # noqa: S307 (our own)


async def put_product(client: Client, topic: str, data_format: str, **more: Any) -> None:
    schema_plan = {**plan().schema_plan.model_dump(mode="json"), "format": data_format, **more}
    await created(client, topic, id=f"p-{topic.rpartition('.')[2]}")
    path = f"/products/p-{topic.rpartition('.')[2]}/contract"
    sent = contract(topic, schema_plan={"subject": f"{topic}-value", **schema_plan} | more)
    put = await client.put(path, json=sent, headers=ANY)
    assert put.status_code == 200, put.text


@pytest.mark.parametrize("data_format", ["avro", "json-schema"])
async def test_registered_records_are_produced_and_read_back(
    client: Client,
    registry: Registry,
    topic: str,
    tmp_path: Path,
    data_format: str,
    bootstrap_servers: str,
) -> None:
    subject = f"{topic}-value"
    avro = data_format == "avro"
    text = avro_writer.write(SCHEMA) if avro else json_schema.write(SCHEMA)
    kind = SchemaKind.AVRO if avro else SchemaKind.JSON_SCHEMA
    await registry.register_schema(subject, json.dumps(text), kind)
    await put_product(client, topic, data_format, subject=subject)
    product_id = f"p-{topic.rpartition('.')[2]}"
    code = await snippets(client, product_id, "python")

    said = await ran(code["producer"], tmp_path)
    key, record = read_back(await first_line(code["consumer"], tmp_path))

    assert f"delivered to {topic}" in said
    assert str(record["transaction_id"]) == key
    assert set(record) == {field.name for field in SCHEMA.root.children}
    assert broken(record, RULES) == ()
    assert await registry.versions(subject) == (1,)
    await registry.delete_subject(subject)
    forget(bootstrap_servers, f"my-team.{product_id}")


async def test_plain_json_needs_no_registry(
    stack: EmbeddedStack, database_url: str, topic: str, tmp_path: Path, bootstrap_servers: str
) -> None:
    settings = settings_of(stack, database_url).model_copy(update={"schema_registry": None})
    async with client_of(products_app(settings)) as client:
        await put_product(client, topic, "json-schema", subject=f"{topic}-value")
        product_id = f"p-{topic.rpartition('.')[2]}"
        code = await snippets(client, product_id, "python")

        await ran(code["producer"], tmp_path)
        key, record = read_back(await first_line(code["consumer"], tmp_path))

    assert "registry" not in code["producer"] + code["consumer"]
    assert str(record["transaction_id"]) == key
    forget(bootstrap_servers, f"my-team.{product_id}")


async def test_a_subject_of_another_name_is_told_to_the_serializer(
    client: Client, registry: Registry, topic: str, tmp_path: Path
) -> None:
    subject = f"risk.FraudScore-{secrets.token_hex(4)}"
    await registry.register_schema(subject, json.dumps(avro_writer.write(SCHEMA)))
    await put_product(client, topic, "avro", subject=subject)
    code = await snippets(client, f"p-{topic.rpartition('.')[2]}", "python")

    assert f"delivered to {topic}" in await ran(code["producer"], tmp_path)
    await registry.delete_subject(subject)


async def test_every_language_has_both_roles_with_the_real_names(
    client: Client, topic: str, bootstrap_servers: str, registry_url: str
) -> None:
    await put_product(client, topic, "avro", subject=f"{topic}-value")
    product_id = f"p-{topic.rpartition('.')[2]}"

    answer = await client.get(f"/products/{product_id}/snippets")
    one = await client.get(f"/products/{product_id}/snippets?language=shell&role=consumer")

    items = answer.json()["items"]
    assert {(item["language"], item["role"]) for item in items} == {
        (language, role)
        for language in ("python", "java", "shell")
        for role in ("producer", "consumer")
    }
    for item in items:
        assert topic in item["code"]
        assert bootstrap_servers in item["code"]
        assert registry_url in item["code"]
        assert item["requires"]
    assert [item["filename"] for item in one.json()["items"]] == ["consume.sh", "kcat.sh"]


async def test_a_topic_of_an_unknown_schema_has_consumers_alone(client: Client, topic: str) -> None:
    await created(client, topic, id="p")

    items = (await client.get("/products/p/snippets")).json()["items"]

    assert {item["role"] for item in items} == {"consumer"}


def forget(bootstrap_servers: str, group: str) -> None:
    admin = AdminClient({"bootstrap.servers": bootstrap_servers})
    for future in admin.delete_consumer_groups([group]).values():
        future.result()
