from __future__ import annotations

import gzip
import json
from uuid import UUID

import cbor2
import cramjam
import fastavro
import msgpack
import pytest

from core.decoding.decoded import FailureReason, Format, SchemaRef
from core.decoding.payload import MAX_REFERENCES, decode, referenced_schemas
from core.decoding.registered import RegisteredSchema, SchemaKind
from tests.unit.decoding.samples import (
    ORDER,
    avro,
    avro_schema,
    decoded,
    formats,
    frame,
    keyed,
    proto_schema,
    sample,
)

GUID = "5b8e7c3a-9a52-4cf1-8f0e-2a3b4c5d6e7f"


def reasons(batch):
    return [failure.reason for failure in batch.failures]


def test_objects_are_json_and_tombstones_and_keyless_messages_are_counted():
    batch = decoded(b'{"a": 1}', None, b'{"a": 2}')

    assert batch.values[0].values == ({"a": 1}, {"a": 2})
    assert (batch.messages, batch.tombstones, batch.unkeyed) == (3, 1, 3)
    assert (batch.bytes, batch.values[0].bytes) == (16, 16)


def test_avro_is_read_by_the_id_in_its_bytes():
    messages = sample(frame(7, avro(ORDER, {"id": 1, "note": "x"})))

    batch = decode(messages, {SchemaRef(id=7): avro_schema(7)})

    group = batch.values[0]
    assert (group.format, group.schema) == (Format.AVRO, SchemaRef(id=7))
    assert group.values == ({"id": 1, "note": "x"},)


def test_the_guid_in_the_headers_names_the_schema():
    ref = SchemaRef(guid=GUID)
    header = ("__value_schema_id", b"\x01" + UUID(GUID).bytes)
    messages = sample(avro(ORDER, {"id": 1, "note": None}), headers=(header,))
    registered = RegisteredSchema(ref, SchemaKind.AVRO, json.dumps(ORDER))

    assert referenced_schemas(messages) == {ref}
    batch = decode(messages, {ref: registered})
    assert batch.values[0].values == ({"id": 1, "note": None},)
    assert batch.header_names == {"__value_schema_id": 1}


def test_leftover_bytes_make_a_datum_broken():
    messages = sample(frame(7, avro(ORDER, {"id": 1, "note": None}) + b"x"))

    batch = decode(messages, {SchemaRef(id=7): avro_schema(7)})

    assert reasons(batch) == [FailureReason.BROKEN_PAYLOAD]


def test_messages_of_several_schemas_come_in_a_group_each():
    other = {"type": "record", "name": "Other", "fields": [{"name": "n", "type": "string"}]}
    messages = sample(
        frame(1, avro(ORDER, {"id": 1, "note": None})), frame(2, avro(other, {"n": "x"}))
    )
    schemas = {SchemaRef(id=1): avro_schema(1), SchemaRef(id=2): avro_schema(2, other)}

    assert {g.schema.id for g in decode(messages, schemas).values if g.schema} == {1, 2}


def test_protobuf_is_read_by_its_message_indexes():
    payment = b"\x0a\x01a\x10\x96\x01"
    refund = b"\x0a\x04late"
    messages = sample(frame(3, b"\x00" + payment), frame(3, b"\x04\x00\x00" + refund))

    batch = decode(messages, {SchemaRef(id=3): proto_schema(3)})

    by_type = {group.type_name: group.values for group in batch.values}
    assert by_type["shop.Payment"] == ({"id": "a", "cents": 150, "tags": []},)
    assert by_type["shop.Payment.Refund"] == ({"reason": "late"},)


@pytest.mark.parametrize(
    "payload", [b"", b"\x08", b"\x02\x08", b"\x00\x0a\x7f", b"\x00\xf8\x07\x01"]
)
def test_a_protobuf_message_that_is_none_is_broken(payload):
    batch = decode(sample(frame(3, payload)), {SchemaRef(id=3): proto_schema(3)})

    assert reasons(batch) == [FailureReason.BROKEN_PAYLOAD]


def test_framed_json_keeps_its_schema():
    registered = RegisteredSchema(SchemaRef(id=5), SchemaKind.JSON_SCHEMA, "{}")

    batch = decode(sample(frame(5, b'{"a":1}'), frame(5, b"{")), {SchemaRef(id=5): registered})

    assert (batch.values[0].format, batch.values[0].schema) == (Format.JSON_SCHEMA, SchemaRef(id=5))
    assert reasons(batch) == [FailureReason.BROKEN_PAYLOAD]


@pytest.mark.parametrize(
    ("schemas", "reason"),
    [
        ({SchemaRef(id=9): None}, FailureReason.UNKNOWN_SCHEMA),
        ({}, FailureReason.REGISTRY_UNREACHABLE),
    ],
)
def test_an_unknown_id_is_told_from_a_silent_registry(schemas, reason):
    batch = decode(sample(*[frame(9, b"\x02abc")] * 5), schemas)

    assert reasons(batch) == [reason] * 5
    assert batch.values == ()


def test_a_schema_that_cannot_be_used_fails_its_messages_only():
    broken = RegisteredSchema(SchemaRef(id=7), SchemaKind.AVRO, "{nonsense")

    batch = decode(sample(frame(7, b"\x02"), b'{"a":1}'), {SchemaRef(id=7): broken})

    assert reasons(batch) == [FailureReason.UNKNOWN_SCHEMA]
    assert formats(batch) == {Format.JSON: 1}


def test_bytes_that_happen_to_begin_with_zero_are_not_forced_into_frames():
    values = [b"\x00" + bytes([i, 7 * i % 256, 200, 201, 255, i]) for i in range(40)]

    batch = decode(sample(*values), dict.fromkeys(referenced_schemas(sample(*values))))

    assert formats(batch) == {Format.BINARY: 40}
    assert batch.failures == ()


def test_no_more_schemas_are_asked_for_than_the_bound():
    messages = sample(*[frame(i + 1, b"x") for i in range(500)])

    assert len(referenced_schemas(messages)) == MAX_REFERENCES


def test_cut_off_json_is_broken_where_json_dominates():
    batch = decoded(*[b'{"a": 1}'] * 9, b'{"a": ', b"", b"stray words")

    assert formats(batch) == {Format.JSON: 9, Format.TEXT: 1}
    assert reasons(batch) == [FailureReason.BROKEN_PAYLOAD] * 2


def test_log_lines_in_brackets_are_text():
    batch = decoded(*[b"[2024-01-01] INFO started"] * 6, b"[3] done")

    assert formats(batch) == {Format.TEXT: 7}


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([b"alpha", b"123", b"true", b"beta", b"gamma"], {Format.TEXT: 5}),
        ([b"1", b"2.5", b"3"], {Format.JSON: 3}),
        ([b'{"a":1}', b"123", b'{"a":2}'], {Format.JSON: 3}),
        ([b"1", b"2", b"00123", b"00124"], {Format.TEXT: 4}),
    ],
)
def test_an_ambiguous_value_follows_its_topic(values, expected):
    assert formats(decoded(*values)) == expected


def test_json_that_python_writes_is_read_with_nulls_for_nan():
    assert decoded(b'{"a": NaN, "b": -Infinity}').values[0].values == ({"a": None, "b": None},)


def test_json_in_other_encodings_is_read():
    values = (
        decoded(
            b'\xef\xbb\xbf{"a": 1}', '{"a": "ü"}'.encode("utf-16"), '{"a": "ü"}'.encode("cp1252")
        )
        .values[0]
        .values
    )

    assert values == ({"a": 1}, {"a": "ü"}, {"a": "ü"})


def test_each_line_of_json_is_a_record():
    group = decoded(b'{"a":1}\n{"a":2}\n', b'{"a":3}').values[0]

    assert (group.messages, group.values) == (2, ({"a": 1}, {"a": 2}, {"a": 3}))


def test_csv_takes_its_header_and_types_its_columns():
    rows = [f'{i},"Miller, {i}",0{i}1,1.5'.encode() for i in range(8)]

    group = decoded(b"id,name,zip,price", *rows).values[0]

    assert group.format is Format.CSV
    assert group.values[0] == {"id": 0, "name": "Miller, 0", "zip": "001", "price": 1.5}
    assert len(group.values) == 8


def test_rows_without_a_header_get_numbered_columns():
    group = decoded(*[f"{i};x;".encode() for i in range(6)]).values[0]

    assert group.values[3] == {"column_1": 3, "column_2": "x", "column_3": None}


@pytest.mark.parametrize(
    "line",
    [
        "Hello, this is message number {} of many",
        "2026-01-01 10:00:00,123 INFO [main] started in {} ms",
        "ts={}, level=info, message=started",
    ],
)
def test_lines_with_commas_that_separate_no_cells_are_text(line):
    assert formats(decoded(*[line.format(i).encode() for i in range(9)])) == {Format.TEXT: 9}


@pytest.mark.parametrize(
    ("pack", "written"), [(msgpack.packb, Format.MSGPACK), (cbor2.dumps, Format.CBOR)]
)
def test_packed_maps_are_read_and_cut_off_ones_counted(pack, written):
    whole = pack({"id": 1, "name": "abc"})

    batch = decoded(*[whole] * 5, whole[:-2])

    assert batch.values[0].format is written
    assert batch.values[0].values[0] == {"id": 1, "name": "abc"}
    assert reasons(batch) == [FailureReason.BROKEN_PAYLOAD]


def test_an_avro_container_gives_its_records(tmp_path):
    path = tmp_path / "orders.avro"
    with path.open("wb") as out:
        fastavro.writer(out, ORDER, [{"id": i, "note": None} for i in range(3)], codec="deflate")
    data = path.read_bytes()

    batch = decoded(data, data[:-20])

    assert batch.values[0].format is Format.AVRO_CONTAINER
    assert [value["id"] for value in batch.values[0].values] == [0, 1, 2]
    assert reasons(batch) == [FailureReason.BROKEN_PAYLOAD]


@pytest.mark.parametrize(
    "compress",
    [gzip.compress, cramjam.zstd.compress, cramjam.snappy.compress, cramjam.lz4.compress],
)
def test_compressed_values_are_expanded_but_bombs_are_not(compress):
    batch = decoded(bytes(compress(b'{"a": 1}')), bytes(compress(bytes(40_000_000))))

    assert batch.values[0].values == ({"a": 1},)
    assert reasons(batch) == [FailureReason.TOO_LARGE]


def test_keys_are_read_as_what_they_are():
    assert decode(keyed(b"sup-1", b"sup-2"), {}).keys[0].values == ("sup-1", "sup-2")
    longs = [(2**33 + i).to_bytes(8, "big") for i in range(3)]
    assert decode(keyed(*longs), {}).keys[0].values == (2**33, 2**33 + 1, 2**33 + 2)
    framed = keyed(frame(7, avro(ORDER, {"id": 4, "note": None})))
    keys = decode(framed, {SchemaRef(id=7): avro_schema(7)}).keys
    assert keys[0].values == ({"id": 4, "note": None},)


def test_failures_never_quote_the_data():
    batch = decode(
        sample(b'{"a": 1}', b'{"secret-value": ', frame(7, b"secret-value")),
        {SchemaRef(id=7): avro_schema(7)},
    )

    assert len(batch.failures) == 2
    assert not any("secret" in failure.detail for failure in batch.failures)
