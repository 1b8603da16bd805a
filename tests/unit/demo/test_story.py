"""Stories: deterministic, and written so that others can read them."""

from __future__ import annotations

import csv
import io
import json
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import fastavro
import pytest
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory, timestamp_pb2
from google.protobuf.unknown_fields import UnknownFieldSet
from grpc_tools import protoc

from server.demo.fleet import TOPICS
from server.demo.population import populate
from server.demo.story import Onward, Record, Story
from server.demo.topic import FLAWLESS, Topic, Writing
from server.demo.wire.encoder import LOST_SCHEMA_ID, Encoder
from server.demo.wire.schema import SchemaText, schemas_of, shared_schemas_of

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
WORLD = populate(7, NOW.date())
BY_NAME = {topic.name: topic for topic in TOPICS}


def ids_of(topic: Topic) -> dict[tuple[str, int], int]:
    return {schema.key: number for number, schema in enumerate(schemas_of(topic), 1)}


def tell(topic: Topic, count: int, seed: str = "7") -> list[Record]:
    return list(Story(topic, WORLD, Encoder(topic, ids_of(topic)), seed).past(count, NOW))


def of_writing(*writings: Writing) -> list[Topic]:
    return [topic for topic in TOPICS if topic.writing in writings and topic.count]


def named(topics: list[Topic]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("topic", topics, ids=lambda topic: topic.name)


@named([topic for topic in TOPICS if topic.count])
def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(topic: Topic):
    told = tell(topic, 40)
    assert told == tell(topic, 40)
    assert [record.value for record in told] != [record.value for record in tell(topic, 40, "8")]


def test_the_same_seed_gives_the_same_company():
    assert populate(7, NOW.date()) == WORLD
    assert populate(8, NOW.date()) != WORLD


@named([topic for topic in TOPICS if topic.count])
def test_messages_arrive_in_the_topics_hours_oldest_first(topic: Topic):
    times = [record.timestamp_ms / 1000 for record in tell(topic, 50)]
    assert times[0] >= (NOW - timedelta(hours=topic.hours)).timestamp()
    assert times[-1] <= NOW.timestamp() + 2
    assert times[0] < times[len(times) // 2] < times[-1]


@named(of_writing(Writing.REGISTERED_AVRO))
def test_framed_avro_is_read_with_the_schema_of_its_id(topic: Topic):
    readers = {}
    for schema, number in zip(schemas_of(topic), ids_of(topic).values(), strict=True):
        known: dict[str, object] = {}
        for shared in shared_schemas_of(topic):
            fastavro.parse_schema(json.loads(shared.text), known)
        readers[number] = fastavro.parse_schema(json.loads(schema.text), known)
    seen = set()
    for value in framed_values(topic):
        seen.add(number := int.from_bytes(value[1:5], "big"))
        rest = io.BytesIO(value[5:])
        assert isinstance(fastavro.schemaless_reader(rest, readers[number], None), dict)
        assert rest.read() == b""
    assert seen == set(readers)


@named(of_writing(Writing.REGISTERED_PROTOBUF))
def test_framed_protobuf_is_read_with_the_registered_text(topic: Topic, tmp_path: Path):
    (schema,) = schemas_of(topic)
    message_class = compiled(schema, tmp_path)
    for value in framed_values(topic):
        assert value[5:6] == b"\x00"
        message = message_class()
        message.ParseFromString(value[6:])
        assert message.ByteSize() == len(value) - 6
        assert len(UnknownFieldSet(message)) == 0


def compiled(schema: SchemaText, folder: Path) -> type:
    (folder / "it.proto").write_text(schema.text)
    out = folder / "it.bin"
    wellknown = Path(protoc.__file__).parent / "_proto"
    arguments = ["protoc", f"-I{folder}", f"-I{wellknown}", f"--descriptor_set_out={out}"]
    assert protoc.main([*arguments, "it.proto"]) == 0, sys.stderr
    (file,) = descriptor_pb2.FileDescriptorSet.FromString(out.read_bytes()).file
    pool = descriptor_pool.DescriptorPool()
    pool.AddSerializedFile(timestamp_pb2.DESCRIPTOR.serialized_pb)
    pool.Add(file)
    name = f"{file.package}.{file.message_type[0].name}"
    return message_factory.GetMessageClass(pool.FindMessageTypeByName(name))


def framed_values(topic: Topic) -> list[bytes]:
    """The values that were not broken on purpose."""
    whole = replace(topic, defects=FLAWLESS)
    values = [record.value for record in tell(whole, 60) if record.value is not None]
    assert all(value[0] == 0 for value in values)
    return values


@named(of_writing(Writing.JSON))
def test_json_is_an_object_unless_it_was_cut_off(topic: Topic):
    broken = 0
    for record in tell(topic, 120):
        if record.value is None:
            continue
        try:
            assert isinstance(json.loads(record.value), dict)
        except json.JSONDecodeError:
            broken += 1
    assert broken <= 120 * topic.defects.cut * 2 + (4 if topic.defects.cut else 0)


@named(of_writing(Writing.CSV))
def test_csv_rows_have_the_columns_of_their_event(topic: Topic):
    rows = [next(csv.reader([r.value.decode()], delimiter=";")) for r in tell(topic, 80) if r.value]
    whole = sum(len(row) == len(topic.events[0].fields) for row in rows)
    assert whole >= 0.9 * len(rows)


def test_avro_containers_carry_their_schema():
    values = [record.value for record in tell(BY_NAME["stock_snapshot_avro"], 20)]
    rows = [row for value in values if value for row in fastavro.reader(io.BytesIO(value))]
    assert len(rows) == 20
    assert rows[0].keys() == {"sku", "site", "qty", "value_eur", "snapshot_ts"}


def test_several_event_types_share_a_topic_by_discriminator():
    told = tell(BY_NAME["support.ticket-events.v1"], 200)
    kinds = {json.loads(record.value or b"{}")["event_type"] for record in told}
    assert kinds == {"ticket.created", "ticket.assigned", "ticket.solved"}


def test_some_messages_name_a_schema_that_nobody_has():
    told = tell(BY_NAME["payments.transactions.v3"], 2_000)
    lost = [r for r in told if r.value and r.value[1:5] == LOST_SCHEMA_ID.to_bytes(4, "big")]
    assert 1 <= len(lost) <= 30


def test_two_messages_are_very_large():
    sizes = [len(record.value or b"") for record in tell(BY_NAME["zendesk-webhook-raw"], 500)]
    assert sum(size > 1_500_000 for size in sizes) == 2
    assert sum(sizes) < 6_000_000


def test_compacted_topics_have_tombstones():
    told = tell(BY_NAME["crm.customer-profile.v2"], 2_000)
    assert 20 <= sum(record.value is None for record in told) <= 160
    assert all(record.key for record in told)


def test_topics_about_one_order_join_on_its_ids_and_tell_it_at_about_one_time():
    orders = {
        json.loads(r.value[5:])["orderId"]: r
        for r in tell(BY_NAME["orders.orders.v4"], 800)
        if r.value and r.value.endswith(b"}")
    }
    created = tell(BY_NAME["orderService.orderCreated"], 800)
    joined = [(r, orders[r.key.decode()]) for r in created if r.key and r.key.decode() in orders]
    assert len(joined) > 400
    hours = [abs(a.timestamp_ms - b.timestamp_ms) / 3_600_000 for a, b in joined]
    assert max(hours) < 3


def test_events_of_a_topic_without_end_keep_their_character():
    topic = BY_NAME["fraud-alerts"]
    story = Story(topic, WORLD, Encoder(topic, {}), "live")
    onward = Onward(topic)
    live = [story.next(NOW, onward.next()) for _ in range(50)]
    assert all(record.timestamp_ms >= NOW.timestamp() * 1000 for record in live)
    assert all(json.loads(r.value).keys() == topic.events[0].fields.keys() for r in live[:5])


def test_what_is_told_on_is_of_new_orders_that_other_topics_tell_of_too():
    sound = replace(BY_NAME["orders.orders.v3"], defects=FLAWLESS)
    created = replace(BY_NAME["orderService.orderCreated"], defects=FLAWLESS)
    before = {record.key for topic in (sound, created) for record in tell(topic, 800)}

    def told_on(topic: Topic, told: int) -> list[bytes | None]:
        story = Story(topic, WORLD, Encoder(topic, ids_of(topic)), f"7:{told}")
        onward = Onward(topic, told)
        return [story.next(NOW, onward.next()).key for _ in range(2 * topic.count)]

    first, others = told_on(sound, sound.count), told_on(created, created.count)
    again = told_on(sound, 3 * sound.count)

    assert len(set(first)) == len(first)
    assert before.isdisjoint(first)
    assert len(set(first) & set(others)) > len(first) / 5
    assert set(first).isdisjoint(again)
