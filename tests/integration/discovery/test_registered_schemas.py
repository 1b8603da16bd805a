import io
import json
import struct
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import fastavro
import pytest

from core.decoding.decoded import SchemaRef
from core.decoding.registered import RegisteredSchema, SchemaKind
from core.source import SourceChangeKind
from tests.integration.discovery.conftest import Corner, Scanner
from tools.registry.client import Registry

V1 = {
    "type": "record",
    "name": "Invoice",
    "namespace": "acme.finance",
    "doc": "Invoices as booked by finance.",
    "owner": "group:default/finance",
    "fields": [{"name": "number", "type": "string"}, {"name": "total", "type": "double"}],
}
V2 = {**V1, "fields": [*V1["fields"], {"name": "currency", "type": "string", "default": "EUR"}]}
OTHER = {
    "type": "record",
    "name": "Payment",
    "namespace": "acme.finance",
    "fields": [{"name": "iban", "type": "string"}],
}


def framed(
    schema_id: int, schema: dict[str, Any], records: list[dict[str, Any]]
) -> Iterator[bytes]:
    parsed = fastavro.parse_schema(schema)
    for record in records:
        out = io.BytesIO()
        fastavro.schemaless_writer(out, parsed, record)
        yield b"\0" + struct.pack(">I", schema_id) + out.getvalue()


class AsWithout(Registry):
    """The real registry as it was before some schemas were registered."""

    lacking: frozenset[SchemaRef] = frozenset()

    async def schemas(self, refs: Iterable[SchemaRef]) -> dict[SchemaRef, RegisteredSchema | None]:
        answers = await super().schemas(refs)
        return {ref: None if ref in self.lacking else found for ref, found in answers.items()}


def invoices(count: int, **more: object) -> list[dict[str, Any]]:
    return [{"number": f"I-{at}", "total": at * 1.5, **more} for at in range(count)]


@pytest.fixture
async def register(corner: Corner, registry: Registry) -> Any:
    made: set[str] = set()

    async def register(name: str, schema: dict[str, Any]) -> int:
        subject = f"{name}.{corner.prefix}"
        made.add(subject)
        return await registry.register_schema(subject, json.dumps(schema), SchemaKind.AVRO)

    yield register
    for subject in made:
        await registry.delete_subject(subject)


async def test_the_registered_schema_is_the_truth(
    corner: Corner, scanner: Scanner, register: Callable[..., Any]
) -> None:
    schema_id = await register("invoices-value", V1)
    topic = await corner.create("invoices")
    corner.put(topic, framed(schema_id, V1, invoices(40)))

    await scanner()

    source = await scanner.sources.get(topic)
    assert source.schema is not None
    assert (source.schema.name, source.schema_id) == ("Invoice", schema_id)
    assert source.summary.has_registered_schema
    assert source.summary.format == "avro"
    assert source.subject == f"invoices-value.{corner.prefix}"
    total = dict(source.schema.walk())["total"]
    assert total.evidence is not None
    assert (total.evidence.parents, total.evidence.seen) == (40, 40)
    assert source.summary.description is not None
    assert source.summary.description.by == "registry"
    assert source.summary.owner is not None
    assert source.summary.owner.ref == "group:default/finance"


async def test_a_newer_registered_version_is_a_change_and_older_messages_do_not_undo_it(
    corner: Corner, scanner: Scanner, register: Callable[..., Any]
) -> None:
    old = await register("invoices-value", V1)
    new = await register("invoices-value", V2)
    topic = await corner.create("invoices")
    corner.put(topic, framed(old, V1, invoices(30)))
    await scanner()
    corner.put(topic, framed(new, V2, invoices(1, currency="EUR")))
    await scanner()
    kind, lines = (await scanner.changes(topic))[-1]
    assert kind is SourceChangeKind.CHANGED
    assert len(lines) == 1
    assert lines[0].startswith("currency: added")

    corner.put(topic, framed(old, V1, invoices(400)))
    await scanner()

    source = await scanner.sources.get(topic)
    assert (source.version, source.schema_id) == (2, new)


async def test_several_registered_records_are_event_kinds(
    corner: Corner, scanner: Scanner, register: Callable[..., Any]
) -> None:
    first, second = await register("a-value", V1), await register("b-value", OTHER)
    topic = await corner.create("ledger")
    corner.put(topic, framed(first, V1, invoices(30)))
    corner.put(topic, framed(second, OTHER, [{"iban": f"DE{at}"} for at in range(10)]))

    await scanner()

    source = await scanner.sources.get(topic)
    assert [(kind.name, kind.messages) for kind in source.report.event_kinds] == [
        ("Invoice", 30),
        ("Payment", 10),
    ]
    assert source.schema is not None
    assert {path for path, _ in source.schema.walk()} == {"number", "total", "iban"}


async def test_an_unknown_schema_id_is_counted_and_read_again_once_it_is_registered(
    corner: Corner, scanner_of: Any, registry_url: str, register: Callable[..., Any]
) -> None:
    registry = AsWithout(registry_url)
    scanner = scanner_of(registry)
    schema_id = await register("invoices-value", V1)
    topic = await corner.create("invoices")
    corner.put(topic, framed(schema_id, V1, invoices(5)))

    registry.lacking = frozenset({SchemaRef(id=schema_id)})
    first, second = await scanner(), await scanner()
    counted = await scanner.sources.get(topic)
    registry.lacking = frozenset()
    third, fourth = await scanner(), await scanner()
    await registry.close()

    assert (first.failed, first.new) == (0, 1)
    assert counted.schema is None
    (failure,) = counted.report.failures
    assert (failure.reason, failure.messages) == ("unknown_schema", 5)
    assert counted.report.unknown_schemas == (str(schema_id),)
    assert [scan.skipped for scan in (second, third, fourth)] == [1, 0, 1]
    read = await scanner.sources.get(topic)
    assert (read.schema_id, read.report.unknown_schemas) == (schema_id, ())


async def test_a_silent_registry_fails_the_topic_and_the_next_scan_recovers(
    corner: Corner, scanner_of: Any, registry: Registry, register: Callable[..., Any]
) -> None:
    schema_id = await register("invoices-value", V1)
    framed_topic, plain = await corner.create("invoices"), await corner.create("plain")
    corner.put(framed_topic, framed(schema_id, V1, invoices(20)))
    corner.put(plain, invoices(20))
    away = Registry("http://127.0.0.1:1/nothing")
    scanner = scanner_of(away)

    progress = await scanner()
    await away.close()

    assert (progress.new, progress.failed) == (2, 1)
    (failure,) = progress.failures
    assert failure.startswith(f"{framed_topic}: the schema registry did not answer")
    assert (await scanner.sources.get(plain)).version == 1
    assert (await scanner.sources.get(framed_topic)).report.error

    recovered = scanner_of(registry)
    assert (await recovered()).failed == 0
    source = await recovered.sources.get(framed_topic)
    assert (source.version, source.report.error) == (1, None)
